import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type CompiledQuery } from 'kysely';
import { columnsOf, type Cell } from '#shared/resources/columns.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

/** Tables are named by resource definitions, so their columns are known at run time; results are decoded by the resource codec. */
export type AnyTables = Record<string, Record<string, Cell>>;

/**
 * Builds SQL and runs none: better-sqlite3 runs it, synchronously, on the connection of the caller's choice. The same builders
 * compile for PostgreSQL with its compiler.
 */
export const sqlBuilder = new Kysely<AnyTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Names of every column of a resource's table. */
export function columnNames(resource: Resource): string[] {
  return columnsOf(resource).map((column) => column.name);
}

/** A text with the wildcards of LIKE taken literally; to be used with `escape '\\'`. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

/** `%term%`, see `escapeLike`. */
export function contains(term: string): string {
  return `%${escapeLike(term)}%`;
}

/** Rows of a compiled query. */
export function allRows(database: SqliteDatabase, query: CompiledQuery): readonly Record<string, unknown>[] {
  return database.prepare<unknown[], Record<string, unknown>>(query.sql).all(...query.parameters);
}
