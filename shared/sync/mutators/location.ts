import { z } from 'zod';
import { customer } from '../../resources/customer.ts';
import { location } from '../../resources/location.ts';
import { sale } from '../../resources/sale.ts';
import { createSchema, editSchema, patchOf } from '../../resources/schemas.ts';
import { defineMutator } from '../mutator.ts';
import { refuseWhileUsed, requireFullScope } from './rules.ts';

export const createLocation = defineMutator({
  name: 'location.create',
  args: z.strictObject({ id: z.uuid().optional(), values: createSchema(location) }),
  access: 'admin.write',
  label: 'Added a location',
  async run(tx, { id, values }, context) {
    requireFullScope(context.principal);
    const row = await tx.insert(location, id ?? context.newId(), values);
    return { id: row.id };
  },
});

export const updateLocation = defineMutator({
  name: 'location.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(location) }),
  access: 'admin.write',
  label: 'Changed a location',
  async run(tx, { id, edit }, { principal }) {
    requireFullScope(principal);
    const row = await tx.update(location, id, patchOf<typeof location.fields>(edit));
    return { id, revision: row.revision };
  },
});

export const deleteLocation = defineMutator({
  name: 'location.delete',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Deleted a location',
  async run(tx, { id }, { principal }) {
    requireFullScope(principal);
    await refuseWhileUsed(tx, location, sale, { locationId: id });
    await refuseWhileUsed(tx, location, customer, { locationId: id });
    await tx.delete(location, id);
    return { id };
  },
});
