import { z } from 'zod';
import { defineResource, type RowOf } from './define-resource.ts';
import { json, reference, text } from './field.ts';

/** One of a user's own choices: columns, theme, filters. Its id belongs to user and key; only its owner reads and writes it. */
export const preference = defineResource({
  name: 'preference',
  label: { one: 'Preference', many: 'Preferences' },
  title: 'key',
  fields: {
    userId: reference({ label: 'User', to: 'user', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    key: text({ label: 'Preference', max: 100, mandatory: 'always', fixed: true }),
    value: json({ label: 'Value', schema: z.json(), mandatory: 'always', withheld: true }),
  },
  scope: 'none',
  permissions: { read: 'fleet.read' },
  history: 'fields',
});

export type PreferenceRow = RowOf<typeof preference.fields>;
