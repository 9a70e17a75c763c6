import { z } from 'zod';
import type { Principal } from '../../domain/access/principal.ts';
import { AppError } from '../../kernel/error.ts';
import { customer } from '../../resources/customer.ts';
import { editSchema, patchOf } from '../../resources/schemas.ts';
import { DEFAULT_ACCOUNT, newUser, user, type UserRow } from '../../resources/user.ts';
import { defineMutator } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';
import type { Tx } from '../tx.ts';
import { fieldError } from './rules.ts';

type Managed = Pick<UserRow, 'role' | 'customers'>;

const isSystem = (principal: Principal): boolean => principal.role === 'system';

/** Whether nobody is managed here who sees more customers than the principal. */
function reaches({ scope }: Principal, { customers }: Managed): boolean {
  return scope === 'all' || (customers !== 'all' && customers.every((id) => scope.has(id)));
}

/** Only Super Admins manage Super Admins, and nobody grants more sight than he has. */
function requireMayGrant(principal: Principal, target: Managed): void {
  if (isSystem(principal)) return;
  if (target.role === 'super-admin' && principal.role !== 'super-admin') throw new AppError('refused', 'Only a Super Admin may manage a Super Admin.');
  if (!reaches(principal, target)) throw new AppError('refused', 'You may only manage users of your own customers.');
}

/** A user whom the principal may manage; one out of his reach does not exist for him. */
async function managed(tx: Tx, principal: Principal, id: string): Promise<UserRow> {
  const row = await tx.need(user, id);
  if (!isSystem(principal) && !reaches(principal, row)) throw notFound(user, id);
  requireMayGrant(principal, row);
  return row;
}

/** A person becomes active with a password, by the one-time code; nobody goes back to being invited. */
function checkStatus(principal: Principal, from: UserRow['status'], to: UserRow['status']): void {
  if (isSystem(principal) || from === to) return;
  if (to === 'invited') throw fieldError('status', 'A user who was active is not invited again. Issue a code instead.');
  if (from === 'invited' && to !== 'disabled') throw fieldError('status', 'An invited user becomes active by the activation code. Issue a new one where it is lost.');
}

async function requireCustomers(tx: Tx, customers: UserRow['customers']): Promise<void> {
  if (customers === 'all') return;
  for (const id of customers) {
    if ((await tx.get(customer, id)) === undefined) throw fieldError('customers', 'A chosen customer does not exist any more. Choose again.');
  }
}

const mayAdminister = (row: UserRow | undefined): boolean => row?.role === 'super-admin' && row.status === 'active';

/** Refuses what takes the last Super Admin who can sign in; `before` and `after` are the row that changes. */
async function keepOneSuperAdmin(tx: Tx, before: UserRow, after: UserRow | undefined): Promise<void> {
  if (!mayAdminister(before) || mayAdminister(after)) return;
  if ((await tx.find(user, { role: 'super-admin', status: 'active' }, { limit: 1 })).length > 0) return;
  throw new AppError('refused', 'This is the last Super Admin. Make another one first.');
}

/** A new user is invited; the product itself (the demo) also makes users who are active at once. */
export const createUser = defineMutator({
  name: 'user.create',
  args: z.strictObject({ id: z.uuid().optional(), values: newUser, status: user.fields.status.schema.optional() }),
  access: 'users.manage',
  label: 'Added a user',
  async run(tx, { id, values, status }, context) {
    requireMayGrant(context.principal, values);
    await requireCustomers(tx, values.customers);
    const row = await tx.insert(user, id ?? context.newId(), { ...values, status: (isSystem(context.principal) ? status : undefined) ?? 'invited' });
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
    await tx.insert(user, id, { email, name, misRole: 'ADMIN', role: 'super-admin', account: DEFAULT_ACCOUNT, customers: 'all', status: 'active' });
    return { id };
  },
});

export const updateUser = defineMutator({
  name: 'user.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(user) }),
  access: 'users.manage',
  label: 'Changed a user',
  async run(tx, { id, edit }, { principal }) {
    const before = await managed(tx, principal, id);
    const row = await tx.update(user, id, patchOf<typeof user.fields>(edit));
    requireMayGrant(principal, row);
    checkStatus(principal, before.status, row.status);
    if (edit.set.customers !== undefined) await requireCustomers(tx, row.customers);
    await keepOneSuperAdmin(tx, before, row);
    return { id, revision: row.revision };
  },
});

export const deleteUser = defineMutator({
  name: 'user.delete',
  args: z.strictObject({ id: z.uuid() }),
  access: 'users.manage',
  label: 'Deleted a user',
  async run(tx, { id }, { principal }) {
    const before = await managed(tx, principal, id);
    await tx.delete(user, id);
    await keepOneSuperAdmin(tx, before, undefined);
    return { id };
  },
});
