import { z } from 'zod';
import type { Principal } from '../../domain/access/principal.ts';
import { AppError } from '../../kernel/error.ts';
import { customer } from '../../resources/customer.ts';
import { createSchema, editSchema, patchOf } from '../../resources/schemas.ts';
import { user, type UserRow } from '../../resources/user.ts';
import { defineMutator } from '../mutator.ts';
import type { Tx } from '../tx.ts';
import { fieldError } from './rules.ts';

type Managed = Pick<UserRow, 'role' | 'customers'>;

/** Only Super Admins manage Super Admins, and nobody manages users who see more customers than himself. */
function requireMayManage(principal: Principal, target: Managed): void {
  if (principal.role === 'system') return;
  if (target.role === 'super-admin' && principal.role !== 'super-admin') throw new AppError('refused', 'Only a Super Admin may manage a Super Admin.');
  const { scope } = principal;
  if (scope === 'all') return;
  const within = target.customers !== 'all' && target.customers.every((id) => scope.has(id));
  if (!within) throw new AppError('refused', 'You may only manage users of your own customers.');
}

async function requireCustomers(tx: Tx, customers: UserRow['customers']): Promise<void> {
  if (customers === 'all') return;
  for (const id of customers) {
    if ((await tx.get(customer, id)) === undefined) throw fieldError('customers', 'A chosen customer does not exist any more. Choose again.');
  }
}

async function keepOneSuperAdmin(tx: Tx): Promise<void> {
  const left = await tx.find(user, { role: 'super-admin' });
  if (left.some((row) => row.status === 'active' || row.status === 'invited')) return;
  throw new AppError('refused', 'This is the last Super Admin. Make another one first.');
}

export const createUser = defineMutator({
  name: 'user.create',
  args: z.strictObject({ id: z.uuid().optional(), values: createSchema(user) }),
  access: 'users.manage',
  label: 'Added a user',
  async run(tx, { id, values }, context) {
    requireMayManage(context.principal, values);
    await requireCustomers(tx, values.customers);
    const row = await tx.insert(user, id ?? context.newId(), values);
    return { id: row.id };
  },
});

/** The first Super Admin of a workspace; refused once a user exists. */
export const createFirstUser = defineMutator({
  name: 'user.create-first',
  args: z.strictObject({ id: z.uuid(), email: user.fields.email.schema, name: user.fields.name.schema }),
  access: 'system',
  label: 'Made the first Super Admin',
  async run(tx, { id, email, name }) {
    if ((await tx.find(user, {}, { limit: 1 })).length > 0) throw new AppError('refused', 'This workspace has users already. Sign in, or ask an administrator for a code.');
    await tx.insert(user, id, { email, name, misRole: 'ADMIN', role: 'super-admin', account: 'Command Centre', customers: 'all', status: 'active' });
    return { id };
  },
});

export const updateUser = defineMutator({
  name: 'user.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(user) }),
  access: 'users.manage',
  label: 'Changed a user',
  async run(tx, { id, edit }, { principal }) {
    requireMayManage(principal, await tx.need(user, id));
    const row = await tx.update(user, id, patchOf<typeof user.fields>(edit));
    requireMayManage(principal, row);
    if (edit.set.customers !== undefined) await requireCustomers(tx, row.customers);
    await keepOneSuperAdmin(tx);
    return { id, revision: row.revision };
  },
});

export const deleteUser = defineMutator({
  name: 'user.delete',
  args: z.strictObject({ id: z.uuid() }),
  access: 'users.manage',
  label: 'Deleted a user',
  async run(tx, { id }, { principal }) {
    requireMayManage(principal, await tx.need(user, id));
    await tx.delete(user, id);
    await keepOneSuperAdmin(tx);
    return { id };
  },
});
