import type { Rng } from '#shared/kernel/ports.ts';
import type { Batch } from './batch.ts';
import { type Appended, type Dropped, type DropQuery, type HistoryStore, NOT_SEALED, type RangeQuery, type RangeResult, type RollupQuery, type RollupSeries, type Sealed } from './history-store.ts';
import type { RawPage, RawQuery, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { RawPayload } from './raw-batch.ts';
import { TelemetryLog, type StoredUnit } from './telemetry-log.ts';
import { TelemetryReader } from './telemetry-reader.ts';

/**
 * The append log behind the port, on the caller's thread: for tools, tests and benchmarks. The application has its writer and
 * readers in workers (writer-client.ts, reader-pool.ts) and answers the same.
 */
export class SqliteHistoryStore implements HistoryStore {
  readonly log: TelemetryLog;
  readonly reader: TelemetryReader;

  constructor(path: string, deps: { readonly rng: Rng }) {
    this.log = TelemetryLog.open(path, deps);
    this.reader = new TelemetryReader(path);
  }

  appendBatch(batch: Batch, options: { readonly durable: boolean; readonly newUnits?: readonly StoredUnit[] }): Promise<Appended> {
    return Promise.resolve(this.log.append(batch, options));
  }

  seal(_before: number): Promise<Sealed> {
    return Promise.resolve(NOT_SEALED);
  }

  readRange(query: RangeQuery): Promise<RangeResult> {
    return Promise.resolve(this.reader.readRange(query, this.#tails(query.units)));
  }

  rollup(query: RollupQuery): Promise<readonly RollupSeries[]> {
    return Promise.resolve(this.reader.rollup(query, this.#tails(query.units)));
  }

  rows(query: RowQuery): Promise<RowPage> {
    return Promise.resolve(this.reader.rows(query, this.log.index.tail[query.unit] ?? 0));
  }

  trends(query: TrendQuery): Promise<TrendResult> {
    return Promise.resolve(this.reader.trends(query, this.#tails(query.units)));
  }

  rawRange(query: RawQuery): Promise<RawPage> {
    return Promise.resolve(this.reader.rawRange(query, this.log.index.tail[query.unit] ?? 0));
  }

  raw(sequence: number): Promise<RawPayload | undefined> {
    return Promise.resolve(this.reader.readRaw(sequence));
  }

  drop(query: DropQuery): Promise<Dropped> {
    return Promise.resolve(this.log.drop(query));
  }

  close(): void {
    this.reader.close();
    this.log.close();
  }

  #tails(units: readonly number[]): number[] {
    return units.map((unit) => this.log.index.tail[unit] ?? 0);
  }
}

