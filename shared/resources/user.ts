import { z } from 'zod';
import { ROLES, type Role } from '../domain/access/permissions.ts';
import { defineResource, type RowOf, type ValuesOf } from './define-resource.ts';
import { choice, email, instant, integer, json, text, yesNo } from './field.ts';
import { createSchema } from './schemas.ts';

const ROLE_VALUES = (Object.keys(ROLES) as Role[]).map((value) => ({ value, label: ROLES[value].label }));

/** All customers, or the ids of those whose vehicles the user may see. */
export const customerScope = z.union([z.literal('all'), z.array(z.uuid()).min(1, 'Choose at least one customer.').max(1000)]);

/** The user account of the portal that new users are of. */
export const DEFAULT_ACCOUNT = 'Command Centre';

/** A person who signs in. Credentials have a table of their own and are never part of this row. */
export const user = defineResource({
  name: 'user',
  table: 'app_user',
  label: { one: 'User', many: 'Users' },
  title: 'email',
  fields: {
    email: email({ label: 'User Name', help: 'The e-mail address.', mandatory: 'always', unique: 'email', searchable: true }),
    name: text({ label: 'Name', max: 100, mandatory: 'always', searchable: true }),
    misRole: choice({ label: 'MIS Role', values: [{ value: 'ADMIN', label: 'ADMIN' }, { value: 'USER', label: 'USER' }], mandatory: 'always' }),
    role: choice({ label: 'Role', values: ROLE_VALUES, mandatory: 'always', merge: 'strict' }),
    account: text({ label: 'User Account', max: 100, mandatory: 'always', searchable: true, offered: [DEFAULT_ACCOUNT] }),
    customers: json({ label: 'Customers', schema: customerScope, mandatory: 'always', merge: 'strict' }),
    status: choice({
      label: 'Status',
      values: [
        { value: 'invited', label: 'Invited' },
        { value: 'active', label: 'Active' },
        { value: 'locked', label: 'Locked' },
        { value: 'disabled', label: 'Disabled' },
      ],
      mandatory: 'always',
    }),
  },
  scope: 'none',
  permissions: { read: 'users.read', write: 'users.manage' },
  grid: ['email', 'name', 'misRole', 'role', 'account', 'status'],
  form: { add: ['email', 'name', 'misRole', 'role', 'account', 'customers'], edit: ['email', 'name', 'misRole', 'role', 'account', 'customers', 'status'] },
  details: [{ title: 'User', fields: ['email', 'name', 'misRole', 'role', 'account', 'customers', 'status'] }],
  filters: ['role', 'status'],
  sort: { column: 'email', direction: 'asc' },
});

type NewUser = Omit<ValuesOf<typeof user.fields>, 'status'>;
/** What the form for a new user asks: everything but the status. */
export const newUser = createSchema(user) as unknown as z.ZodType<NewUser, NewUser>;

/** What the page of users shows: the row, whom the user may see by name, and how the user stands with signing in. Only `user` is stored. */
export const listedUser = defineResource({
  name: user.name,
  table: user.table,
  label: user.label,
  title: 'email',
  fields: {
    ...user.fields,
    customers: { ...user.fields.customers, to: 'customer' },
    customerNames: text({ label: 'Customers', max: 200_000 }),
    lastSignIn: instant({ label: 'Last sign-in' }),
    sessions: integer({ label: 'Open sessions', min: 0, max: 1_000_000 }),
    secondFactor: yesNo({ label: 'Second factor' }),
    codeUntil: instant({ label: 'One-time code until' }),
  },
  scope: 'none',
  permissions: { read: 'users.read', write: 'users.manage' },
  grid: ['email', 'name', 'misRole', 'role', 'account', 'customerNames', 'status', 'lastSignIn'],
  form: { add: ['email', 'name', 'misRole', 'role', 'account', 'customers'], edit: ['email', 'name', 'misRole', 'role', 'account', 'customers', 'status'] },
  details: [
    { title: 'User', fields: ['name', 'misRole', 'role', 'account', 'customerNames'] },
    { title: 'Sign-in', fields: ['status', 'lastSignIn', 'secondFactor', 'codeUntil'] },
  ],
  filters: ['role', 'misRole', 'status'],
  sort: { column: 'email', direction: 'asc' },
});

export type UserRow = RowOf<typeof user.fields>;
