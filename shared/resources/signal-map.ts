import { z } from 'zod';
import { defineResource, type RowOf } from './define-resource.ts';
import { json, text } from './field.ts';

/** Which parameter of the catalogue a DBC signal is, and its raw values that mean "not available". */
export const mappedSignal = z.strictObject({
  message: z.string().min(1).max(200),
  signal: z.string().min(1).max(200),
  /** Key of the parameter. */
  parameter: z.string().min(1).max(64),
  notAvailable: z.array(z.number()).max(16).optional(),
});
export type MappedSignal = z.infer<typeof mappedSignal>;

/** A signal map by its name; one that the product has under the same name is replaced by it. */
export const signalMap = defineResource({
  name: 'signal-map',
  label: { one: 'Signal map', many: 'Signal maps' },
  title: 'name',
  fields: {
    name: text({ label: 'Name', max: 100, mandatory: 'always', unique: 'text', fixed: true }),
    signals: json({ label: 'Signals', schema: z.array(mappedSignal).max(20_000), mandatory: 'always' }),
  },
  scope: 'none',
  permissions: { read: 'admin.read', write: 'admin.write' },
  sort: { column: 'name', direction: 'asc' },
  history: 'fields',
});

export type SignalMapRow = RowOf<typeof signalMap.fields>;
