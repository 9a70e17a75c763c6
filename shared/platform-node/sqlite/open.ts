import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../kernel/error.ts';
import { storeError } from './errors.ts';

export type SqliteDatabase = Database.Database;

export interface OpenOptions {
  /** Opens an existing file for reading only; a missing one is store-unwritable. */
  readonly readonly?: boolean;
  /** `full`: a commit has reached the disk when it returns. `normal`: a power cut may take the last commits, never the database. */
  readonly synchronous?: 'full' | 'normal';
  /** How long a statement waits for another connection's lock, ms. */
  readonly busyTimeout?: number;
  /** Page cache of this connection, kB. */
  readonly cacheKilobytes?: number;
  /** `quick` reads every page and finds damage anywhere (seconds per GB); `schema` reads the header and the schema. */
  readonly check?: 'schema' | 'quick';
}

/** Telemetry blobs and wide master rows fit 8 kB pages better than SQLite's 4 kB (docs/architecture.md, Telemetry schema). */
const PAGE_SIZE = 8192;
/** A WAL that grew in a burst is cut back to this after a checkpoint. */
const JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024;
const MAGIC = 'SQLite format 3\u0000';

/** A file that has content but not SQLite's header would otherwise be reported only by the first statement, and an empty-page file never. */
function checkHeader(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const head = new Uint8Array(16);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 16, 0);
  } finally {
    closeSync(file);
  }
  if (String.fromCharCode(...head) !== MAGIC) throw corrupt(path, 'not a database file');
}

function corrupt(path: string, found: string): AppError {
  return new AppError('store-corrupt', `The database ${path} is damaged. Restore a backup, or set the file aside and start with an empty one.`, { path, found });
}

/**
 * Opens a SQLite database with the product's pragmas (WAL, 8 kB pages, foreign keys, busy timeout) and makes sure that it can
 * be read; the folder is made when it is missing. `:memory:` is allowed.
 * Throws AppError store-corrupt, store-full, store-locked or store-unwritable.
 */
export function openDatabase(path: string, options: OpenOptions = {}): SqliteDatabase {
  const readonly = options.readonly ?? false;
  let database: SqliteDatabase | undefined;
  try {
    if (path !== ':memory:') {
      if (!readonly) mkdirSync(dirname(path), { recursive: true });
      checkHeader(path);
    }
    database = new Database(path, { readonly, fileMustExist: readonly, timeout: options.busyTimeout ?? 5_000 });
    if (!readonly) {
      database.pragma(`page_size = ${PAGE_SIZE}`);
      database.pragma('journal_mode = WAL');
      database.pragma(`synchronous = ${options.synchronous === 'normal' ? 'NORMAL' : 'FULL'}`);
      database.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT}`);
    }
    database.pragma('foreign_keys = ON');
    database.pragma(`cache_size = -${options.cacheKilobytes ?? 16_000}`);
    database.pragma('temp_store = MEMORY');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    if (options.check === 'quick') {
      const found = database.pragma('quick_check(1)', { simple: true });
      if (found !== 'ok') throw corrupt(path, String(found));
    }
    return database;
  } catch (error) {
    database?.close();
    throw storeError(error, path);
  }
}
