import { AppError } from '../../kernel/error.ts';

/** SQLite's result code of an error (`SQLITE_FULL`, `SQLITE_CORRUPT_INDEX` …) or undefined when it is none. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : undefined;
}

const SYSTEM_CODES: Readonly<Record<string, string>> = {
  EACCES: 'SQLITE_CANTOPEN',
  EPERM: 'SQLITE_CANTOPEN',
  EROFS: 'SQLITE_READONLY',
  ENOTDIR: 'SQLITE_CANTOPEN',
  EEXIST: 'SQLITE_CANTOPEN',
  EISDIR: 'SQLITE_CANTOPEN',
  ENOSPC: 'SQLITE_FULL',
  EDQUOT: 'SQLITE_FULL',
};

function codeOf(error: unknown): string | undefined {
  const sqlite = sqliteCode(error);
  if (sqlite !== undefined) return sqlite;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return SYSTEM_CODES[error.code];
  return undefined;
}

/**
 * The AppError for what SQLite (or the file system) said about `path`: store-full, store-corrupt, store-locked or
 * store-unwritable. An AppError and every other error come back as they are. Result codes: sqlite.org/rescode.html.
 */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const details = { path, sqlite: code };
  const cause = { cause: error };
  // A failed write or sync reports the disk, not the file's content; on a full file system it is how "full" shows.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'SQLITE_IOERR_FSYNC' || code === 'SQLITE_IOERR_TRUNCATE') {
    return new AppError('store-full', `The disk that holds ${path} is full. Free some space and try again; nothing that was confirmed is lost.`, details, cause);
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_IOERR_SHORT_READ' || code === 'SQLITE_IOERR_DATA') {
    return new AppError('store-corrupt', `The database ${path} is damaged. Restore a backup, or set the file aside and start with an empty one.`, details, cause);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('store-locked', `Another program is using ${path}. Close it and try again.`, details, cause);
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM' || code === 'SQLITE_IOERR_ACCESS') {
    return new AppError('store-unwritable', `${path} cannot be opened for writing. Check the folder's permissions or choose another folder.`, details, cause);
  }
  return error;
}
