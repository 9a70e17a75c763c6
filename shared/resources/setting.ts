import { z } from 'zod';
import { defineResource, type RowOf } from './define-resource.ts';
import { json, text } from './field.ts';

/** A setting of the installation. Secrets are never settings: they live in the secret store. */
export const setting = defineResource({
  name: 'setting',
  label: { one: 'Setting', many: 'Settings' },
  title: 'key',
  fields: {
    key: text({ label: 'Setting', max: 100, mandatory: 'always', unique: 'exact', fixed: true }),
    value: json({ label: 'Value', schema: z.json(), mandatory: 'always' }),
  },
  scope: 'none',
  permissions: { read: 'settings.read', write: 'settings.manage' },
});

export type SettingRow = RowOf<typeof setting.fields>;
