import { sql, type RawBuilder } from 'kysely';
import { AppError } from '#shared/kernel/error.ts';
import { snake } from '#shared/resources/columns.ts';
import { fieldOf, type JoinedColumn, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { columnNames } from '#shared/store/sql.ts';

export interface ListQuery {
  /** Values by field or joined column; a row matches when it has one of them. */
  readonly filter?: Readonly<Record<string, string | number | readonly (string | number)[]>>;
  /** Instants by column, epoch ms: from the first on, and before the second. */
  readonly range?: Readonly<Record<string, { readonly from?: number | undefined; readonly to?: number | undefined }>>;
  /** Text that some searchable column contains. */
  readonly search?: string;
  readonly sort?: { readonly column: string; readonly direction: 'asc' | 'desc' };
  readonly offset: number;
  readonly limit: number;
}

export const MAIN = 't';
/** Digits of a search term that look for a phone number. */
export const PHONE_DIGITS = 4;

/** A table that is joined for a column: one alias for each way to it. */
interface Join {
  readonly alias: string;
  readonly on: RawBuilder<unknown>;
  readonly table: string;
}

export function column(alias: string, name: string): RawBuilder<unknown> {
  return sql.ref(`${alias}.${name}`);
}

export function aliasOf(joined: JoinedColumn): string {
  return `j_${snake(joined.resource.replaceAll('-', '_'))}_${snake(joined.through ?? joined.by ?? '')}`;
}

/** The two columns that lead from a row to one of another resource: a reference of this row, or a reference of the other one. */
export function linkOf(link: Pick<JoinedColumn, 'through' | 'by' | 'on'>): { readonly other: string; readonly own: string } {
  return link.through === undefined ? { other: snake(link.by ?? ''), own: snake(link.on ?? 'id') } : { other: 'id', own: snake(link.through) };
}

/** The condition under which the row `alias` is the one that the link leads to. */
export function linked(link: Pick<JoinedColumn, 'through' | 'by' | 'on'>, alias: string): RawBuilder<unknown> {
  const { other, own } = linkOf(link);
  return sql`${column(alias, other)} = ${column(MAIN, own)}`;
}

function joinOf(joined: JoinedColumn): Join {
  const alias = aliasOf(joined);
  return { alias, on: linked(joined, alias), table: resourceNamed(joined.resource).table };
}

/** Where a column of the list is: in the row itself, or behind a reference. */
export function place(resource: Resource, key: string): { readonly alias: string; readonly owner: Resource; readonly key: string; readonly field: Field } {
  const joined = Object.hasOwn(resource.joined, key) ? resource.joined[key] : undefined;
  if (joined === undefined) {
    if (!Object.hasOwn(resource.fields, key)) throw new AppError('invalid-input', `There is no column "${key}".`, { column: key });
    return { alias: MAIN, owner: resource, key, field: fieldOf(resource, key) };
  }
  const owner = resourceNamed(joined.resource);
  return { alias: aliasOf(joined), owner, key: joined.field, field: fieldOf(owner, joined.field) };
}

/** The row with everything that is joined to it. */
export function fromClause(resource: Resource): RawBuilder<unknown> {
  const joins = new Map(Object.values(resource.joined).map((joined) => [aliasOf(joined), joinOf(joined)]));
  return sql`from ${sql.table(resource.table)} as ${sql.ref(MAIN)} ${sql.join([...joins.values()].map((join) => sql`left join ${sql.table(join.table)} as ${sql.ref(join.alias)} on ${join.on}`), sql` `)}`;
}

/** `where` with all of the conditions; nothing where there are none. */
export function whereClause(conditions: readonly (RawBuilder<unknown> | undefined)[]): RawBuilder<unknown> {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`` : sql`where ${sql.join(given, sql` and `)}`;
}

/** Every column of the row, and of its joined columns as `joined_<key>`. */
export function selectList(resource: Resource): RawBuilder<unknown> {
  const joined = Object.keys(resource.joined).map((key) => {
    const source = place(resource, key);
    return sql`${column(source.alias, snake(source.key))} as ${sql.ref(`joined_${key}`)}`;
  });
  return sql.join([...columnNames(resource).map((name) => sql`${column(MAIN, name)} as ${sql.ref(name)}`), ...joined]);
}
