import { sql, type RawBuilder } from 'kysely';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { snake } from '#shared/resources/columns.ts';
import { fieldOf, type JoinedColumn, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { columnNames } from '#shared/store/sql.ts';

export interface ListQuery {
  /** Values by field or joined column; a row matches when it has one of them. */
  readonly filter?: Readonly<Record<string, string | number | readonly (string | number)[]>>;
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

function joinOf(joined: JoinedColumn): Join {
  const alias = aliasOf(joined);
  const on = joined.through === undefined ? sql`${column(alias, snake(joined.by ?? ''))} = ${column(MAIN, snake(joined.on ?? 'id'))}` : sql`${column(alias, 'id')} = ${column(MAIN, snake(joined.through))}`;
  return { alias, on, table: resourceNamed(joined.resource).table };
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

/** `%term%` with the term's own wildcards taken literally. */
export function contains(term: string): string {
  return `%${term.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** Rows a principal limited to customers may see; the definition says by which column (shared/resources/define-resource.ts, RowScope). */
export function scopeCondition(resource: Resource, scope: CustomerScope): RawBuilder<unknown> | undefined {
  const rule = resource.scope;
  if (scope === 'all' || rule === 'all') return undefined;
  if (rule === 'none' || scope.size === 0) return sql`1 = 0`;
  const customers = sql.join([...scope]);
  if (!('resource' in rule)) return sql`${column(MAIN, snake(rule.field))} in (${customers})`;
  const other = resourceNamed(rule.resource);
  const link = rule.through === undefined ? sql`${column('s', snake(rule.by ?? ''))} = ${column(MAIN, snake(rule.on ?? 'id'))}` : sql`${column('s', 'id')} = ${column(MAIN, snake(rule.through))}`;
  return sql`exists (select 1 from ${sql.table(other.table)} as s where ${link} and ${column('s', snake(rule.field))} in (${customers}))`;
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
