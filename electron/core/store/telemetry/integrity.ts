import { sqliteCode, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { openChunk } from './chunk-table.ts';
import { LOG_COLUMNS, LogRows, type LogRow } from './log-rows.ts';
import { listSegments } from './segments.ts';

/** Where a check goes on: tables by their place, chunks by id, rows of the log by sequence. */
export interface CheckCursor {
  readonly part: 'pages' | 'chunks' | 'log';
  readonly at: number;
}

export interface DamagedChunk {
  readonly id: number;
  readonly unit: number;
  readonly hour: number;
}

export interface CheckSlice {
  /** undefined: everything has been looked at. */
  readonly next?: CheckCursor;
  /** How much of the whole has been looked at, 0 to 1. */
  readonly done: number;
  /** What is wrong with the database's pages, in SQLite's words. */
  readonly pages: readonly string[];
  readonly chunks: readonly DamagedChunk[];
  /** Damaged rows of the log. */
  readonly rows: number;
}

export const CHECK_START: CheckCursor = { part: 'pages', at: 0 };

const CHUNKS = 400;
const ROWS = 20_000;
/** What the parts take of the whole, as shown. */
const PAGES_SHARE = 0.4;
const CHUNKS_SHARE = 0.5;

/** One slice of a check of the whole store: each table's pages, then the checksum of each chunk, then of each row of the log. */
export function checkSlice(database: SqliteDatabase, cursor: CheckCursor): CheckSlice {
  switch (cursor.part) {
    case 'pages':
      return checkPages(database, cursor.at);
    case 'chunks':
      return checkChunks(database, cursor.at);
    case 'log':
      return checkLog(database, cursor.at);
  }
}

function checkPages(database: SqliteDatabase, at: number): CheckSlice {
  const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
  const table = tables[at];
  if (table === undefined) return { next: { part: 'chunks', at: 0 }, done: PAGES_SHARE, pages: [], chunks: [], rows: 0 };
  const found = tolerant(() => (database.pragma(`quick_check("${table.replaceAll('"', '""')}")`) as { quick_check: string }[]).map((row) => row.quick_check).filter((text) => text !== 'ok'));
  return { next: { part: 'pages', at: at + 1 }, done: (PAGES_SHARE * (at + 1)) / tables.length, pages: Array.isArray(found) ? found.map((text) => `${table}: ${text}`) : [`${table}: ${found}`], chunks: [], rows: 0 };
}

function checkChunks(database: SqliteDatabase, after: number): CheckSlice {
  const last = Number(database.prepare('SELECT coalesce(max(id), 0) FROM chunk').pluck().get());
  const rows = tolerant(() =>
    database.prepare<[number, number], DamagedChunk & { head: Uint8Array; data: Uint8Array | null; rows: number }>('SELECT id, unit, hour, rows, head, data FROM chunk WHERE id > ? ORDER BY id LIMIT ?').all(after, CHUNKS),
  );
  // A page that cannot be read was named by the check of pages; the slice behind it is looked at.
  if (!Array.isArray(rows)) return { next: after + CHUNKS > last ? { part: 'log', at: 0 } : { part: 'chunks', at: after + CHUNKS }, done: PAGES_SHARE, pages: [`chunk: ${rows}`], chunks: [], rows: 0 };
  const damaged = rows.filter((chunk) => !(chunk.data === null && chunk.head instanceof Uint8Array) && openChunk(chunk)?.head.rows !== chunk.rows).map(({ id, unit, hour }) => ({ id, unit, hour }));
  const end = rows.at(-1)?.id;
  return { next: end === undefined ? { part: 'log', at: 0 } : { part: 'chunks', at: end }, done: PAGES_SHARE + (end === undefined || last === 0 ? CHUNKS_SHARE : (CHUNKS_SHARE * end) / last), pages: [], chunks: damaged, rows: 0 };
}

function checkLog(database: SqliteDatabase, after: number): CheckSlice {
  const log = new LogRows(database);
  const segments = listSegments(database).filter((segment) => segment.hasLog && !segment.sealed);
  const segment = segments.find((candidate) => candidate.last > after);
  if (!segment) return { done: 1, pages: [], chunks: [], rows: 0 };
  const total = segments.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const rows = tolerant(() => database.prepare<[number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE sequence > ? ORDER BY sequence LIMIT ?`).all(after, ROWS));
  const left = segments.reduce((sum, { first, last }) => sum + Math.max(0, last - Math.max(after, first - 1)), 0);
  const done = PAGES_SHARE + CHUNKS_SHARE + (1 - PAGES_SHARE - CHUNKS_SHARE) * (1 - left / Math.max(1, total));
  if (!Array.isArray(rows)) return { next: { part: 'log', at: segment.last }, done, pages: [`log_${segment.id}: ${rows}`], chunks: [], rows: 0 };
  const end = rows.at(-1)?.sequence;
  return { next: { part: 'log', at: end !== undefined && end > after ? end : segment.last }, done, pages: [], chunks: [], rows: rows.filter((row) => !log.read(row)).length };
}

/** What `run` returns, or SQLite's words where it found damage. */
function tolerant<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && sqliteCode(error)?.startsWith('SQLITE_CORRUPT')) return error.message;
    throw error;
  }
}
