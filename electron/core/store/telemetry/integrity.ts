import { sqliteCode, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { openChunk } from './chunk-table.ts';
import { LOG_COLUMNS, LogRows, type LogRow } from './log-rows.ts';
import { RawBlock } from './raw-batch.ts';
import { listSegments } from './segments.ts';

/** Where a check goes on: tables by their place, chunks by id, payloads and rows of the log by sequence. */
export interface CheckCursor {
  readonly part: 'pages' | 'chunks' | 'raw' | 'log';
  readonly at: number;
}

export interface DamagedChunk {
  readonly id: number;
  /** Of unit and hour, 0 where these are damaged themselves. */
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
  /** Tables whose indexes do not agree with their rows. */
  readonly indexes?: readonly string[];
  readonly chunks: readonly DamagedChunk[];
  /** Damaged rows of the log. */
  readonly rows: number;
  /** Damaged batches of raw payloads. */
  readonly payloads?: number;
}

export const CHECK_START: CheckCursor = { part: 'pages', at: 0 };

/** What SQLite says of an index that does not agree with its table: the rows are sound, and it can be built again. */
const OF_INDEX = /^(?:row \S+ (?:missing from|values differ from) index|wrong # of entries in index|non-unique entry in index)/;

const CHUNKS = 400;
const ROWS = 20_000;
const LOG_SHARE = 0.1;
/** What the parts take of the whole, as shown. */
const PAGES_SHARE = 0.4;
const CHUNKS_SHARE = 0.3;
const RAW_SHARE = 0.2;
const BLOCKS = 32;

/** One slice of a check of the whole store: each table's pages, then the checksum of each chunk, of each batch of payloads, of each row of the log. */
export function checkSlice(database: SqliteDatabase, cursor: CheckCursor): CheckSlice {
  switch (cursor.part) {
    case 'pages':
      return checkPages(database, cursor.at);
    case 'chunks':
      return checkChunks(database, cursor.at);
    case 'raw':
      return checkRaw(database, cursor.at);
    case 'log':
      return checkLog(database, cursor.at);
  }
}

function checkPages(database: SqliteDatabase, at: number): CheckSlice {
  const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
  const table = tables[at];
  if (table === undefined) return { next: { part: 'chunks', at: 0 }, done: PAGES_SHARE, pages: [], chunks: [], rows: 0 };
  const found = tolerant(() => (database.pragma(`integrity_check("${table.replaceAll('"', '""')}")`) as { integrity_check: string }[]).map((row) => row.integrity_check).filter((text) => text !== 'ok'));
  const texts = typeof found === 'string' ? [found] : found;
  const pages = texts.filter((text) => !OF_INDEX.test(text)).map((text) => `${table}: ${text}`);
  return { next: { part: 'pages', at: at + 1 }, done: (PAGES_SHARE * (at + 1)) / tables.length, pages, indexes: pages.length < texts.length ? [table] : [], chunks: [], rows: 0 };
}

function checkChunks(database: SqliteDatabase, after: number): CheckSlice {
  const last = Number(database.prepare('SELECT coalesce(max(id), 0) FROM chunk').pluck().get());
  const rows = tolerant(() =>
    database.prepare<[number, number], DamagedChunk & { head: Uint8Array; data: Uint8Array | null; rows: number }>('SELECT id, unit, hour, rows, head, data FROM chunk WHERE id > ? ORDER BY id LIMIT ?').all(after, CHUNKS),
  );
  // A page that cannot be read was named by the check of pages; the slice behind it is looked at.
  if (!Array.isArray(rows)) return { next: after + CHUNKS > last ? { part: 'raw', at: 0 } : { part: 'chunks', at: after + CHUNKS }, done: PAGES_SHARE, pages: [`chunk: ${rows}`], chunks: [], rows: 0 };
  const damaged = rows.filter((chunk) => !(chunk.data === null && chunk.head instanceof Uint8Array) && openChunk(chunk)?.head.rows !== chunk.rows).map(({ id, unit, hour }) => ({ id, unit: whole(unit), hour: whole(hour) }));
  const end = rows.at(-1)?.id;
  if (end === undefined) return { next: { part: 'raw', at: 0 }, done: PAGES_SHARE + CHUNKS_SHARE, pages: [], chunks: damaged, rows: 0 };
  // Pages that point at each other give the same rows again and again.
  if (!rows.every(({ id }, i) => id > (rows[i - 1]?.id ?? after))) return { next: { part: 'raw', at: 0 }, done: PAGES_SHARE + CHUNKS_SHARE, pages: ['chunk: rows out of order'], chunks: damaged, rows: 0 };
  return { next: { part: 'chunks', at: end }, done: PAGES_SHARE + (last === 0 ? CHUNKS_SHARE : (CHUNKS_SHARE * end) / last), pages: [], chunks: damaged, rows: 0 };
}

/** A column that should hold a whole number; 0, which no unit and no hour of data has, where a flipped bit made something else of it. */
const whole = (value: unknown): number => (Number.isSafeInteger(value) ? Number(value) : 0);

function checkRaw(database: SqliteDatabase, after: number): CheckSlice {
  const segments = listSegments(database).filter((segment) => segment.hasRaw);
  const segment = segments.find((candidate) => candidate.last > after);
  if (!segment) return { next: { part: 'log', at: 0 }, done: 1 - LOG_SHARE, pages: [], chunks: [], rows: 0 };
  const first = segments[0]?.first ?? 0;
  const done = PAGES_SHARE + CHUNKS_SHARE + (RAW_SHARE * Math.max(0, after - first)) / Math.max(1, (segments.at(-1)?.last ?? 0) - first);
  const blocks = tolerant(() =>
    database.prepare<[number, number], { first: number; last: number; coding: number; data: Uint8Array }>(`SELECT first_sequence AS first, last_sequence AS last, coding, data FROM raw_${segment.id} WHERE first_sequence > ? ORDER BY first_sequence LIMIT ?`).all(after, BLOCKS),
  );
  if (!Array.isArray(blocks)) return { next: { part: 'raw', at: segment.last }, done, pages: [`raw_${segment.id}: ${blocks}`], chunks: [], rows: 0 };
  const end = blocks.at(-1)?.first;
  return { next: { part: 'raw', at: end !== undefined && end > after ? end : segment.last }, done, pages: [], chunks: [], rows: 0, payloads: blocks.filter((block) => !isSound(block)).length };
}

function isSound(block: { first: number; last: number; coding: number; data: Uint8Array }): boolean {
  try {
    return new RawBlock(block).last === block.last;
  } catch {
    // Deflate, the checksum and the lengths each have their own words for it.
    return false;
  }
}

function checkLog(database: SqliteDatabase, after: number): CheckSlice {
  const log = new LogRows(database);
  const segments = listSegments(database).filter((segment) => segment.hasLog && !segment.sealed);
  const segment = segments.find((candidate) => candidate.last > after);
  if (!segment) return { done: 1, pages: [], chunks: [], rows: 0 };
  const total = segments.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const rows = tolerant(() => database.prepare<[number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE sequence > ? ORDER BY sequence LIMIT ?`).all(after, ROWS));
  const left = segments.reduce((sum, { first, last }) => sum + Math.max(0, last - Math.max(after, first - 1)), 0);
  const done = 1 - LOG_SHARE * (left / Math.max(1, total));
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
