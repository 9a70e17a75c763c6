import { statSync } from 'node:fs';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import { migrate, openDatabase, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { storeError } from '#shared/platform-node/sqlite/errors.ts';
import { OPERATIONS_APPLICATION_ID, OPERATIONS_MIGRATIONS } from '#shared/store/migrations/index.ts';
import { prepared } from '#shared/store/prepared.ts';
import { SqliteRowStore } from '#shared/store/row-store.ts';
import { serverTx } from './authority-tx.ts';
import { getState, migrateServerTables, setState } from './server-tables.ts';
import type { ServerStore } from './server-store.ts';
import type { Sql } from './sql.ts';
import { Turns } from './turns.ts';

/** SQL on one connection of better-sqlite3. */
export function sqliteSql(database: SqliteDatabase): Sql {
  return {
    all: async (statement, parameters = []) => prepared(database, statement).all(...parameters) as never,
    run: async (statement, parameters = []) => prepared(database, statement).run(...parameters).changes,
  };
}

/** Opens the server's SQLite file, made where it is missing. Throws AppError store-newer, -corrupt, -full, -locked or -unwritable. */
export async function openSqliteStore(path: string, { clock, rng }: { readonly clock: Clock; readonly rng: Rng }): Promise<ServerStore> {
  const writer = openDatabase(path, { synchronous: 'full', check: 'quick' });
  try {
    migrate(writer, OPERATIONS_MIGRATIONS, OPERATIONS_APPLICATION_ID);
    const sql = sqliteSql(writer);
    await transaction(writer, 'BEGIN IMMEDIATE', async () => {
      await migrateServerTables(sql, uuidv7(clock, rng));
      await setState(sql, 'node', uuidv7(clock, rng), 'keep');
    });
    const nodeId = (await getState(sql, 'node')) ?? '';
    const reader = openDatabase(path, { readonly: true });
    const write = serverTx(sql, new SqliteRowStore(writer), nodeId);
    const read = serverTx(sqliteSql(reader), new SqliteRowStore(reader), nodeId);
    const writes = new Turns();
    const reads = new Turns();
    return {
      nodeId,
      write: (run) => writes.take(() => transaction(writer, 'BEGIN IMMEDIATE', () => run(write))),
      read: (run) => reads.take(() => transaction(reader, 'BEGIN', () => run(read))),
      status: async () => ({ bytes: ['', '-wal'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0), waiting: writes.waiting }),
      async close() {
        await reads.take(async () => void reader.close());
        await writes.take(async () => void writer.close());
      },
    };
  } catch (error) {
    writer.close();
    throw error;
  }
}

async function transaction<T>(database: SqliteDatabase, begin: 'BEGIN' | 'BEGIN IMMEDIATE', run: () => Promise<T>): Promise<T> {
  try {
    database.exec(begin);
    const result = await run();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw storeError(error, database.name);
  }
}
