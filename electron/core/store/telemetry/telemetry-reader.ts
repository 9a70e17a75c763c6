import type { RecordDecoder } from '#shared/domain/telemetry/codec/record.ts';
import { openDatabase, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { textBytesOf, type Batch } from './batch.ts';
import type { Summary } from './buckets.ts';
import { ChunkTable } from './chunk-table.ts';
import type { RangeQuery, RangeResult } from './history-store.ts';
import { damagedStore, telemetryError } from './damage.ts';
import { checkSlice, type CheckCursor, type CheckSlice } from './integrity.ts';
import { LOG_COLUMNS, LogRows, type Budget, type LogRow } from './log-rows.ts';
import { Collector } from './points.ts';
import { MINUTE, MinuteRollups } from './minute-rollups.ts';
import { RawReader } from './raw-reader.ts';
import type { RawPayload, RawBlock } from './raw-batch.ts';
import type { RawPage, RawQuery, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import { rawPage, rowPage } from './row-pages.ts';
import { oldestHour } from './retention.ts';
import { HOUR, listSegments, type Segment } from './segments.ts';
import { storeSizes, type StoreSizes } from './sizes.ts';
import { bucketLength, TrendBuckets } from './trend-buckets.ts';
import { UnitHistory, type HistoryTables, type TimeRange } from './unit-history.ts';

/** Rows one query may visit: about a second of work; sealed ones count for less (unit-history.ts). Beyond it the answer is cut and says so. */
export const ROW_LIMIT = 1_000_000;
/** Above so many units a segment is read through once instead of following each unit's chain. */
const SCAN_FROM_UNITS = 100;

const NOTHING = new Uint8Array(0);

/** Last sequences of the asked units in the open segment (0: none), parallel to the query's units; the writer knows them. */
export type Tails = readonly number[];

/** The reading side of the append log, on its own read-only connection; sees what has been committed. Methods throw AppError store-corrupt. */
export class TelemetryReader {
  readonly #database: SqliteDatabase;
  readonly #path: string;
  readonly #limit: number;
  readonly #log: LogRows;
  readonly #raw: RawReader;
  readonly #chunks: ChunkTable;
  readonly #minutes: MinuteRollups;
  readonly #late: HistoryTables['late'];

  /** `limit`: rows one query may visit. */
  constructor(path: string, limit = ROW_LIMIT) {
    this.#path = path;
    this.#limit = limit;
    this.#database = openDatabase(path, { readonly: true, cacheKilobytes: 8_000 });
    this.#log = new LogRows(this.#database);
    this.#raw = new RawReader(this.#database);
    try {
      this.#chunks = new ChunkTable(this.#database);
      this.#minutes = new MinuteRollups(this.#database);
      this.#late = this.#database.prepare(`SELECT ${LOG_COLUMNS} FROM late WHERE unit = ? AND time BETWEEN ? AND ? ORDER BY sequence`);
    } catch (error) {
      this.#database.close();
      throw telemetryError(error, path);
    }
  }

  readRange(query: RangeQuery, tails: Tails): RangeResult {
    const collector = new Collector(query.units, query.parameters);
    const cut = this.#guard(() => this.#collect(collector, query, tails));
    return collector.range(query, cut);
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
        if (!segment.hasLog || segment.last <= last) continue;
        const rows = this.#database
          .prepare<[number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
          .all(last, batch.sizes.capacity - batch.count);
        let block: RawBlock | undefined;
        for (const row of rows) {
          // In a sound table they ascend; going back would never end.
          if (!(row.sequence > last)) throw damagedStore(this.#path, 'rows are out of order');
          if (segment.hasRaw && !(block && row.sequence <= block.last)) block = this.#raw.block(segment, row.sequence);
          const held = block && row.sequence >= block.first && row.sequence <= block.last ? block : undefined;
          const payload = held?.payload(row.sequence) ?? NOTHING;
          const readable = this.#log.read(row);
          if (readable && !batch.fits(1, this.#log.decoder.count, textBytesOf(this.#log.decoder.texts), payload.length)) return { last, damaged };
          last = row.sequence;
          if (readable) copyRow(row, this.#log.decoder, batch, payload, held?.suffix(row.sequence) ?? 0);
          else damaged++;
        }
        if (batch.count + damaged >= batch.sizes.capacity) return { last, damaged };
      }
      return { last, damaged };
    });
  }

  /** Whole rows of a unit, a page at a time. */
  rows(query: RowQuery, tail: number): RowPage {
    return this.#guard(() => rowPage(this.#history(query.unit, tail, pageRange(query)), query));
  }

  /** Raw payloads of a unit, a page at a time. */
  rawRange(query: RawQuery, tail: number): RawPage {
    return this.#guard(() => {
      const segments = listSegments(this.#database);
      this.#raw.clear();
      return rawPage(this.#history(query.unit, tail, pageRange(query)), query, (sequence) => this.#raw.payload(segments, sequence));
    });
  }

  /** Curves with exact extremes. */
  trends(query: TrendQuery, tails: Tails): TrendResult {
    return this.#guard(() => {
      const tables = this.#tables(query);
      const budget = { rows: this.#limit };
      let damaged = 0;
      let cut = false;
      const trends = query.units.flatMap((unit, i) => {
        const history = new UnitHistory(tables, unit, tails[i] ?? 0, query, budget);
        const series = query.parameters.map(() => new TrendBuckets(query.from, query.to, query.maxPoints));
        sumUp(history, query.parameters, series, bucketLength(query.from, query.to, query.maxPoints));
        damaged += history.damaged;
        cut ||= history.cut;
        return series.map((buckets, column) => buckets.result(unit, query.parameters[column] as number));
      });
      return { trends, truncated: cut, damaged };
    });
  }

  #history(unit: number, tail: number, range: TimeRange): UnitHistory {
    return new UnitHistory(this.#tables(range), unit, tail, range, { rows: this.#limit });
  }

  #tables(range: TimeRange): HistoryTables {
    const segments = listSegments(this.#database).filter((segment) => segment.hasLog && !segment.sealed && segment.timeTo >= range.from && segment.timeFrom <= range.to).reverse();
    return { segments, log: this.#log, chunks: this.#chunks, minutes: this.#minutes, late: this.#late, oldest: oldestHour(this.#database) };
  }

  /** The payload of a message as it was received, or undefined where it is not kept (any more). */
  readRaw(sequence: number): RawPayload | undefined {
    this.#raw.clear();
    return this.#guard(() => this.#raw.payload(listSegments(this.#database), sequence));
  }

  /** A slice of the check of the whole store. */
  check(cursor: CheckCursor): CheckSlice {
    return this.#guard(() => checkSlice(this.#database, cursor));
  }

  sizes(): StoreSizes {
    return this.#guard(() => storeSizes(this.#database));
  }

  close(): void {
    this.#database.close();
  }

  /** Collects the newest first; returns whether the row limit was met. */
  #collect(collector: Collector, query: RangeQuery, tails: Tails): boolean {
    const budget = { rows: this.#limit };
    const tables = this.#tables(query);
    const scanned = query.units.length >= SCAN_FROM_UNITS;
    if (scanned) for (const segment of tables.segments) this.#scan(segment, collector, query, budget);
    const rest = scanned ? { ...tables, segments: [] } : tables;
    query.units.forEach((unit, i) => {
      const history = new UnitHistory(rest, unit, tails[i] ?? 0, query, budget);
      for (const hour of history.hours().reverse()) {
        if (collector.full(unit, query.maxPoints) || history.isSpent()) break;
        history.columns(hour, query.parameters).forEach((values, column) => collector.addHour(unit, column, values));
      }
      collector.damaged += history.damaged;
    });
    return budget.rows < 0;
  }

  #scan(segment: Segment, collector: Collector, query: { from: number; to: number }, budget: Budget): void {
    const open = segment.closed ? new Set(this.#database.prepare<[number], number>('SELECT unit FROM segment_unit WHERE segment = ?').pluck().all(segment.id)) : undefined;
    const rows = this.#database.prepare<[number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE time BETWEEN ? AND ? ORDER BY sequence DESC`);
    for (const row of rows.iterate(query.from, query.to)) {
      if (budget.rows-- <= 0) return;
      if (collector.has(row.unit) && (open === undefined || open.has(row.unit))) this.#add(row, collector);
    }
  }

  #add(row: LogRow, collector: Collector): void {
    const { decoder } = this.#log;
    if (!this.#log.read(row)) {
      collector.damaged++;
      return;
    }
    for (let i = 0; i < decoder.count; i++) collector.add(row.unit, decoder.parameters[i] as number, row.time, decoder.values[i] as number, row.sequence);
  }

  /** Runs a query in one read transaction: what is sealed meanwhile neither disappears from it nor comes twice. */
  #guard<T>(run: () => T): T {
    try {
      this.#database.exec('BEGIN');
      const result = run();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#abandon();
      throw telemetryError(error, this.#path);
    }
  }

  #abandon(): void {
    try {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // In a damaged database even this can fail; the query's own error says so.
    }
  }
}

/**
 * Adds a history to one set of buckets per parameter: by the heads of whole hours where buckets are whole hours, by one-minute figures
 * where they are whole minutes and these are stored, else value by value.
 */
function sumUp(history: UnitHistory, parameters: readonly number[], series: readonly { add(time: number, value: number): void; addSummary(time: number, summary: Summary): void }[], bucket: number): void {
  const byHour = bucket % HOUR === 0;
  const byMinute = bucket % MINUTE === 0;
  const hours = byMinute ? history.summedHours() : history.hours();
  for (const hour of byHour ? hours : history.affordable(hours)) {
    const summaries = byHour ? history.summaries(hour, parameters) : undefined;
    if (summaries) {
      summaries.forEach((summary, column) => summary && series[column]?.addSummary(hour * HOUR, summary));
      continue;
    }
    const minutes = byMinute ? history.minutes(hour, parameters) : undefined;
    minutes?.forEach((figures, column) => figures?.forEach((figure) => series[column]?.addSummary(figure.time, figure)));
    const rest = parameters.map((_, column) => column).filter((column) => minutes?.[column] === undefined);
    if (rest.length === 0) continue;
    history.columns(hour, rest.map((column) => parameters[column] as number)).forEach(({ time, value }, i) => {
      const buckets = series[rest[i] as number];
      for (let at = 0; at < time.length; at++) buckets?.add(time[at] as number, value[at] as number);
    });
  }
}

/** The part of a page's range that its cursor leaves. */
function pageRange(query: RowQuery | RawQuery): TimeRange {
  const { from, to, after } = query;
  if (!after) return { from, to };
  return 'newestFirst' in query && query.newestFirst === true ? { from, to: Math.min(to, after.time) } : { from: Math.max(from, after.time), to };
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
