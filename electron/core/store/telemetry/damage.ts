import { AppError } from '#shared/kernel/error.ts';
import { sqliteCode, storeError } from '#shared/platform-node/sqlite/index.ts';

export function damagedStore(path: string, found: string): AppError {
  return new AppError('store-corrupt', `The database ${path} is damaged. Restore a backup, or set the file aside and start with an empty one.`, { path, found });
}

/** As storeError; a statement of ours that SQLite does not understand means that the schema or the list of segments is damaged. */
export function telemetryError(error: unknown, path: string): unknown {
  if (sqliteCode(error) === 'SQLITE_ERROR') return damagedStore(path, error instanceof Error ? error.message : '');
  return storeError(error, path);
}
