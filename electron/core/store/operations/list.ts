import { sql, type RawBuilder } from 'kysely';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { decodeField, decodeRow, hasNorm, normColumn, snake, sortColumn } from '#shared/resources/columns.ts';
import { fieldOf, type Fields, type JoinedColumn, type Resource, type RowOf } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { digitsOf, searchText } from '#shared/resources/normalise.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { allRows, columnNames, sqlBuilder } from './sql.ts';

export interface ListQuery {
  /** Values by field or joined column; a row matches when it has one of them. */
  readonly filter?: Readonly<Record<string, string | number | readonly (string | number)[]>>;
  /** Text that some searchable column contains. */
  readonly search?: string;
  readonly sort?: { readonly column: string; readonly direction: 'asc' | 'desc' };
  readonly offset: number;
  readonly limit: number;
}

export interface ListPage<F extends Fields> {
  readonly total: number;
  readonly rows: readonly { readonly row: RowOf<F>; readonly joined: Readonly<Record<string, unknown>> }[];
}

const MAIN = 't';
/** Digits of a search term that look for a phone number. */
const PHONE_DIGITS = 4;

/** A table that is joined for a column: one alias for each way to it. */
interface Join {
  readonly alias: string;
  readonly on: RawBuilder<unknown>;
  readonly table: string;
}

function column(alias: string, name: string): RawBuilder<unknown> {
  return sql.ref(`${alias}.${name}`);
}

function aliasOf(joined: JoinedColumn): string {
  return `j_${snake(joined.resource.replaceAll('-', '_'))}_${snake(joined.through ?? joined.by ?? '')}`;
}

function joinOf(joined: JoinedColumn): Join {
  const alias = aliasOf(joined);
  const on = joined.through === undefined ? sql`${column(alias, snake(joined.by ?? ''))} = ${column(MAIN, 'id')}` : sql`${column(alias, 'id')} = ${column(MAIN, snake(joined.through))}`;
  return { alias, on, table: resourceNamed(joined.resource).table };
}

/** Where a column of the list is: in the row itself, or behind a reference. */
function place(resource: Resource, key: string): { readonly alias: string; readonly owner: Resource; readonly key: string; readonly field: Field } {
  const joined = Object.hasOwn(resource.joined, key) ? resource.joined[key] : undefined;
  if (joined === undefined) {
    if (!Object.hasOwn(resource.fields, key)) throw new AppError('invalid-input', `There is no column "${key}".`, { column: key });
    return { alias: MAIN, owner: resource, key, field: fieldOf(resource, key) };
  }
  const owner = resourceNamed(joined.resource);
  return { alias: aliasOf(joined), owner, key: joined.field, field: fieldOf(owner, joined.field) };
}

/** `%term%` with the term's own wildcards taken literally. */
function contains(term: string): string {
  return `%${term.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

function searchCondition(resource: Resource, search: string): RawBuilder<unknown> | undefined {
  const term = searchText(search);
  if (term === '') return undefined;
  const digits = digitsOf(search);
  const keys = [
    ...Object.keys(resource.fields).filter((key) => hasNorm(fieldOf(resource, key))),
    ...Object.keys(resource.joined).filter((key) => resource.joined[key]?.searchable === true),
  ];
  const tests = keys.flatMap((key) => {
    const at = place(resource, key);
    const wanted = at.field.type === 'phone' ? (digits.length >= PHONE_DIGITS ? digits.replace(/^0/, '') : undefined) : term;
    return wanted === undefined ? [] : [sql`${column(at.alias, normColumn(at.key))} like ${contains(wanted)} escape '\\'`];
  });
  return tests.length === 0 ? sql`1 = 0` : sql`(${sql.join(tests, sql` or `)})`;
}

function filterConditions(resource: Resource, filter: ListQuery['filter']): RawBuilder<unknown>[] {
  return Object.entries(filter ?? {}).map(([key, value]) => {
    const at = place(resource, key);
    const values = typeof value === 'object' ? value : [value];
    return values.length === 0 ? sql`1 = 0` : sql`${column(at.alias, snake(at.key))} in (${sql.join(values)})`;
  });
}

/** Rows a principal limited to customers may see; the definition says by which column (shared/resources/define-resource.ts, RowScope). */
function scopeCondition(resource: Resource, scope: CustomerScope): RawBuilder<unknown> | undefined {
  const rule = resource.scope;
  if (scope === 'all' || rule === 'all') return undefined;
  if (rule === 'none' || scope.size === 0) return sql`1 = 0`;
  const customers = sql.join([...scope]);
  if (!('resource' in rule)) return sql`${column(MAIN, snake(rule.field))} in (${customers})`;
  const other = resourceNamed(rule.resource);
  const link = rule.through === undefined ? sql`${column('s', snake(rule.by ?? ''))} = ${column(MAIN, 'id')}` : sql`${column('s', 'id')} = ${column(MAIN, snake(rule.through))}`;
  return sql`exists (select 1 from ${sql.table(other.table)} as s where ${link} and ${column('s', snake(rule.field))} in (${customers}))`;
}

/**
 * One page of a resource: filtered, searched and sorted over all rows in scope, ties broken by id, empty values last. SQL that
 * SQLite and PostgreSQL (with byte order, COLLATE "C") answer alike. Throws AppError invalid-input for an unknown column.
 */
export function listRows<F extends Fields>(database: SqliteDatabase, resource: Resource<F>, scope: CustomerScope, query: ListQuery): ListPage<F> {
  const joins = new Map(Object.values(resource.joined).map((joined) => [aliasOf(joined), joinOf(joined)]));
  const conditions = [scopeCondition(resource, scope), searchCondition(resource, query.search ?? ''), ...filterConditions(resource, query.filter)].filter((condition) => condition !== undefined);
  const from = sql`from ${sql.table(resource.table)} as ${sql.ref(MAIN)} ${sql.join([...joins.values()].map((join) => sql`left join ${sql.table(join.table)} as ${sql.ref(join.alias)} on ${join.on}`), sql` `)}`;
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
  const sort = query.sort ?? resource.sort;
  const at = sort === undefined ? undefined : place(resource, sort.column);
  const order = at === undefined ? sql`` : sql`${column(at.alias, sortColumn(at.owner, at.key))} ${sort?.direction === 'desc' ? sql`desc` : sql`asc`} nulls last, `;
  const joinedKeys = Object.keys(resource.joined);
  const selected = [
    ...columnNames(resource).map((name) => sql`${column(MAIN, name)} as ${sql.ref(name)}`),
    ...joinedKeys.map((key) => {
      const source = place(resource, key);
      return sql`${column(source.alias, snake(source.key))} as ${sql.ref(`joined_${key}`)}`;
    }),
  ];

  const [counted] = allRows(database, sql`select count(*) as total ${from} ${where}`.compile(sqlBuilder));
  const page = allRows(database, sql`select ${sql.join(selected)} ${from} ${where} order by ${order}${column(MAIN, 'id')} limit ${query.limit} offset ${query.offset}`.compile(sqlBuilder));
  return {
    total: Number(counted?.['total']),
    rows: page.map((cells) => ({
      row: decodeRow(resource, cells),
      joined: Object.fromEntries(joinedKeys.map((key) => [key, decodeField(place(resource, key).field, cells[`joined_${key}`])]).filter(([, value]) => value !== undefined)),
    })),
  };
}
