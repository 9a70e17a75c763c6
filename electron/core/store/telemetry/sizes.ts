import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { HOUR, listSegments } from './segments.ts';

/** What the store holds. Bytes of history and log are estimates from samples: counting them would read everything. */
export interface StoreSizes {
  readonly chunkBytes: number;
  readonly logBytes: number;
  /** Raw payloads, and the little that is left. */
  readonly rawBytes: number;
  /** Free pages of the file: what is stored next takes them. */
  readonly freeBytes: number;
  readonly chunks: number;
  /** Rows that are not sealed. */
  readonly logRows: number;
  readonly lateRows: number;
  readonly quarantined: number;
  /** Oldest stored row, raw payload and hourly figure, epoch ms. */
  readonly oldest?: number;
  readonly oldestRaw?: number;
  readonly oldestHour?: number;
}

const SAMPLES = 200;
/** A row of the log with its share of a page. */
const ROW_BYTES = 64;

export function storeSizes(database: SqliteDatabase): StoreSizes {
  const number = (sql: string): number => Number(database.prepare(sql).pluck().get() ?? 0);
  const optional = (sql: string): number | undefined => {
    const value = database.prepare(sql).pluck().get();
    return typeof value === 'number' ? value : undefined;
  };
  const page = Number(database.pragma('page_size', { simple: true }));
  const free = Number(database.pragma('freelist_count', { simple: true })) * page;
  const used = Number(database.pragma('page_count', { simple: true })) * page - free;
  const chunks = number('SELECT count(*) FROM chunk INDEXED BY chunk_by_unit');
  const last = number('SELECT max(id) FROM chunk');
  const sample = database.prepare<[number], number>('SELECT length(head) + coalesce(length(data), 0) FROM chunk WHERE id >= ? ORDER BY id LIMIT 1').pluck();
  let bytes = 0;
  for (let i = 0; i < SAMPLES && chunks > 0; i++) bytes += sample.get(1 + Math.floor((i * last) / SAMPLES)) ?? 0;
  const segments = listSegments(database);
  const chunkBytes = Math.min(used, Math.round((chunks * bytes) / SAMPLES));
  const rows = segments.reduce((sum, segment) => sum + (segment.hasLog ? segment.last - segment.first + 1 : 0), 0);
  const logBytes = Math.min(used - chunkBytes, rows * ROW_BYTES);
  const oldestChunk = optional('SELECT min(hour) FROM chunk WHERE data IS NOT NULL');
  const unsealed = segments.filter((segment) => segment.hasLog && !segment.sealed);
  const oldest = Math.min(oldestChunk === undefined ? Infinity : oldestChunk * HOUR, ...unsealed.map((segment) => segment.timeFrom));
  const oldestHour = optional('SELECT min(hour) FROM chunk WHERE data IS NULL');
  const raw = segments.find((segment) => segment.hasRaw);
  return {
    chunkBytes,
    logBytes,
    rawBytes: used - chunkBytes - logBytes,
    freeBytes: free,
    chunks,
    logRows: unsealed.reduce((sum, segment) => sum + segment.last - segment.first + 1, 0),
    lateRows: number('SELECT count(*) FROM late'),
    quarantined: number('SELECT count(*) FROM quarantine'),
    ...(Number.isFinite(oldest) ? { oldest } : {}),
    ...(raw ? { oldestRaw: raw.receivedFrom } : {}),
    ...(oldestHour === undefined ? {} : { oldestHour: oldestHour * HOUR }),
  };
}
