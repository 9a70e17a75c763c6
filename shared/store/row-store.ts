import type { Statement } from 'better-sqlite3';
import { decodeRow, encodeField, encodeRow, snake, type Cell } from '#shared/resources/columns.ts';
import type { Fields, Resource, RowOf } from '#shared/resources/define-resource.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { RowStore, WhereOf } from '#shared/sync/tx.ts';
import { columnNames, sqlBuilder } from './sql.ts';

type Row = Record<string, unknown>;

/**
 * The row store of mutators over one SQLite connection, inside whatever transaction the caller has open. Statements are built
 * once per shape and kept prepared.
 */
export class SqliteRowStore implements RowStore {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, Statement<unknown[], Row>>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  #statement(key: string, build: () => { readonly sql: string }): Statement<unknown[], Row> {
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      statement = this.#database.prepare<unknown[], Row>(build().sql);
      this.#statements.set(key, statement);
    }
    return statement;
  }

  async get<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F> | undefined> {
    return this.#one(resource, 'id', id);
  }

  async findByColumn<F extends Fields>(resource: Resource<F>, column: string, value: string): Promise<RowOf<F> | undefined> {
    return this.#one(resource, column, value);
  }

  #one<F extends Fields>(resource: Resource<F>, column: string, value: string): RowOf<F> | undefined {
    const statement = this.#statement(`one ${resource.table} ${column}`, () => sqlBuilder.selectFrom(resource.table).select(columnNames(resource)).where(column, '=', value).limit(1).compile());
    const cells = statement.get(value, 1);
    return cells === undefined ? undefined : decodeRow(resource, cells);
  }

  async find<F extends Fields>(resource: Resource<F>, where: WhereOf<F>, limit: number): Promise<readonly RowOf<F>[]> {
    const { tests, shape, parameters } = testsOf(resource, where);
    const statement = this.#statement(`find ${resource.table} ${shape}`, () => {
      let query = sqlBuilder.selectFrom(resource.table).select(columnNames(resource));
      for (const [column, value] of tests) query = value === null ? query.where(column, 'is', null) : query.where(column, '=', value);
      return query.orderBy('id').limit(limit).compile();
    });
    return statement.all(...parameters, limit).map((cells) => decodeRow(resource, cells));
  }

  async count<F extends Fields>(resource: Resource<F>, where: WhereOf<F>): Promise<number> {
    const { tests, shape, parameters } = testsOf(resource, where);
    const statement = this.#statement(`count ${resource.table} ${shape}`, () => {
      let query = sqlBuilder.selectFrom(resource.table).select(sqlBuilder.fn.countAll<number>().as('total'));
      for (const [column, value] of tests) query = value === null ? query.where(column, 'is', null) : query.where(column, '=', value);
      return query.compile();
    });
    return Number(statement.get(...parameters)?.['total']);
  }

  async insert<F extends Fields>(resource: Resource<F>, row: RowOf<F>): Promise<void> {
    const cells = encodeRow(resource, row);
    const names = columnNames(resource);
    const statement = this.#statement(`insert ${resource.table}`, () => sqlBuilder.insertInto(resource.table).values(Object.fromEntries(names.map((name) => [name, '']))).compile());
    statement.run(...names.map((name) => cells[name] ?? null));
  }

  async update<F extends Fields>(resource: Resource<F>, row: RowOf<F>, keys: readonly string[]): Promise<void> {
    const cells = encodeRow(resource, row);
    const names = ['revision', 'updated_at', ...keys.flatMap((key) => Object.keys(encodeField(resource, key, undefined)))];
    if (resource.uniqueTogether?.fields.some((key) => keys.includes(key)) === true) names.push(`${snake(resource.uniqueTogether.key)}_key`);
    const statement = this.#statement(`update ${resource.table} ${names.join(',')}`, () =>
      sqlBuilder.updateTable(resource.table).set(Object.fromEntries(names.map((name) => [name, '']))).where('id', '=', row.id).compile(),
    );
    statement.run(...names.map((name) => cells[name] ?? null), row.id);
  }

  async delete(resource: Resource, id: string): Promise<void> {
    this.#statement(`delete ${resource.table}`, () => sqlBuilder.deleteFrom(resource.table).where('id', '=', id).compile()).run(id);
  }

  async fieldsChangedSince(resource: Resource, id: string, revision: number): Promise<readonly string[]> {
    const statement = this.#statement('changed since', () =>
      sqlBuilder.selectFrom('change_log').select('fields').where('resource', '=', '').where('row_id', '=', '').where('revision', '>', 0).compile(),
    );
    return statement.all(resource.name, id, revision).flatMap((cells) => Object.keys(JSON.parse(String(cells['fields'])) as object));
  }
}

/** The values to find rows by as columns; `shape` names a statement that can be used again. */
function testsOf<F extends Fields>(resource: Resource<F>, where: WhereOf<F>): { readonly tests: readonly [string, Cell][]; readonly shape: string; readonly parameters: readonly Cell[] } {
  const tests = Object.entries(where).map(([key, value]): [string, Cell] => [snake(key), encodeField(resource, key, value)[snake(key)] ?? null]);
  return { tests, shape: tests.map(([column, value]) => (value === null ? `${column} empty` : column)).join(','), parameters: tests.map(([, value]) => value).filter((value) => value !== null) };
}
