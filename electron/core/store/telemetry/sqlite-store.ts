import type { Batch } from './batch.ts';
import { type Appended, type Dropped, type DropQuery, type HistoryStore, sealedSince, type RangeQuery, type RangeResult, type Sealed } from './history-store.ts';
import type { RawPage, RawQuery, Rewritten, RewrittenRow, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { RawPayload } from './raw-batch.ts';
import { TelemetryLog, type LogDeps, type StoredUnit } from './telemetry-log.ts';
import { TelemetryReader } from './telemetry-reader.ts';

/**
 * The append log behind the port, on the caller's thread: for tools, tests and benchmarks. The application has its writer and
 * readers in workers (writer-client.ts, reader-pool.ts) and answers the same.
 */
export class SqliteHistoryStore implements HistoryStore {
  readonly log: TelemetryLog;
  readonly reader: TelemetryReader;

  constructor(path: string, deps: LogDeps) {
    this.log = TelemetryLog.open(path, deps);
    this.reader = new TelemetryReader(path);
  }

  appendBatch(batch: Batch, options: { readonly durable: boolean; readonly newUnits?: readonly StoredUnit[] }): Promise<Appended> {
    return Promise.resolve(this.log.append(batch, options));
  }

  seal(before: number): Promise<Sealed> {
    const start = { ...this.log.sealed };
    // A step ends by the clock; with one that stands still it ends with its segment.
    while (this.log.sealStep(before, 1, () => 0));
    return Promise.resolve(sealedSince(start, this.log.sealed));
  }

  readRange(query: RangeQuery): Promise<RangeResult> {
    return Promise.resolve(this.reader.readRange(query, this.#tails(query.units)));
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

  rewrite(unit: number, rows: readonly RewrittenRow[]): Promise<Rewritten> {
    return Promise.resolve(this.log.rewrite(unit, rows));
  }

  drop(query: DropQuery): Promise<Dropped> {
    const dropped = this.log.drop(query);
    while (this.log.sweep());
    return Promise.resolve(dropped);
  }

  close(): void {
    this.reader.close();
    this.log.close();
  }

  #tails(units: readonly number[]): number[] {
    return units.map((unit) => this.log.index.tail[unit] ?? 0);
  }
}

