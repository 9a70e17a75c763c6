import { sql } from 'kysely';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { decodeField, decodeRow, hasNorm } from '#shared/resources/columns.ts';
import { fieldOf, type Fields, type Resource, type RowOf } from '#shared/resources/define-resource.ts';
import { conditionsOf, orderOf, shapeFor } from './list-shape.ts';
import { scopeCondition } from './list-scope.ts';
import { column, fromClause, MAIN, place, selectList, whereClause, type ListQuery } from './list-sql.ts';
import { searchText } from '#shared/resources/normalise.ts';
import { allRows, contains, sqlBuilder } from '#shared/store/sql.ts';

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

type Asked = Pick<ListQuery, 'filter' | 'range' | 'search' | 'sort'>;

function questionOf(resource: Resource, query: Asked) {
  const sort = query.sort ?? resource.sort;
  const ranged = Object.keys(query.range ?? {});
  const wrong = ranged.find((key) => place(resource, key).field.type !== 'instant');
  if (wrong !== undefined) throw new AppError('invalid-input', `The column ${wrong} holds no times.`, { column: wrong });
  return { sort, shape: shapeFor(resource, [...Object.keys(query.filter ?? {}), ...ranged], sort?.column) };
}

/**
 * One page of a resource: filtered, searched and sorted over all rows in scope, ties broken by id, empty values last. SQL that
 * SQLite and PostgreSQL (with byte order, COLLATE "C") answer alike. Throws AppError invalid-input for an unknown column.
 */
export function listRows<F extends Fields>(database: SqliteDatabase, resource: Resource<F>, scope: CustomerScope, query: ListQuery): ListPage<F> {
  const { sort, shape } = questionOf(resource, query);
  const where = whereClause(conditionsOf(shape, scope, query));
  const [counted] = allRows(database, sql`select count(*) as total ${shape.from} ${where}`.compile(sqlBuilder));
  const total = Number(counted?.['total']);
  if (query.offset >= total) return { total, rows: [] };
  const ids = allRows(database, sql`select ${shape.id} as id ${shape.from} ${where} ${orderOf(shape, sort)} limit ${query.limit} offset ${query.offset}`.compile(sqlBuilder)).map((cells) => String(cells['id']));
  return { total, rows: inOrder(ids, rowsInScope(database, resource, scope, ids)) };
}

function inOrder<F extends Fields>(ids: readonly string[], rows: readonly ListedRow<F>[]): readonly ListedRow<F>[] {
  const byId = new Map(rows.map((one) => [one.row.id, one]));
  return ids.map((id) => byId.get(id)).filter((one) => one !== undefined);
}

/** Ids of every row that matches, in order: what an export goes through. */
export function sortedIds(database: SqliteDatabase, resource: Resource, scope: CustomerScope, query: Asked): readonly string[] {
  const { sort, shape } = questionOf(resource, query);
  return allRows(database, sql`select ${shape.id} as id ${shape.from} ${whereClause(conditionsOf(shape, scope, query))} ${orderOf(shape, sort)}`.compile(sqlBuilder)).map((cells) => String(cells['id']));
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
  const shape = shapeFor(resource, [], resource.title);
  const term = searchText(query.search ?? '');
  const keys = [resource.title, ...(resource.hint ?? [])].filter((key) => hasNorm(fieldOf(resource, key)));
  const among = query.ids === undefined ? undefined : query.ids.length === 0 ? sql`1 = 0` : sql`${shape.id} in (${sql.join([...query.ids])})`;
  const where = whereClause([shape.scope(scope), term === '' ? undefined : shape.among(keys, term), among]);
  const ids = allRows(database, sql`select ${shape.id} as id ${shape.from} ${where} ${orderOf(shape, { column: resource.title, direction: 'asc' })} limit ${query.limit}`.compile(sqlBuilder)).map((cells) => String(cells['id']));
  return inOrder(ids, rowsInScope(database, resource, scope, ids));
}

/** Values that occur in a column of the rows in scope, in order; found by text. */
export function distinctValues(database: SqliteDatabase, resource: Resource, scope: CustomerScope, key: string, query: Pick<ChoiceQuery, 'search' | 'limit'>): readonly string[] {
  const shape = shapeFor(resource, [key]);
  const value = shape.value(key);
  const term = searchText(query.search ?? '');
  const where = whereClause([shape.scope(scope), sql`${value} is not null`, term === '' ? undefined : hasNorm(place(resource, key).field) ? shape.among([key], term) : sql`${value} like ${contains(term)} escape '\\'`]);
  return allRows(database, sql`select distinct ${value} as value ${shape.from} ${where} order by 1 limit ${query.limit}`.compile(sqlBuilder)).map((cells) => String(cells['value']));
}
