import { instant, reference, text } from './field.ts';
import { defineResource, type RowOf } from './define-resource.ts';

/** That a vehicle is in the workshop: until when its alerts but the thermal critical ones are muted. Its id belongs to the vehicle. */
export const workshopStay = defineResource({
  name: 'workshop-stay',
  label: { one: 'Workshop mode', many: 'Workshop modes' },
  title: 'reason',
  fields: {
    vehicleId: reference({ label: 'Vehicle', to: 'product', mandatory: 'always', unique: 'exact', fixed: true, whenDeleted: 'keep' }),
    until: instant({ label: 'Until', mandatory: 'always' }),
    reason: text({ label: 'Reason', max: 500, mandatory: 'always' }),
    setBy: text({ label: 'By', mandatory: 'always' }),
  },
  // Read and written by vehicle, which has the scope.
  scope: 'none',
  permissions: { read: 'fleet.read' },
});

export type WorkshopStay = RowOf<typeof workshopStay.fields>;
