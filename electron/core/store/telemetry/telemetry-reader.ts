import { RecordDecoder, RecordError } from '#shared/domain/telemetry/codec/record.ts';
import { openDatabase, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { textBytesOf, type Batch } from './batch.ts';
import type { RangeQuery, RangeResult, RollupQuery, RollupSeries } from './history-store.ts';
import { damagedStore, telemetryError } from './damage.ts';
import { Collector } from './points.ts';
import { RawBlock, type RawPayload } from './raw-batch.ts';
import { rowChecksum } from './row-checksum.ts';
import { listSegments, type Segment } from './segments.ts';

/** Rows one query may visit: about a second of work. Beyond it the answer is cut and says so. */
export const ROW_LIMIT = 1_000_000;
/** Above so many units a segment is read through once instead of following each unit's chain. */
const SCAN_FROM_UNITS = 100;

const NOTHING = new Uint8Array(0);
const COLUMNS = 'sequence, unit, time, device_offset, received_offset, boot, number, flags, back, checksum, record';

interface LogRow {
  sequence: number;
  unit: number;
  time: number;
  device_offset: number | null;
  received_offset: number;
  boot: number;
  number: number;
  flags: number;
  back: number;
  checksum: number;
  record: Uint8Array;
}

/** Last sequences of the asked units in the open segment (0: none), parallel to the query's units; the writer knows them. */
export type Tails = readonly number[];

/** The reading side of the append log, on its own read-only connection; sees what has been committed. Methods throw AppError store-corrupt. */
export class TelemetryReader {
  readonly #database: SqliteDatabase;
  readonly #path: string;
  readonly #decoder = new RecordDecoder();

  constructor(path: string) {
    this.#path = path;
    this.#database = openDatabase(path, { readonly: true, cacheKilobytes: 8_000 });
  }

  readRange(query: RangeQuery, tails: Tails): RangeResult {
    const collector = new Collector(query.units, query.parameters);
    const cut = this.#collect(collector, query, tails, query.maxPoints);
    return collector.range(query, cut);
  }

  rollup(query: RollupQuery, tails: Tails): RollupSeries[] {
    const collector = new Collector(query.units, query.parameters);
    // `to` is excluded and times are whole milliseconds.
    this.#collect(collector, { ...query, to: query.to - 1 }, tails, Infinity);
    return collector.rollup(query);
  }

  /**
   * Fills `batch` with the messages after `after`, in their order, as far as they fit, with their raw payloads where these are still
   * kept. Returns the sequence of the last one, `after` where nothing follows, and how many were damaged and left out.
   */
  readLog(after: number, batch: Batch): { last: number; damaged: number } {
    batch.count = 0;
    let last = after;
    let damaged = 0;
    return this.#guard(() => {
      for (const segment of listSegments(this.#database)) {
        if (segment.last <= last) continue;
        const rows = this.#database
          .prepare<[number, number], LogRow>(`SELECT ${COLUMNS} FROM log_${segment.id} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
          .all(last, batch.sizes.capacity - batch.count);
        let block: RawBlock | undefined;
        for (const row of rows) {
          // In a sound table they ascend; going back would never end.
          if (!(row.sequence > last)) throw damagedStore(this.#path, 'rows are out of order');
          if (segment.hasRaw && !(block && row.sequence <= block.last)) block = this.#rawBlock(segment, row.sequence);
          const held = block && row.sequence >= block.first && row.sequence <= block.last ? block : undefined;
          const payload = held?.payload(row.sequence) ?? NOTHING;
          const readable = this.#read(row);
          if (readable && !batch.fits(1, this.#decoder.count, textBytesOf(this.#decoder.texts), payload.length)) return { last, damaged };
          last = row.sequence;
          if (readable) copyRow(row, this.#decoder, batch, payload, held?.suffix(row.sequence) ?? 0);
          else damaged++;
        }
        if (batch.count + damaged >= batch.sizes.capacity) return { last, damaged };
      }
      return { last, damaged };
    });
  }

  /** The payload of a message as it was received, or undefined where it is not kept (any more). */
  readRaw(sequence: number): RawPayload | undefined {
    return this.#guard(() => {
      const segment = listSegments(this.#database).find((candidate) => candidate.first <= sequence && sequence <= candidate.last);
      const block = segment?.hasRaw ? this.#rawBlock(segment, sequence) : undefined;
      const payload = block?.payload(sequence);
      return block && payload && payload.length > 0 ? { suffix: block.suffix(sequence), payload: new Uint8Array(payload) } : undefined;
    });
  }

  /** The block that holds the message; undefined where its batch had no payloads, or it cannot be read. */
  #rawBlock(segment: Segment, sequence: number): RawBlock | undefined {
    const row = this.#database
      .prepare<[number], { first: number; last: number; coding: number; data: Uint8Array }>(
        `SELECT first_sequence AS first, last_sequence AS last, coding, data FROM raw_${segment.id} WHERE first_sequence <= ? ORDER BY first_sequence DESC LIMIT 1`,
      )
      .get(sequence);
    if (!row || row.last < sequence) return undefined;
    try {
      return new RawBlock(row);
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#database.close();
  }

  /** Collects newest segments first; returns whether the row limit was met. */
  #collect(collector: Collector, query: { units: readonly number[]; from: number; to: number }, tails: Tails, maxPoints: number): boolean {
    return this.#guard(() => {
      const budget = { rows: ROW_LIMIT };
      const segments = listSegments(this.#database).filter((segment) => segment.timeTo >= query.from && segment.timeFrom <= query.to).reverse();
      if (query.units.length >= SCAN_FROM_UNITS) {
        for (const segment of segments) this.#scan(segment, collector, query, budget);
      } else {
        query.units.forEach((unit, i) => this.#follow(segments, unit, tails[i] ?? 0, collector, query, maxPoints, budget));
      }
      return budget.rows < 0;
    });
  }

  #scan(segment: Segment, collector: Collector, query: { from: number; to: number }, budget: { rows: number }): void {
    const rows = this.#database.prepare<[number, number], LogRow>(`SELECT ${COLUMNS} FROM log_${segment.id} WHERE time BETWEEN ? AND ? ORDER BY sequence DESC`);
    for (const row of rows.iterate(query.from, query.to)) {
      if (budget.rows-- <= 0) return;
      if (collector.has(row.unit)) this.#add(row, collector);
    }
  }

  #follow(segments: readonly Segment[], unit: number, tail: number, collector: Collector, query: { from: number; to: number }, maxPoints: number, budget: { rows: number }): void {
    const ends = this.#database.prepare<[number, number], { last_sequence: number; time_from: number; time_to: number }>('SELECT last_sequence, time_from, time_to FROM segment_unit WHERE unit = ? AND segment = ?');
    for (const segment of segments) {
      const end = segment.closed ? ends.get(unit, segment.id) : { last_sequence: tail, time_from: -Infinity, time_to: Infinity };
      if (!end || end.time_to < query.from || end.time_from > query.to) continue;
      if (collector.full(unit, maxPoints, end.time_to)) continue;
      const rowOf = this.#database.prepare<[number], LogRow>(`SELECT ${COLUMNS} FROM log_${segment.id} WHERE sequence = ?`);
      let sequence = end.last_sequence;
      while (sequence >= segment.first) {
        const row = rowOf.get(sequence);
        if (!row || budget.rows-- <= 0) break;
        if (row.unit === unit && row.time >= query.from && row.time <= query.to) this.#add(row, collector);
        if (row.back <= 0) break;
        sequence -= row.back;
      }
    }
  }

  #add(row: LogRow, collector: Collector): void {
    const decoder = this.#decoder;
    if (!this.#read(row)) {
      collector.damaged++;
      return;
    }
    for (let i = 0; i < decoder.count; i++) collector.add(row.unit, decoder.parameters[i] as number, row.time, decoder.values[i] as number, row.sequence);
  }

  /** Reads the row's record into the decoder; false where the row is damaged. */
  #read(row: LogRow): boolean {
    // A flipped type byte makes a column another kind of value.
    if (!(row.record instanceof Uint8Array) || row.checksum !== rowChecksum(row, row.record)) return false;
    try {
      this.#decoder.read(row.record);
      return true;
    } catch (error) {
      if (error instanceof RecordError) return false;
      throw error;
    }
  }

  #guard<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw telemetryError(error, this.#path);
    }
  }
}

function copyRow(row: LogRow, record: RecordDecoder, batch: Batch, payload: Uint8Array, suffix: number): void {
  const i = batch.count;
  const valueAt = batch.valueAt;
  batch.parameters.set(record.parameters.subarray(0, record.count), valueAt);
  batch.values.set(record.values.subarray(0, record.count), valueAt);
  batch.valueEnd[i] = valueAt + record.count;
  batch.textEnd[i] = batch.writeTexts(record.texts, batch.textAt);
  const payloadAt = batch.payloadAt;
  batch.payloads.set(payload, payloadAt);
  batch.payloadEnd[i] = payloadAt + payload.length;
  batch.time[i] = row.time;
  batch.deviceTime[i] = row.device_offset === null ? Number.NaN : row.time + row.device_offset;
  batch.received[i] = row.time + row.received_offset;
  batch.unit[i] = row.unit;
  batch.boot[i] = row.boot;
  batch.number[i] = row.number;
  batch.flags[i] = row.flags;
  batch.suffix[i] = suffix;
  batch.count = i + 1;
}
