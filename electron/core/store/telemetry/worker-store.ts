import type { Batch } from './batch.ts';
import type { Appended, Dropped, DropQuery, HistoryStore, RangeQuery, RangeResult, Sealed } from './history-store.ts';
import type { RawPage, RawQuery, Rewritten, RewrittenRow, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { RawPayload } from './raw-batch.ts';
import type { ReaderPool } from './reader-pool.ts';
import type { TelemetryWriter } from './writer-client.ts';

/** The append log behind the port, with its writer and readers in threads: the application's store. */
export class WorkerHistoryStore implements HistoryStore {
  readonly writer: TelemetryWriter;
  readonly readers: ReaderPool;

  constructor(writer: TelemetryWriter, readers: ReaderPool) {
    this.writer = writer;
    this.readers = readers;
  }

  async appendBatch(batch: Batch, options: { readonly durable: boolean }): Promise<Appended> {
    const { first, last } = await this.writer.append(batch, options);
    return { first, last };
  }

  seal(before: number): Promise<Sealed> {
    return this.writer.seal(before);
  }

  async readRange(query: RangeQuery): Promise<RangeResult> {
    return this.readers.readRange(query, await this.writer.tails(query.units));
  }

  async rows(query: RowQuery): Promise<RowPage> {
    return this.readers.rows(query, await this.#tail(query.unit));
  }

  async trends(query: TrendQuery): Promise<TrendResult> {
    return this.readers.trends(query, await this.writer.tails(query.units));
  }

  async rawRange(query: RawQuery): Promise<RawPage> {
    return this.readers.rawRange(query, await this.#tail(query.unit));
  }

  raw(sequence: number): Promise<RawPayload | undefined> {
    return this.readers.readRaw(sequence);
  }

  rewrite(unit: number, rows: readonly RewrittenRow[]): Promise<Rewritten> {
    return this.writer.rewrite(unit, rows);
  }

  drop(query: DropQuery): Promise<Dropped> {
    return this.writer.drop(query);
  }

  async close(): Promise<void> {
    await this.writer.close();
    await this.readers.close();
  }

  async #tail(unit: number): Promise<number> {
    return (await this.writer.tails([unit]))[0] ?? 0;
  }
}
