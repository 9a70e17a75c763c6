import { ChunkEncoder, RowSet } from '#shared/domain/telemetry/codec/chunk/index.ts';
import { sqliteCode, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { Statement } from 'better-sqlite3';
import { ChunkTable, readChunk } from './chunk-table.ts';
import { distinctRows } from './distinct-rows.ts';
import type { Sealed } from './history-store.ts';
import type { DamagedChunk } from './integrity.ts';
import { LOG_COLUMNS, LogRows, type LogRow } from './log-rows.ts';
import { MinuteRollups } from './minute-rollups.ts';
import { SealedNumbers } from './sealed-numbers.ts';
import { HOUR, listSegments, type Segment } from './segments.ts';

/** So many rows of an hour that is sealed already wait in the table of late rows; more are merged at once. */
const LATE_ROWS = 16;
/** Late rows are merged when their hour has ended for so long, ms. */
const LATE_WAIT = 2 * HOUR;

/** Points of a step at which a test may end the process: everything before is in the transaction, nothing of it is committed. */
export type SealStep = 'seal-begin' | 'seal-chunk' | 'seal-late' | 'seal-segment' | 'seal-commit' | 'drop-begin' | 'drop-commit';

export interface SealerOptions {
  readonly now: () => number;
  readonly onStep?: (step: SealStep) => void;
}

/** Chunks that were set aside, and how many of them have rows again. */
export interface Quarantined {
  readonly chunks: number;
  readonly refilled: number;
}

export type SealCounts = { -readonly [K in keyof Sealed]: Sealed[K] };

/**
 * Turns closed segments of the log into chunks, a unit at a time. A unit's rows of a segment change over in one transaction, in which its
 * entry in segment_unit goes: whoever reads takes rows from the log where there is an entry, else from chunks and late rows.
 */
export class Sealer {
  readonly counts: SealCounts = { messages: 0, chunks: 0, late: 0, repeated: 0, damaged: 0 };
  readonly #database: SqliteDatabase;
  readonly #options: SealerOptions;
  readonly #log: LogRows;
  readonly #chunks: ChunkTable;
  readonly #encoder = new ChunkEncoder();
  readonly #minutes: MinuteRollups;
  readonly #sealed: SealedNumbers;
  readonly #findLate: Statement<[number, number, number]>;
  /** Segments with damaged pages: they stay as they are, so that the others are sealed. */
  readonly #unreadable = new Set<number>();

  constructor(database: SqliteDatabase, options: SealerOptions) {
    this.#database = database;
    this.#options = options;
    this.#log = new LogRows(database);
    this.#chunks = new ChunkTable(database);
    this.#minutes = new MinuteRollups(database);
    this.#sealed = new SealedNumbers(this.#chunks);
    this.#findLate = database.prepare('SELECT 1 FROM late WHERE unit = ? AND boot = ? AND number = ? LIMIT 1');
  }

  /**
   * Seals closed segments received whole before `before`, for about `milliseconds`, in one transaction. False: nothing is left to do.
   * Throws what SQLite throws; nothing of the step is stored then.
   */
  step(before: number, milliseconds: number, monotonic: () => number): boolean {
    const segment = listSegments(this.#database).find((candidate) => candidate.closed && !candidate.sealed && candidate.receivedTo < before && !this.#unreadable.has(candidate.id));
    const counts = { ...this.counts };
    this.#sealed.forget();
    const end = monotonic() + milliseconds;
    this.#options.onStep?.('seal-begin');
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const more = segment ? this.#segment(segment, end, monotonic) : this.#late(before - LATE_WAIT, end, monotonic);
      this.#options.onStep?.('seal-commit');
      this.#database.exec('COMMIT');
      return more;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      Object.assign(this.counts, counts);
      if (segment && sqliteCode(error)?.startsWith('SQLITE_CORRUPT')) {
        this.#unreadable.add(segment.id);
        this.counts.damaged++;
        return true;
      }
      throw error;
    }
  }

  /**
   * Whether a message of a unit is among what is sealed of the hour of `time` and the one before. The numbers of an hour are read once: a
   * unit that is not sure sends many messages of the same hour.
   */
  holds(unit: number, time: number, boot: number, number: number): boolean {
    if (this.#findLate.get(unit, boot, number) !== undefined) return true;
    const hour = Math.floor(time / HOUR);
    return this.#sealed.has(unit, hour, boot, number) || this.#sealed.has(unit, hour - 1, boot, number);
  }

  /**
   * Sets some of the chunks aside, for about `milliseconds`, in one transaction, at least one; what the log still has of their units and hours is
   * sealed again. Returns how many were taken from the beginning.
   */
  quarantine(chunks: readonly DamagedChunk[], milliseconds: number, monotonic: () => number): Quarantined {
    const segments = listSegments(this.#database).filter((segment) => segment.hasLog && segment.sealed);
    const end = monotonic() + milliseconds;
    let refilled = 0;
    let taken = 0;
    this.#sealed.forget();
    this.#database.transaction(() => {
      for (const chunk of chunks) {
        if (taken > 0 && monotonic() >= end) break;
        taken++;
        this.#chunks.quarantine(chunk.unit, chunk, 'found by a check', this.#options.now());
        this.#minutes.delete(chunk.unit, chunk.hour);
        const rows = new RowSet();
        for (const segment of segments) {
          if (segment.timeTo < chunk.hour * HOUR || segment.timeFrom >= (chunk.hour + 1) * HOUR) continue;
          const all = this.#database.prepare<[number, number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE unit = ? AND time >= ? AND time < ?`);
          for (const row of all.iterate(chunk.unit, chunk.hour * HOUR, (chunk.hour + 1) * HOUR)) this.#log.append(row, rows);
        }
        if (rows.count === 0) continue;
        this.#hour(chunk.unit, chunk.hour, rows, LATE_ROWS);
        refilled++;
      }
    }).immediate();
    return { chunks: taken, refilled };
  }

  #segment(segment: Segment, end: number, monotonic: () => number): boolean {
    const next = this.#database.prepare<[number, number], { unit: number; messages: number }>('SELECT unit, messages FROM segment_unit WHERE segment = ? AND unit > ? ORDER BY unit LIMIT 1');
    const done = this.#database.prepare('DELETE FROM segment_unit WHERE unit = ? AND segment = ?');
    for (let unit = -1; ; ) {
      const entry = next.get(segment.id, unit);
      if (!entry) break;
      unit = entry.unit;
      this.#unit(segment, unit, entry.messages);
      done.run(unit, segment.id);
      if (monotonic() >= end) return true;
    }
    this.#database.prepare('UPDATE segment SET sealed = 1 WHERE id = ?').run(segment.id);
    this.#options.onStep?.('seal-segment');
    return true;
  }

  #unit(segment: Segment, unit: number, messages: number): void {
    const hours = new Map<number, RowSet>();
    const take = (row: LogRow): void => {
      const hour = Math.floor(row.time / HOUR);
      let rows = hours.get(hour);
      if (!rows) hours.set(hour, (rows = new RowSet()));
      if (this.#log.append(row, rows)) found++;
      else damaged++;
    };
    let found = 0;
    let damaged = 0;
    this.#log.follow([segment], unit, 0, { from: -Infinity, to: Infinity }, { rows: Infinity }, take);
    if (found !== messages) {
      // The chain is broken: each row by itself is still there.
      hours.clear();
      found = 0;
      damaged = 0;
      const all = this.#database.prepare<[number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE unit = ?`);
      for (const row of all.iterate(unit)) take(row);
    }
    this.counts.messages += found;
    this.counts.damaged += damaged;
    for (const [hour, rows] of hours) if (rows.count > 0) this.#hour(unit, hour, rows, LATE_ROWS);
  }

  /** Adds rows to an hour: as its first chunk, as late rows where they are at most `lateRows`, or merged with what there is. */
  #hour(unit: number, hour: number, added: RowSet, lateRows: number): void {
    const chunks = this.#chunks.of(unit, hour);
    // Beyond the retention of rows only the roll-up is kept, and it is final.
    if (chunks.some((chunk) => chunk.data === null)) {
      this.#forgetLate(unit, hour);
      return;
    }
    const rows = new RowSet();
    let sound = 0;
    for (const chunk of chunks) {
      if (readChunk(chunk, rows)) sound++;
      else {
        this.#chunks.quarantine(unit, chunk, 'found when its hour was sealed again', this.#options.now());
        this.counts.damaged++;
      }
    }
    const late = this.#lateRows(unit, hour, rows);
    if (rows.count === 0) {
      this.#forgetLate(unit, hour);
      this.#write(unit, hour, added, distinctRows(added), added.count);
      return;
    }
    const kept = rows.count;
    for (let row = 0; row < added.count; row++) rows.copy(added, row);
    const order = distinctRows(rows);
    const news = order.filter((row) => row >= kept);
    if (sound > 0 && lateRows > 0 && news.length + late <= lateRows) {
      this.counts.repeated += added.count - news.length;
      if (news.length > 0) this.#addLate(unit, rows, news);
      return;
    }
    for (const chunk of chunks) this.#chunks.delete(chunk.id);
    this.#forgetLate(unit, hour);
    this.#write(unit, hour, rows, order, rows.count);
  }

  /** Puts rows into chunks, with their roll-ups. */
  #write(unit: number, hour: number, rows: RowSet, order: Uint32Array, count: number): void {
    this.counts.repeated += count - order.length;
    if (order.length === 0) return;
    this.#chunks.write(this.#encoder, unit, hour, rows, order);
    this.#minutes.write(unit, hour, rows, order);
    this.counts.chunks++;
    this.#options.onStep?.('seal-chunk');
  }

  #forgetLate(unit: number, hour: number): void {
    this.#database.prepare('DELETE FROM late WHERE unit = ? AND time >= ? AND time < ?').run(unit, hour * HOUR, (hour + 1) * HOUR);
  }

  /** Appends the hour's late rows to the set; returns how many there are. */
  #lateRows(unit: number, hour: number, into: RowSet): number {
    let count = 0;
    for (const row of this.#database.prepare<[number, number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM late WHERE unit = ? AND time >= ? AND time < ? ORDER BY sequence`).all(unit, hour * HOUR, (hour + 1) * HOUR)) {
      if (this.#log.append(row, into)) count++;
      else this.counts.damaged++;
    }
    return count;
  }

  #addLate(unit: number, set: RowSet, rows: Uint32Array): void {
    // The row as it is in the log: its checksum still holds.
    for (const segment of listSegments(this.#database)) {
      if (!segment.hasLog) continue;
      const copy = this.#database.prepare(`INSERT INTO late (${LOG_COLUMNS}) SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE sequence = ? AND unit = ?`);
      for (const row of rows) {
        const sequence = set.sequence[row] as number;
        if (sequence >= segment.first && sequence <= segment.last) copy.run(sequence, unit);
      }
    }
    this.counts.late += rows.length;
    this.#options.onStep?.('seal-late');
  }

  /** Merges late rows of hours that ended before `before`; false: there are none. */
  #late(before: number, end: number, monotonic: () => number): boolean {
    const next = this.#database.prepare<[number], { unit: number; time: number }>('SELECT unit, time FROM late WHERE time < ? ORDER BY time, unit LIMIT 1');
    for (;;) {
      const entry = next.get(Math.floor(before / HOUR) * HOUR);
      if (!entry) return false;
      this.#hour(entry.unit, Math.floor(entry.time / HOUR), new RowSet(), 0);
      if (monotonic() >= end) return true;
    }
  }
}
