import { z } from 'zod';
import { FIRST_ADDITIONAL_NUMBER, LAST_NUMBER, PARAMETER_GROUPS, PARAMETER_KEY_PATTERN } from '../domain/telemetry/catalogue/entry.ts';
import { defineResource, type RowOf } from './define-resource.ts';
import { choice, integer, json, number, text } from './field.ts';

const anyNumber = { min: -1e12, max: 1e12 };

/**
 * A parameter that the installation added to the catalogue (numbers from 4096), or, below, the normal range it gave to one of the
 * product's. Numbers are never used again: records on disk name parameters by them.
 */
export const parameter = defineResource({
  name: 'parameter',
  label: { one: 'Parameter', many: 'Parameters' },
  title: 'label',
  fields: {
    number: integer({ label: 'Number', min: 1, max: LAST_NUMBER, mandatory: 'always', fixed: true, help: `From ${FIRST_ADDITIONAL_NUMBER}; never changed and never used again.` }),
    key: text({ label: 'Key', max: 64, pattern: PARAMETER_KEY_PATTERN, hint: 'Letters and digits, a letter first.', mandatory: 'always', unique: 'exact', fixed: true, searchable: true }),
    label: text({ label: 'Label', max: 80, mandatory: 'always', searchable: true }),
    unit: text({ label: 'Unit of measure', max: 12 }),
    unitGroup: choice({ label: 'Unit of the vehicle', values: PARAMETER_GROUPS.map((value) => ({ value, label: value })), mandatory: 'always' }),
    kind: choice({ label: 'Kind', values: [{ value: 'number', label: 'Measured value' }, { value: 'state', label: 'State' }, { value: 'flag', label: 'Flag' }], mandatory: 'always', fixed: true }),
    decimals: integer({ label: 'Decimals', min: 0, max: 6, mandatory: 'always' }),
    min: number({ label: 'Normal from', ...anyNumber }),
    max: number({ label: 'Normal to', ...anyNumber }),
    deadBand: number({ label: 'Dead-band', min: 0, max: 1e9, mandatory: 'always', help: 'A change up to this much is not stored before the period ends; 0 stores every change.' }),
    storagePeriod: integer({ label: 'Stored at least every', unit: 'ms', min: 1000, max: 3_600_000, mandatory: 'always' }),
    choices: json({ label: 'Words for its values', schema: z.record(z.string().regex(/^-?\d{1,12}$/, 'Raw values are whole numbers.'), z.string().trim().min(1).max(60)) }),
    vss: text({ label: 'COVESA VSS path', max: 200 }),
  },
  scope: 'none',
  permissions: { read: 'admin.read', write: 'admin.write' },
  sort: { column: 'key', direction: 'asc' },
});

export type ParameterRow = RowOf<typeof parameter.fields>;
