import type { Batch } from './batch.ts';
import type { Appended, Dropped, DropQuery, HistoryStore, RangeQuery, RangeResult, RollupQuery, RollupSeries, Sealed } from './history-store.ts';
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

  async rollup(query: RollupQuery): Promise<readonly RollupSeries[]> {
    return this.readers.rollup(query, await this.writer.tails(query.units));
  }

  drop(query: DropQuery): Promise<Dropped> {
    return this.writer.drop(query);
  }

  async close(): Promise<void> {
    await this.writer.close();
    await this.readers.close();
  }
}
