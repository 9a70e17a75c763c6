import { z } from 'zod';
import { inScope } from '../../domain/access/principal.ts';
import { AppError } from '../../kernel/error.ts';
import { customer } from '../../resources/customer.ts';
import { location } from '../../resources/location.ts';
import { sale } from '../../resources/sale.ts';
import { createSchema, editSchema, patchOf } from '../../resources/schemas.ts';
import { user } from '../../resources/user.ts';
import { defineMutator } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';
import { refuseWhileUsed, requireFullScope, requireReference } from './rules.ts';

export const createCustomer = defineMutator({
  name: 'customer.create',
  args: z.strictObject({ id: z.uuid().optional(), values: createSchema(customer) }),
  access: 'admin.write',
  label: 'Added a customer',
  async run(tx, { id, values }, context) {
    requireFullScope(context.principal);
    await requireReference(tx, 'locationId', location, values.locationId);
    const row = await tx.insert(customer, id ?? context.newId(), values);
    return { id: row.id };
  },
});

export const updateCustomer = defineMutator({
  name: 'customer.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(customer) }),
  access: 'admin.write',
  label: 'Changed a customer',
  async run(tx, { id, edit }, { principal }) {
    if (!inScope(principal.scope, id)) throw notFound(customer, id);
    await requireReference(tx, 'locationId', location, edit.set.locationId);
    const row = await tx.update(customer, id, patchOf<typeof customer.fields>(edit));
    return { id, revision: row.revision };
  },
});

export const deleteCustomer = defineMutator({
  name: 'customer.delete',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Deleted a customer',
  async run(tx, { id }, { principal }) {
    requireFullScope(principal);
    await refuseWhileUsed(tx, customer, sale, { customerId: id });
    const users = await tx.find(user, {});
    const limited = users.find((row) => row.customers !== 'all' && row.customers.includes(id));
    if (limited !== undefined) throw new AppError('refused', `User ${limited.email} is limited to this customer. Change that user first.`, { resource: 'customer', usedBy: 'user', usedById: limited.id });
    await tx.delete(customer, id);
    return { id };
  },
});
