import type { ChunkEncoder} from '#shared/domain/telemetry/codec/chunk/index.ts';
import { ChunkError, ChunkHead, ChunkReader, CHUNK_ROWS, RowSet } from '#shared/domain/telemetry/codec/chunk/index.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { Statement } from 'better-sqlite3';

export interface StoredChunk {
  readonly id: number;
  readonly hour: number;
  readonly rows: number;
  readonly head: Uint8Array;
  readonly data: Uint8Array | null;
}

/** Sealed chunks by unit and hour of event time. */
export class ChunkTable {
  readonly #database: SqliteDatabase;
  readonly #hours: Statement<[number, number, number], number>;
  readonly #of: Statement<[number, number, number, number], StoredChunk>;
  readonly #heads: Statement<[number, number, number, number], Pick<StoredChunk, 'id' | 'rows' | 'head'>>;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#hours = database.prepare<[number, number, number], number>('SELECT DISTINCT hour FROM chunk WHERE unit = ? AND hour BETWEEN ? AND ? ORDER BY hour').pluck() as Statement<[number, number, number], number>;
    // A damaged index may name rows of others, and SQLite takes its word for it: NOT INDEXED asks the row itself.
    const found = 'FROM chunk NOT INDEXED WHERE id IN (SELECT id FROM chunk WHERE unit = ? AND hour = ?) AND unit = ? AND hour = ? ORDER BY id';
    this.#of = database.prepare(`SELECT id, hour, rows, head, data ${found}`);
    this.#heads = database.prepare(`SELECT id, rows, head ${found}`);
  }

  /** Hours in which the unit has chunks, oldest first. */
  hours(unit: number, from: number, to: number): number[] {
    return this.#hours.all(unit, from, to);
  }

  /** Sealed rows of the unit by hour. */
  counts(unit: number, from: number, to: number): Map<number, number> {
    const rows = this.#database.prepare<[number, number, number], { hour: number; rows: number }>('SELECT hour, sum(rows) AS rows FROM chunk WHERE unit = ? AND hour BETWEEN ? AND ? GROUP BY hour').all(unit, from, to);
    return new Map(rows.map(({ hour, rows: count }) => [hour, count]));
  }

  of(unit: number, hour: number): StoredChunk[] {
    return this.#of.all(unit, hour, unit, hour);
  }

  /** As `of`, without the data. */
  heads(unit: number, hour: number): Pick<StoredChunk, 'id' | 'rows' | 'head'>[] {
    return this.#heads.all(unit, hour, unit, hour);
  }

  /** Puts the rows named by `order` (in the order of time) into as many chunks as they need. */
  write(encoder: ChunkEncoder, unit: number, hour: number, set: RowSet, order: Uint32Array): void {
    const insert = this.#database.prepare('INSERT INTO chunk (unit, hour, rows, head, data) VALUES (?, ?, ?, ?, ?)');
    for (let from = 0; from < order.length; from += CHUNK_ROWS) {
      const part = order.subarray(from, from + CHUNK_ROWS);
      const { head, data } = encoder.encode(set, part);
      insert.run(unit, hour, part.length, head, data);
    }
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM chunk WHERE id = ?').run(id);
  }

  /** Sets a damaged chunk aside, so that nothing reads it any more. */
  quarantine(unit: number, chunk: Pick<StoredChunk, 'id'>, reason: string, now: number): void {
    // A flipped bit may have made another type of a value; it is set aside as the bytes it is.
    this.#database
      .prepare("INSERT INTO quarantine (unit, hour, rows, found_at, reason, head, data) SELECT ?, CAST(COALESCE(hour, 0) AS INTEGER), CAST(COALESCE(rows, 0) AS INTEGER), ?, ?, CAST(COALESCE(head, x'') AS BLOB), CAST(data AS BLOB) FROM chunk WHERE id = ?")
      .run(unit, Math.round(now), reason, chunk.id);
    this.delete(chunk.id);
  }
}

/** A reader of the chunk; undefined where it is damaged or its data has been dropped. */
export function openChunk(chunk: Pick<StoredChunk, 'head' | 'data'>): ChunkReader | undefined {
  // A flipped type byte makes a column another kind of value.
  if (!(chunk.head instanceof Uint8Array) || !(chunk.data instanceof Uint8Array)) return undefined;
  try {
    return new ChunkReader(new ChunkHead(chunk.head), chunk.data);
  } catch (error) {
    if (error instanceof ChunkError) return undefined;
    throw error;
  }
}

/** The chunk's head; undefined where it is damaged. */
export function openHead(chunk: Pick<StoredChunk, 'head'>): ChunkHead | undefined {
  if (!(chunk.head instanceof Uint8Array)) return undefined;
  try {
    return new ChunkHead(chunk.head);
  } catch (error) {
    if (error instanceof ChunkError) return undefined;
    throw error;
  }
}

/** Appends the chunk's rows to a set; false (and nothing appended) where it is damaged. */
export function readChunk(chunk: Pick<StoredChunk, 'head' | 'data'>, into: RowSet): boolean {
  const reader = openChunk(chunk);
  if (!reader) return false;
  try {
    const rows = new RowSet();
    reader.rows(rows);
    for (let row = 0; row < rows.count; row++) into.copy(rows, row);
    return true;
  } catch (error) {
    if (error instanceof ChunkError || error instanceof RangeError) return false;
    throw error;
  }
}
