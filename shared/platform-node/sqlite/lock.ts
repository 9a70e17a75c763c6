import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../kernel/error.ts';
import { disposable, type Disposable } from '../../kernel/disposable.ts';
import { sqliteCode, storeError } from './errors.ts';

export const LOCK_FILE = 'instance.lock';

/**
 * Takes a folder of data for this process until disposed; two cores on one folder would corrupt each other's picture. The lock is
 * SQLite's own exclusive file lock, which works on every platform and network drive that SQLite works on, and which the operating
 * system releases when the process ends, however it ends; the file itself stays. A missing folder is made, for this user alone.
 * Throws AppError store-locked when another instance has it, store-unwritable when the folder cannot be made or written to.
 */
export function lockFolder(folder: string): Disposable {
  let database: Database.Database | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new Database(join(folder, LOCK_FILE), { timeout: 0 });
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) {
      throw new AppError('store-locked', `Another Command Center has ${folder} open. Use that one, or close it first.`, { path: folder }, { cause: error });
    }
    throw storeError(error, folder);
  }
  const held = database;
  return disposable(() => held.close());
}
