import { z } from 'zod';
import { defineResource, type RowOf } from './define-resource.ts';
import { choice, json, text } from './field.ts';

/** Which DBC file decodes a bus of this model, for which unit software, from when (docs/protocols/telemetry.md, Decoding). */
export const dbcAssignment = z.strictObject({
  bus: z.number().int().min(0).max(255),
  /** Name of the file's content (shared/domain/telemetry/dbc/hash.ts): `sha256:` and the digest in lower-case hex. */
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and a digest in hex.'),
  fileName: z.string().min(1).max(200),
  /** Name of the signal map that says which parameter each signal is. */
  signalMap: z.string().max(100).optional(),
  /** Unit software it holds for, both ends included; absent: any. */
  softwareFrom: z.string().max(60).optional(),
  softwareTo: z.string().max(60).optional(),
  /** Event times it holds for, epoch ms, `validTo` excluded; absent: always. */
  validFrom: z.number().int().optional(),
  validTo: z.number().int().optional(),
});
export type DbcAssignment = z.infer<typeof dbcAssignment>;

/** A kind of vehicle: what decodes its buses and which batteries it takes. */
export const vehicleModel = defineResource({
  name: 'vehicle-model',
  label: { one: 'Vehicle model', many: 'Vehicle models' },
  title: 'name',
  fields: {
    name: text({ label: 'Model', max: 80, mandatory: 'always', unique: 'text', searchable: true }),
    wheels: choice({ label: 'Category', values: [{ value: '2W', label: 'Two-wheeler' }, { value: '3W', label: 'Three-wheeler' }], mandatory: 'always' }),
    batteryModels: json({ label: 'Battery models', schema: z.array(z.string().trim().min(1).max(60)).max(50), mandatory: 'always' }),
    dbc: json({ label: 'DBC files', schema: z.array(dbcAssignment).max(50), mandatory: 'always', merge: 'strict' }),
    firmwareLine: text({ label: 'Firmware line', max: 60, searchable: true }),
  },
  scope: 'all',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['name', 'wheels', 'firmwareLine'],
  form: { add: ['name', 'wheels', 'batteryModels', 'dbc', 'firmwareLine'], edit: ['name', 'wheels', 'batteryModels', 'dbc', 'firmwareLine'] },
  details: [{ title: 'Model', fields: ['name', 'wheels', 'batteryModels', 'dbc', 'firmwareLine'] }],
  sort: { column: 'name', direction: 'asc' },
});

export type VehicleModelRow = RowOf<typeof vehicleModel.fields>;
