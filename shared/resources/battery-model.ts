import { defineResource, type RowOf } from './define-resource.ts';
import { choice, integer, number, text } from './field.ts';

export const CHEMISTRIES = [
  { value: 'LFP', label: 'LFP' },
  { value: 'NMC', label: 'NMC' },
  { value: 'NCA', label: 'NCA' },
  { value: 'LTO', label: 'LTO' },
  { value: 'Lead-acid', label: 'Lead-acid' },
] as const;

/** A kind of battery pack. Vehicle models name those they take, products the one they have; hence its name is fixed. */
export const batteryModel = defineResource({
  name: 'battery-model',
  label: { one: 'Battery model', many: 'Battery models' },
  title: 'name',
  fields: {
    name: text({ label: 'Battery Model', max: 60, help: 'Such as 52-AH - Urban.', mandatory: 'always', unique: 'text', searchable: true, fixed: true }),
    chemistry: choice({ label: 'Chemistry', values: CHEMISTRIES }),
    nominalVoltage: number({ label: 'Nominal voltage', unit: 'V', min: 1, max: 1000 }),
    capacity: number({ label: 'Capacity', unit: 'Ah', min: 0.1, max: 2000 }),
    cells: integer({ label: 'Cells in series', min: 1, max: 400 }),
    temperatures: integer({ label: 'Temperature sensors', min: 1, max: 100 }),
  },
  scope: 'all',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['name', 'chemistry', 'nominalVoltage', 'capacity', 'cells', 'temperatures'],
  form: { add: ['name', 'chemistry', 'nominalVoltage', 'capacity', 'cells', 'temperatures'], edit: ['chemistry', 'nominalVoltage', 'capacity', 'cells', 'temperatures'] },
  details: [{ title: 'Battery model', fields: ['name', 'chemistry', 'nominalVoltage', 'capacity', 'cells', 'temperatures'] }],
  filters: ['chemistry'],
  sort: { column: 'name', direction: 'asc' },
  exchange: { name: 'Battery Model', chemistry: 'Chemistry', nominalVoltage: 'Nominal Voltage', capacity: 'Capacity', cells: 'Cells', temperatures: 'Temperature Sensors' },
});

export type BatteryModelRow = RowOf<typeof batteryModel.fields>;
