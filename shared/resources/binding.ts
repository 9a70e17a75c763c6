import { defineResource, type RowOf } from './define-resource.ts';
import { instant, reference } from './field.ts';

/**
 * Which unit was in which vehicle, from when to when (`validTo` excluded; absent: still). Telemetry is keyed by unit, so a vehicle's
 * history is resolved through its bindings. Bindings of one unit never overlap, nor do those of one vehicle.
 */
export const binding = defineResource({
  name: 'binding',
  label: { one: 'Binding', many: 'Bindings' },
  title: 'unitId',
  fields: {
    unitId: reference({ label: 'Unit', to: 'unit', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    vehicleId: reference({ label: 'Vehicle', to: 'product', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    validFrom: instant({ label: 'From', mandatory: 'always', merge: 'strict' }),
    validTo: instant({ label: 'To', merge: 'strict' }),
  },
  scope: 'none',
  permissions: { read: 'admin.read' },
  sort: { column: 'validFrom', direction: 'desc' },
});

export type BindingRow = RowOf<typeof binding.fields>;
