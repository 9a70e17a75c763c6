import type { CustomerScope } from '../domain/access/principal.ts';
import { AppError } from '../kernel/error.ts';
import { keyColumn, patchedRow, togetherKey } from '../resources/columns.ts';
import { fieldOf, type Fields, type PatchOf, type Resource, type RowOf, type ValuesOf } from '../resources/define-resource.ts';
import { uniqueKey } from '../resources/normalise.ts';
import { resourceNamed } from '../resources/registry.ts';
import { changedFields, describeFields, type RowChange } from './change.ts';
import { rowInScope } from './scope.ts';
import type { RowStore, Tx } from './tx.ts';

/** More rows than any mutator should look at; a find that reaches it is a programming error. */
const FIND_LIMIT = 10_000;

export interface TrackedTx extends Tx {
  /** The changes so far, in order. */
  readonly changes: readonly RowChange[];
}

type Values = Readonly<Record<string, unknown>>;

/**
 * A Tx over a store that keeps revisions, refuses values which another row has, applies the merge policy against `basedOn`
 * (revision of a row that the author saw, by `resource:id`) and records every change. A row beyond `scope` that has a value is not named.
 */
export function trackedTx(store: RowStore, options: { readonly now: number; readonly basedOn: Readonly<Record<string, number>>; readonly scope?: CustomerScope }): TrackedTx {
  const changes: RowChange[] = [];

  async function need<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F>> {
    const row = await store.get(resource, id);
    if (row === undefined) throw notFound(resource, id);
    return row;
  }

  async function refuse(resource: Resource, id: string, column: string, value: string, label: string, field: string): Promise<void> {
    const owner = await store.findByColumn(resource, column, value);
    if (owner === undefined || owner.id === id) return;
    const seen = await rowInScope({ get: (of, key) => store.get(of, key), find: (of, where) => store.find(of, where, 1) }, resource, owner, options.scope ?? 'all');
    if (!seen) throw new AppError('not-unique', `${label} already belongs to a ${resource.label.one.toLowerCase()} that you may not see. Enter another, or ask an administrator.`, { resource: resource.name, field });
    const name = await nameOf(store, resource, owner);
    if (field === resource.title) throw new AppError('not-unique', `Another ${resource.label.one.toLowerCase()} has ${name} already. Enter a different one.`, { resource: resource.name, field, ownerId: owner.id, owner: name });
    throw new AppError('not-unique', `${label} already belongs to ${name}. Enter another, or change ${name} first.`, { resource: resource.name, field, ownerId: owner.id, owner: name });
  }

  async function checkUnique(resource: Resource, id: string, values: Values, keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const field = fieldOf(resource, key);
      const value = values[key];
      if (field.unique === undefined || value === undefined) continue;
      await refuse(resource, id, keyColumn(resource, key), uniqueKey(field.unique, String(value)), `${field.label} ${String(value)}`, key);
    }
    const together = resource.uniqueTogether;
    const joint = togetherKey(resource, values);
    if (together === undefined || joint === undefined || !keys.some((key) => together.fields.includes(key))) return;
    await refuse(resource, id, keyColumn(resource, together.key), joint, together.fields.map((key) => String(values[key])).join(', '), together.fields[0] ?? together.key);
  }

  async function checkMerge(resource: Resource, row: { readonly id: string; readonly revision: number }, keys: readonly string[]): Promise<void> {
    const seen = options.basedOn[`${resource.name}:${row.id}`];
    const strict = keys.filter((key) => fieldOf(resource, key).merge === 'strict');
    if (seen === undefined || seen >= row.revision || strict.length === 0) return;
    const changed = await store.fieldsChangedSince(resource, row.id, seen);
    const clash = strict.find((key) => changed.includes(key));
    if (clash === undefined) return;
    throw new AppError('stale', `${fieldOf(resource, clash).label} was changed by somebody else meanwhile. Look at the new value and try again.`, { resource: resource.name, id: row.id, field: clash });
  }

  return {
    changes,
    get: (resource, id) => store.get(resource, id),
    need,
    async find(resource, where, findOptions = {}) {
      const limit = findOptions.limit ?? FIND_LIMIT;
      const rows = await store.find(resource, where, limit);
      if (findOptions.limit === undefined && rows.length === FIND_LIMIT) throw new Error(`more than ${FIND_LIMIT} rows of ${resource.name}: page through them`);
      return rows;
    },
    count: (resource, where) => store.count(resource, where),
    findUnique: (resource, key, value) => store.findByColumn(resource, keyColumn(resource, key), uniqueKey(fieldOf(resource, key).unique ?? 'exact', value)),
    async insert<F extends Fields>(resource: Resource<F>, id: string, values: ValuesOf<F>) {
      const keys = Object.keys(resource.fields).filter((key) => (values as Values)[key] !== undefined);
      if ((await store.get(resource, id)) !== undefined) throw new AppError('conflict', `This ${resource.label.one.toLowerCase()} exists already. Refresh the list.`, { resource: resource.name, id });
      await checkUnique(resource, id, values as Values, Object.keys(resource.fields));
      const row = { ...values, id, revision: 1, createdAt: options.now, updatedAt: options.now } as RowOf<F>;
      await store.insert(resource, row);
      changes.push({ resource: resource.name, rowId: id, operation: 'insert', revision: 1, fields: describeFields(resource, keys, {}, values as Values), row: row as Values });
      return row;
    },
    async update<F extends Fields>(resource: Resource<F>, id: string, patch: PatchOf<F>) {
      const row = await need(resource, id);
      const wanted = changedFields<F>(row, patch);
      const keys = Object.keys(wanted);
      if (keys.length === 0) return row;
      await checkMerge(resource, row, keys);
      const next = { ...patchedRow<F>(row, wanted), revision: row.revision + 1, updatedAt: options.now } as RowOf<F>;
      await checkUnique(resource, id, next as Values, keys);
      await store.update(resource, next, keys);
      changes.push({ resource: resource.name, rowId: id, operation: 'update', revision: next.revision, fields: describeFields(resource, keys, row as Values, next as Values), row: next as Values });
      return next;
    },
    async delete(resource, id) {
      const row = await need(resource, id);
      const keys = Object.keys(resource.fields).filter((key) => (row as Values)[key] !== undefined);
      await store.delete(resource, id);
      changes.push({ resource: resource.name, rowId: id, operation: 'delete', revision: row.revision, fields: describeFields(resource, keys, row as Values, {}) });
    },
  };
}

/** The error for a row that is not there, or not for this principal: both answers are the same. */
export function notFound(resource: Resource, id: string): AppError {
  return new AppError('not-found', `This ${resource.label.one.toLowerCase()} does not exist any more. Refresh the list.`, { resource: resource.name, id });
}

/** What people call a row: the label and value of its title field, followed through one reference (a sale is its VIN). */
async function nameOf(store: RowStore, resource: Resource, row: { readonly id: string }): Promise<string> {
  const field = fieldOf(resource, resource.title);
  const value = (row as unknown as Values)[resource.title];
  if (field.type !== 'reference' || field.to === undefined) return `${field.label} ${String(value)}`;
  const target = resourceNamed(field.to);
  const found = await store.get(target, String(value));
  return found === undefined ? resource.label.one.toLowerCase() : nameOf(store, target, found);
}
