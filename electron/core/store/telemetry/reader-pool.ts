import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/kernel/error.ts';
import { YOUNG_GENERATION } from '#shared/platform-node/young-generation.ts';
import type { Copied } from './backup.ts';
import { Batch, BATCH_SIZES } from './batch.ts';
import type { RangeQuery, RangeResult } from './history-store.ts';
import type { CheckCursor, CheckSlice } from './integrity.ts';
import type { RawPayload } from './raw-batch.ts';
import type { LogStretch, ReaderReport, ReaderRequest } from './reader-protocol.ts';
import type { RawPage, RawQuery, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { StoreSizes } from './sizes.ts';
import type { Tails } from './telemetry-reader.ts';

type Distribute<T> = T extends unknown ? Omit<T, 'id'> : never;

interface Reader {
  readonly worker: Worker;
  readonly pending: Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>;
}

const LIMITS = { maxYoungGenerationSizeMb: YOUNG_GENERATION.store, maxOldGenerationSizeMb: 512 } as const;
/** Queries that may wait at once; beyond it they are refused as unavailable. */
const QUEUE_LIMIT = 1000;

/** A few threads with read-only connections; a query goes to the one with the least to do. A thread that died is replaced. */
export class ReaderPool {
  readonly #entry: URL;
  readonly #path: string;
  readonly #readers: Reader[] = [];
  #nextId = 1;
  #closed = false;

  constructor(options: { readonly entry: URL; readonly path: string; readonly threads: number }) {
    this.#entry = options.entry;
    this.#path = options.path;
    for (let i = 0; i < options.threads; i++) this.#readers.push(this.#start());
  }

  readRange(query: RangeQuery, tails: Tails): Promise<RangeResult> {
    return this.#ask({ kind: 'range', query, tails });
  }

  rows(query: RowQuery, tail: number): Promise<RowPage> {
    return this.#ask({ kind: 'rows', query, tail });
  }

  rawRange(query: RawQuery, tail: number): Promise<RawPage> {
    return this.#ask({ kind: 'rawRange', query, tail });
  }

  trends(query: TrendQuery, tails: Tails): Promise<TrendResult> {
    return this.#ask({ kind: 'trends', query, tails });
  }

  check(cursor: CheckCursor): Promise<CheckSlice> {
    return this.#ask({ kind: 'check', cursor });
  }

  sizes(): Promise<StoreSizes> {
    return this.#ask({ kind: 'sizes' });
  }

  /** A consistent, verified copy of any of the databases. */
  copy(from: string, to: string): Promise<Copied> {
    return this.#ask({ kind: 'copy', from, to });
  }

  readRaw(sequence: number): Promise<RawPayload | undefined> {
    return this.#ask({ kind: 'raw', sequence });
  }

  /** The messages after `after` as far as they fit a batch; an empty batch with `last` = `after` at the end of the log. */
  async readLog(after: number): Promise<{ batch: Batch; last: number; damaged: number }> {
    const stretch = await this.#ask<LogStretch>({ kind: 'log', after, sizes: BATCH_SIZES });
    const batch = new Batch(BATCH_SIZES, stretch.buffer);
    batch.count = stretch.count;
    return { batch, last: stretch.last, damaged: stretch.damaged };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#readers.map((reader) => reader.worker.terminate()));
  }

  #ask<T>(request: Distribute<ReaderRequest>): Promise<T> {
    const reader = this.#readers.reduce((best, candidate) => (candidate.pending.size < best.pending.size ? candidate : best));
    if (this.#closed || reader.pending.size >= QUEUE_LIMIT) return Promise.reject(new AppError('unavailable', 'History is busy. Try again in a moment.'));
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      reader.pending.set(id, { resolve, reject });
      reader.worker.postMessage({ ...request, id });
    });
  }

  #start(): Reader {
    const reader: Reader = { worker: new Worker(this.#entry, { workerData: { path: this.#path }, name: 'telemetry-reader', resourceLimits: LIMITS }), pending: new Map() };
    reader.worker.on('message', (report: ReaderReport) => {
      const pending = reader.pending.get(report.id);
      reader.pending.delete(report.id);
      if ('error' in report) pending?.reject(AppError.fromData(report.error));
      else pending?.resolve(report.value as never);
    });
    // 'exit' follows and says the rest; without a listener an error of the thread would end the process.
    reader.worker.on('error', () => undefined);
    reader.worker.on('exit', () => {
      for (const pending of reader.pending.values()) pending.reject(new AppError('unavailable', 'History could not be read. Try again.'));
      reader.pending.clear();
      const at = this.#readers.indexOf(reader);
      if (!this.#closed && at >= 0) this.#readers[at] = this.#start();
    });
    return reader;
  }
}
