import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { RawCell } from '#shared/resources/import-template.ts';

/** A row of a file that was not applied, with its cells as they were. */
export interface FailedRow {
  readonly line: number;
  readonly cells: readonly RawCell[];
  readonly reason: string;
}

function addFailures(database: SqliteDatabase, { uploadId, rows }: { readonly uploadId: string; readonly rows: readonly FailedRow[] }): void {
  const insert = database.prepare('INSERT OR REPLACE INTO bulk_upload_failure (upload_id, line, cells, reason) VALUES (?, ?, ?, ?)');
  // JSON has null where a cell is blank.
  for (const { line, cells, reason } of rows) insert.run(uploadId, line, JSON.stringify(cells), reason);
}

/** Forgets the failed rows of all but the newest uploads. */
function pruneFailures(database: SqliteDatabase, { uploads }: { readonly uploads: number }): void {
  database.prepare('DELETE FROM bulk_upload_failure WHERE upload_id NOT IN (SELECT id FROM bulk_upload ORDER BY created_at DESC, id DESC LIMIT ?)').run(uploads);
}

/** Failed rows of an upload after a line, in the order of the file. */
export function readFailures(database: SqliteDatabase, uploadId: string, after: number, limit: number): readonly FailedRow[] {
  return database
    .prepare<[string, number, number], { line: number; cells: string; reason: string }>('SELECT line, cells, reason FROM bulk_upload_failure WHERE upload_id = ? AND line > ? ORDER BY line LIMIT ?')
    .all(uploadId, after, limit)
    .map(({ line, cells, reason }) => ({ line, reason, cells: (JSON.parse(cells) as (RawCell | null)[]).map((cell) => cell ?? undefined) }));
}

export function countFailures(database: SqliteDatabase, uploadId: string): number {
  return database.prepare<[string], number>('SELECT count(*) FROM bulk_upload_failure WHERE upload_id = ?').pluck().get(uploadId) ?? 0;
}

export interface UploadPage {
  readonly total: number;
  /** Ids, newest first. */
  readonly ids: readonly string[];
}

/** A page of the history, newest first: of everybody, or of one user. */
export function pageOfUploads(database: SqliteDatabase, options: { readonly userId?: string | undefined; readonly offset: number; readonly limit: number }): UploadPage {
  const where = options.userId === undefined ? '' : 'WHERE user_id = ?';
  const own = options.userId === undefined ? [] : [options.userId];
  const total = database.prepare<unknown[], number>(`SELECT count(*) FROM bulk_upload ${where}`).pluck().get(...own) ?? 0;
  const ids = database.prepare<unknown[], string>(`SELECT id FROM bulk_upload ${where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`).pluck().all(...own, options.limit, options.offset);
  return { total, ids };
}

/** Uploads that nobody finished: the program ended meanwhile. */
export function runningUploads(database: SqliteDatabase): readonly string[] {
  return database.prepare<[], string>("SELECT id FROM bulk_upload WHERE status = 'RUNNING'").pluck().all();
}

/** Writes of this node's failed rows. */
export const BULK_UPLOAD_WRITES = {
  'bulk-upload.failures-add': addFailures,
  'bulk-upload.failures-prune': pruneFailures,
} as const;
