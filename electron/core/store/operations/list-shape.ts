import { sql, type RawBuilder } from 'kysely';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { hasNorm, normColumn, snake, sortColumn } from '#shared/resources/columns.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { digitsOf, searchText } from '#shared/resources/normalise.ts';
import { listScopeCondition, scopeCondition } from './list-scope.ts';
import { column, fromClause, MAIN, PHONE_DIGITS, place, type ListQuery } from './list-sql.ts';
import { hasListTable, listTable, searchKeys, sortKey, valueKey, valueKeys } from './list-tables.ts';
import { contains } from '#shared/store/sql.ts';

type Sql = RawBuilder<unknown>;

/** Where a list's conditions and order are answered: in the list table, or in the rows with what is joined to them. Both answer alike. */
export interface ListShape {
  readonly from: Sql;
  readonly id: Sql;
  scope(scope: CustomerScope): Sql | undefined;
  /** A column's value as it is stored. */
  value(key: string): Sql;
  /** What a column is sorted by. */
  sorted(key: string): Sql;
  /** Rows in which one of the searchable columns holds the text; undefined for none. */
  search(text: string): Sql | undefined;
  /** Rows in which one of these columns, which have normal forms, holds the term. */
  among(keys: readonly string[], term: string): Sql;
}

const ESCAPE = sql`escape '\\'`;
const holds = (at: Sql, term: string): Sql => sql`${at} like ${contains(term)} ${ESCAPE}`;
const anyOf = (tests: readonly Sql[]): Sql => (tests.length === 0 ? sql`1 = 0` : sql`(${sql.join([...tests], sql` or `)})`);
/** The digits by which phone numbers are looked for: enough of them, without the trunk prefix. */
function phoneDigits(search: string): string | undefined {
  const digits = digitsOf(search);
  return digits.length >= PHONE_DIGITS ? digits.replace(/^0/, '') : undefined;
}

function joinedShape(resource: Resource): ListShape {
  const value = (key: string): Sql => column(place(resource, key).alias, snake(place(resource, key).key));
  const norm = (key: string): Sql => column(place(resource, key).alias, normColumn(place(resource, key).key));
  return {
    from: fromClause(resource),
    id: column(MAIN, 'id'),
    scope: (scope) => scopeCondition(resource, scope),
    value,
    sorted: (key) => column(place(resource, key).alias, sortColumn(place(resource, key).owner, place(resource, key).key)),
    search(text) {
      const term = searchText(text);
      if (term === '') return undefined;
      const digits = phoneDigits(text);
      const { texts, phones } = searchKeys(resource);
      return anyOf([...texts.map((key) => holds(norm(key), term)), ...(digits === undefined ? [] : phones.map((key) => holds(norm(key), digits)))]);
    },
    among: (keys, term) => anyOf(keys.map((key) => holds(norm(key), term))),
  };
}

const LIST = 'l';

function tableShape(resource: Resource): ListShape {
  const at = (name: string): Sql => column(LIST, name);
  const sorted = (key: string): Sql => at(sortKey(place(resource, key) && key));
  return {
    from: sql`from ${sql.table(listTable(resource))} as ${sql.ref(LIST)}`,
    id: at('id'),
    scope: (scope) => listScopeCondition(resource, scope, at('scope')),
    value: (key) => (valueKeys(resource).includes(key) ? at(valueKey(key)) : sorted(key)),
    sorted,
    search(text) {
      const term = searchText(text);
      if (term === '') return undefined;
      const digits = phoneDigits(text);
      return anyOf([holds(at('search'), term), ...(digits === undefined ? [] : searchKeys(resource).phones.map((key) => holds(sorted(key), digits)))]);
    },
    among: (keys, term) => anyOf(keys.map((key) => holds(sorted(key), term))),
  };
}

/** Whether the list table holds a column's stored value and its order. */
function isListed(resource: Resource, key: string): boolean {
  const { field } = place(resource, key);
  return field.type !== 'json' && (!hasNorm(field) || valueKeys(resource).includes(key));
}

/** The shape that answers a query on these columns (filters by value). Throws AppError invalid-input for an unknown column. */
export function shapeFor(resource: Resource, valued: readonly string[] = [], sort?: string): ListShape {
  const fits = valued.every((key) => isListed(resource, key)) && (sort === undefined || place(resource, sort).field.type !== 'json');
  return hasListTable(resource) && fits ? tableShape(resource) : joinedShape(resource);
}

/** Conditions for scope, search, filters and ranges. */
export function conditionsOf(shape: ListShape, scope: CustomerScope, query: Pick<ListQuery, 'filter' | 'range' | 'search'>): readonly (Sql | undefined)[] {
  const filters = Object.entries(query.filter ?? {}).map(([key, wanted]) => {
    const values = typeof wanted === 'object' ? wanted : [wanted];
    return values.length === 0 ? sql`1 = 0` : sql`${shape.value(key)} in (${sql.join([...values])})`;
  });
  const ranges = Object.entries(query.range ?? {}).flatMap(([key, { from, to }]) => [from === undefined ? undefined : sql`${shape.value(key)} >= ${from}`, to === undefined ? undefined : sql`${shape.value(key)} < ${to}`]);
  return [shape.scope(scope), shape.search(query.search ?? ''), ...filters, ...ranges];
}

/** `order by` with ties broken by id, empty values last. */
export function orderOf(shape: ListShape, sort: ListQuery['sort']): Sql {
  const order = sort === undefined ? sql`` : sql`${shape.sorted(sort.column)} ${sort.direction === 'desc' ? sql`desc` : sql`asc`} nulls last, `;
  return sql`order by ${order}${shape.id}`;
}
