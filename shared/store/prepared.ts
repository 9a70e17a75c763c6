import type { Statement } from 'better-sqlite3';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

const STATEMENTS = new WeakMap<SqliteDatabase, Map<string, Statement<unknown[], unknown>>>();

/**
 * The prepared statement of a fixed SQL text, made once per connection: to prepare one takes longer than to run it. Not for text that
 * is put together from what people type.
 */
export function prepared<P extends unknown[], R = unknown>(database: SqliteDatabase, sql: string): Statement<P, R> {
  let statements = STATEMENTS.get(database);
  if (statements === undefined) STATEMENTS.set(database, (statements = new Map()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = database.prepare<unknown[], unknown>(sql)));
  return statement as Statement<P, R>;
}
