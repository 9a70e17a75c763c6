import type { ResourceOption, ResourceQuery, ResourceRow } from '#shared/contract/resource.ts';
import { ROLES } from '#shared/domain/access/permissions.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { fieldOf } from '#shared/resources/define-resource.ts';
import { searchText } from '#shared/resources/normalise.ts';
import { listedUser, type UserRow } from '#shared/resources/user.ts';
import type { SignInState } from '#core/store/operations/local/access-reads.ts';

export type ListedUser = ResourceRow<typeof listedUser.fields>;

/** How `all` is called where customers are chosen. */
export const ALL_CUSTOMERS: ResourceOption = { value: 'all', label: 'ALL' };

/** Whom a user may see, by name, for those who know these names; an unknown customer is counted and not named. */
export function customersInWords(customers: UserRow['customers'], names: ReadonlyMap<string, string>): string {
  if (customers === 'all') return ALL_CUSTOMERS.label;
  const known = customers.flatMap((id) => names.get(id) ?? []).sort((a, b) => a.localeCompare(b, 'en'));
  return [...known, ...(known.length < customers.length ? [`+${customers.length - known.length}`] : [])].join(', ');
}

/** A user as the list shows him. */
export function listedRow(row: UserRow, state: SignInState | undefined, names: ReadonlyMap<string, string>): ListedUser {
  const { id, revision, createdAt, updatedAt, ...values } = row;
  const { lastSignInAt: lastSignIn, sessions = 0, secondFactor = false, codeUntil } = state ?? {};
  const customers = values.customers === 'all' ? ('all' as const) : [...values.customers];
  return {
    id, revision, createdAt, updatedAt, joined: {},
    values: { ...values, customers, customerNames: customersInWords(values.customers, names), sessions, secondFactor, ...(lastSignIn === undefined ? {} : { lastSignIn }), ...(codeUntil === undefined ? {} : { codeUntil }) },
  };
}

const SEARCHED = ['email', 'name', 'account', 'customerNames'] as const;

/** What a column is ordered by: text in its normal form, choices by their label. */
function sortValue({ values }: ListedUser, key: string): string | number | undefined {
  const field = fieldOf(listedUser, key);
  const value = (values as Readonly<Record<string, unknown>>)[key];
  if (value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  return searchText(field.values?.find((entry) => entry.value === value)?.label ?? String(value));
}

function compare(a: string | number | undefined, b: string | number | undefined, sign: number): number {
  if (a === b) return 0;
  // Empty values come last in either direction.
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -sign : sign;
}

/**
 * The users that match, in order, ties broken by id. Users are few, and what is searched and sorted is partly not in their rows, so it is done
 * here and not in SQL. Throws AppError invalid-input for an unknown column.
 */
export function matchingUsers(users: readonly ListedUser[], { filter = {}, range = {}, search = '', sort = listedUser.sort }: ResourceQuery): readonly ListedUser[] {
  const unknown = [...Object.keys(filter), ...Object.keys(range), ...(sort === undefined ? [] : [sort.column])].find((key) => !Object.hasOwn(listedUser.fields, key));
  if (unknown !== undefined) throw new AppError('invalid-input', `There is no column "${unknown}".`, { column: unknown });
  const term = searchText(search);
  const found = users.filter(({ values }) => {
    const own = values as Readonly<Record<string, unknown>>;
    if (!Object.entries(filter).every(([key, wanted]) => (wanted as readonly unknown[]).includes(own[key]))) return false;
    const within = Object.entries(range).every(([key, { from, to }]) => {
      const value = own[key];
      return typeof value === 'number' && (from === undefined || value >= from) && (to === undefined || value < to);
    });
    if (!within) return false;
    if (term === '') return true;
    return [...SEARCHED.map((key) => values[key] ?? ''), ROLES[values.role].label].some((text) => searchText(text).includes(term));
  });
  const sign = sort?.direction === 'desc' ? -1 : 1;
  return found.sort((a, b) => (sort === undefined ? 0 : compare(sortValue(a, sort.column), sortValue(b, sort.column), sign)) || (a.id < b.id ? -1 : 1));
}

/** Choices for a field of a user: fixed ones; the customers that the principal may give, and all of them where he sees all; else what occurs among the users he sees. */
export function userOptions(principal: Principal, known: { readonly users: readonly ListedUser[]; readonly customers: readonly { readonly customerId: string; readonly name: string }[] }, query: { readonly field: string; readonly search?: string | undefined; readonly ids?: readonly string[] | undefined; readonly limit: number }): { options: ResourceOption[]; more: boolean } {
  if (!Object.hasOwn(listedUser.fields, query.field)) throw new AppError('invalid-input', `There is no column "${query.field}".`, { column: query.field });
  const { values } = fieldOf(listedUser, query.field);
  if (values !== undefined) return { options: values.map(({ value, label }) => ({ value, label })), more: false };
  const used = (): readonly string[] => [...new Set(known.users.map((one) => (one.values as Readonly<Record<string, unknown>>)[query.field]).filter((value) => typeof value === 'string'))].sort();
  const all = query.field === 'customers' ? [...(principal.scope === 'all' ? [ALL_CUSTOMERS] : []), ...known.customers.map(({ customerId, name }) => ({ value: customerId, label: name }))] : used().map((value) => ({ value, label: value }));
  const term = searchText(query.search ?? '');
  const found = all.filter(({ value, label }) => (query.ids === undefined || query.ids.includes(value)) && searchText(label).includes(term));
  return { options: found.slice(0, query.limit), more: found.length > query.limit };
}
