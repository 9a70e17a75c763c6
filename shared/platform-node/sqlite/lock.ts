import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../kernel/error.ts';
import { disposable, type Disposable } from '../../kernel/disposable.ts';
import { sqliteCode, storeError } from './errors.ts';

export const LOCK_FILE = 'instance.lock';

/**
 * Takes the data folder for this instance; the operating system releases it when the process ends, however it ends. The lock
 * is SQLite's own exclusive file lock, which works on every platform and network drive that SQLite works on.
 * Throws AppError store-locked when another instance has it, store-unwritable when the folder cannot be written.
 */
export function lockFolder(folder: string): Disposable {
  let database: Database.Database | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new Database(join(folder, LOCK_FILE), { timeout: 0 });
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) {
      throw new AppError('store-locked', `Another instance is already running with the data in ${folder}. Use that one, or close it first.`, { path: folder }, { cause: error });
    }
    throw storeError(error, folder);
  }
  const held = database;
  return disposable(() => held.close());
}
