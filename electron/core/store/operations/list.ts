import { sql } from 'kysely';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { decodeField, decodeRow, hasNorm, normColumn, snake } from '#shared/resources/columns.ts';
import { fieldOf, type Fields, type Resource, type RowOf } from '#shared/resources/define-resource.ts';
import { column, contains, filterConditions, fromClause, MAIN, orderClause, place, scopeCondition, searchCondition, selectList, whereClause, type ListQuery } from './list-sql.ts';
import { searchText } from '#shared/resources/normalise.ts';
import { allRows, sqlBuilder } from './sql.ts';

export type { ListQuery } from './list-sql.ts';

/** A row with what other rows add to it. */
export interface ListedRow<F extends Fields> {
  readonly row: RowOf<F>;
  readonly joined: Readonly<Record<string, unknown>>;
}

export interface ListPage<F extends Fields> {
  readonly total: number;
  readonly rows: readonly ListedRow<F>[];
}

function decode<F extends Fields>(resource: Resource<F>, cells: Readonly<Record<string, unknown>>): ListedRow<F> {
  const joined = Object.keys(resource.joined).map((key) => [key, decodeField(place(resource, key).field, cells[`joined_${key}`])] as const);
  return { row: decodeRow(resource, cells), joined: Object.fromEntries(joined.filter(([, value]) => value !== undefined)) };
}

function conditionsOf(resource: Resource, scope: CustomerScope, query: Pick<ListQuery, 'filter' | 'search'>) {
  return whereClause([scopeCondition(resource, scope), searchCondition(resource, query.search ?? ''), ...filterConditions(resource, query.filter)]);
}

/**
 * One page of a resource: filtered, searched and sorted over all rows in scope, ties broken by id, empty values last. SQL that
 * SQLite and PostgreSQL (with byte order, COLLATE "C") answer alike. Throws AppError invalid-input for an unknown column.
 */
export function listRows<F extends Fields>(database: SqliteDatabase, resource: Resource<F>, scope: CustomerScope, query: ListQuery): ListPage<F> {
  const from = fromClause(resource);
  const where = conditionsOf(resource, scope, query);
  const [counted] = allRows(database, sql`select count(*) as total ${from} ${where}`.compile(sqlBuilder));
  const page = allRows(database, sql`select ${selectList(resource)} ${from} ${where} ${orderClause(resource, query.sort ?? resource.sort)} limit ${query.limit} offset ${query.offset}`.compile(sqlBuilder));
  return { total: Number(counted?.['total']), rows: page.map((cells) => decode(resource, cells)) };
}

/** Ids of every row that matches, in order: what an export goes through. */
export function sortedIds(database: SqliteDatabase, resource: Resource, scope: CustomerScope, query: Pick<ListQuery, 'filter' | 'search' | 'sort'>): readonly string[] {
  const ids = allRows(database, sql`select ${column(MAIN, 'id')} as id ${fromClause(resource)} ${conditionsOf(resource, scope, query)} ${orderClause(resource, query.sort ?? resource.sort)}`.compile(sqlBuilder));
  return ids.map((cells) => String(cells['id']));
}

/** The rows with these ids that are in scope, in no order; at most some hundreds. */
export function rowsInScope<F extends Fields>(database: SqliteDatabase, resource: Resource<F>, scope: CustomerScope, ids: readonly string[]): readonly ListedRow<F>[] {
  if (ids.length === 0) return [];
  const where = whereClause([scopeCondition(resource, scope), sql`${column(MAIN, 'id')} in (${sql.join([...ids])})`]);
  return allRows(database, sql`select ${selectList(resource)} ${fromClause(resource)} ${where}`.compile(sqlBuilder)).map((cells) => decode(resource, cells));
}

export interface ChoiceQuery {
  readonly search?: string;
  /** Only these rows. */
  readonly ids?: readonly string[];
  readonly limit: number;
}

/** Rows to choose from, by title: found by title or hint, in the order of titles. */
export function chooseRows<F extends Fields>(database: SqliteDatabase, resource: Resource<F>, scope: CustomerScope, query: ChoiceQuery): readonly ListedRow<F>[] {
  const term = searchText(query.search ?? '');
  const keys = [resource.title, ...(resource.hint ?? [])].filter((key) => hasNorm(fieldOf(resource, key)));
  const found = term === '' ? undefined : sql`(${sql.join(keys.map((key) => sql`${column(MAIN, normColumn(key))} like ${contains(term)} escape '\\'`), sql` or `)})`;
  const among = query.ids === undefined ? undefined : query.ids.length === 0 ? sql`1 = 0` : sql`${column(MAIN, 'id')} in (${sql.join([...query.ids])})`;
  const where = whereClause([scopeCondition(resource, scope), found, among]);
  return allRows(database, sql`select ${selectList(resource)} ${fromClause(resource)} ${where} ${orderClause(resource, { column: resource.title, direction: 'asc' })} limit ${query.limit}`.compile(sqlBuilder)).map((cells) => decode(resource, cells));
}

/** Values that occur in a column of the rows in scope, in order; found by text. */
export function distinctValues(database: SqliteDatabase, resource: Resource, scope: CustomerScope, key: string, query: Pick<ChoiceQuery, 'search' | 'limit'>): readonly string[] {
  const at = place(resource, key);
  const value = column(at.alias, snake(at.key));
  const term = searchText(query.search ?? '');
  const matches = term === '' ? undefined : sql`${hasNorm(at.field) ? column(at.alias, normColumn(at.key)) : value} like ${contains(term)} escape '\\'`;
  const where = whereClause([scopeCondition(resource, scope), sql`${value} is not null`, matches]);
  return allRows(database, sql`select distinct ${value} as value ${fromClause(resource)} ${where} order by 1 limit ${query.limit}`.compile(sqlBuilder)).map((cells) => String(cells['value']));
}
