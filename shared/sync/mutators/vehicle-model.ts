import { z } from 'zod';
import { product } from '../../resources/product.ts';
import { createSchema, editSchema, patchOf } from '../../resources/schemas.ts';
import { vehicleModel } from '../../resources/vehicle-model.ts';
import { defineMutator } from '../mutator.ts';
import { refuseWhileUsed, requireFullScope } from './rules.ts';

export const createVehicleModel = defineMutator({
  name: 'vehicle-model.create',
  args: z.strictObject({ id: z.uuid().optional(), values: createSchema(vehicleModel) }),
  access: 'admin.write',
  label: 'Added a vehicle model',
  async run(tx, { id, values }, context) {
    requireFullScope(context.principal);
    const row = await tx.insert(vehicleModel, id ?? context.newId(), values);
    return { id: row.id };
  },
});

export const updateVehicleModel = defineMutator({
  name: 'vehicle-model.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(vehicleModel) }),
  access: 'admin.write',
  label: 'Changed a vehicle model',
  async run(tx, { id, edit }, { principal }) {
    requireFullScope(principal);
    const row = await tx.update(vehicleModel, id, patchOf<typeof vehicleModel.fields>(edit));
    return { id, revision: row.revision };
  },
});

export const deleteVehicleModel = defineMutator({
  name: 'vehicle-model.delete',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Deleted a vehicle model',
  async run(tx, { id }, { principal }) {
    requireFullScope(principal);
    await refuseWhileUsed(tx, vehicleModel, product, { modelId: id });
    await tx.delete(vehicleModel, id);
    return { id };
  },
});
