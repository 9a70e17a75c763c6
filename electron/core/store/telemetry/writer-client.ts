import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/kernel/error.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { YOUNG_GENERATION } from '#shared/platform-node/young-generation.ts';
import { Batch, BATCH_SIZES, type BatchSizes } from './batch.ts';
import type { Appended, Dropped, DropQuery, Sealed } from './history-store.ts';
import type { DamagedChunk } from './integrity.ts';
import type { Rewritten, RewrittenRow } from './reads.ts';
import type { Snapshot } from './snapshots.ts';
import type { StoredUnit } from './telemetry-log.ts';
import type { StorageReport, WriterOptions, WriterReport, WriterRequest } from './writer-protocol.ts';

export interface WriterStart {
  readonly entry: URL;
  readonly path: string;
  /** Name of the snapshot to load. */
  readonly snapshot: string;
  readonly sizes?: BatchSizes;
  /** Bytes set aside for a full disk; default 64 MB: twice what the WAL grows to before it is folded in. */
  readonly ballastBytes?: number;
}

export interface Commit extends Appended {
  /** Time in the writer, ms. */
  readonly milliseconds: number;
}

/** A batch that can never be stored. `batch` holds its messages, so that what was noted about them can be taken back. */
export class BatchRejection extends AppError {
  readonly batch: Batch;

  constructor(error: AppError, batch: Batch) {
    super(error.code, error.message, error.details);
    this.batch = batch;
  }
}

interface Pending {
  /** Messages of an append. */
  readonly count: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export const BALLAST_BYTES = 64 * 1024 * 1024;
/** The thread's own objects are few and short-lived; without a limit its young generation grows to tens of megabytes. */
const LIMITS = { maxYoungGenerationSizeMb: YOUNG_GENERATION.store, maxOldGenerationSizeMb: 256 } as const;
/** Buffers kept for reuse; a burst leaves no more behind. */
const POOL = 4;

/** The core's side of the writer thread. Buffers travel there and come back; `takeBatch` reuses them. */
export class TelemetryWriter {
  readonly epoch: string;
  readonly units: readonly StoredUnit[];
  /** Sizes, and whether the disk takes what is written; about once a second and at every change. */
  readonly onStorage = new Emitter<StorageReport>();
  /** The thread ended without being closed; every request fails from here on. */
  readonly onFailure = new Emitter<AppError>();
  last: number;
  storage: StorageReport | undefined;
  #snapshot: Snapshot | undefined;
  readonly #worker: Worker;
  readonly #sizes: BatchSizes;
  readonly #pending = new Map<number, Pending>();
  #pool: ArrayBuffer[] = [];
  #nextId = 1;
  #appends = 0;
  #ended: AppError | undefined;
  #closing = false;

  private constructor(worker: Worker, sizes: BatchSizes, opened: Extract<WriterReport, { kind: 'opened' }>) {
    this.#worker = worker;
    this.#sizes = sizes;
    this.epoch = opened.epoch;
    this.units = opened.units;
    this.#snapshot = opened.snapshot;
    this.last = opened.last;
    worker.on('message', (report: WriterReport) => this.#receive(report));
    worker.on('error', (error) => this.#end(new AppError('internal', `The telemetry writer failed: ${error.message}`)));
    worker.on('exit', () => this.#end(new AppError('unavailable', 'The telemetry writer has ended.')));
  }

  /** Starts the thread and opens the log. Throws AppError store-newer, store-corrupt, store-locked, store-full, store-unwritable. */
  static async start(options: WriterStart): Promise<TelemetryWriter> {
    const sizes = options.sizes ?? BATCH_SIZES;
    const workerData = { path: options.path, sizes, ballastBytes: options.ballastBytes ?? BALLAST_BYTES, snapshot: options.snapshot } satisfies WriterOptions;
    const worker = new Worker(options.entry, { workerData, name: 'telemetry-writer', resourceLimits: LIMITS });
    return new Promise<TelemetryWriter>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (report: WriterReport) => {
        worker.off('error', reject);
        if (report.kind === 'opened') resolve(new TelemetryWriter(worker, sizes, report));
        else void worker.terminate().then(() => reject(report.kind === 'refused' ? AppError.fromData(report.error) : new Error(`unexpected ${report.kind}`)));
      });
    });
  }

  /** The snapshot that was loaded at the start, once: it is megabytes, and nobody needs it again. */
  takeSnapshot(): Snapshot | undefined {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    return snapshot;
  }

  /** An empty batch. */
  takeBatch(): Batch {
    return new Batch(this.#sizes, this.#pool.pop());
  }

  /** Batches that were handed over and have not come back. */
  get inFlight(): number {
    return this.#appends;
  }

  /**
   * Hands a batch over (it must not be touched any more); resolves after its commit. Rejects where it can never be stored; while
   * the disk is full it just waits. `behind`: others wait, and raw payloads are stored as they are, without the time to deflate them.
   */
  append(batch: Batch, options: { readonly durable: boolean; readonly newUnits?: readonly StoredUnit[]; readonly behind?: boolean }): Promise<Commit> {
    this.#appends++;
    return this.#ask<Commit>((id) => ({ kind: 'append', id, buffer: batch.buffer, count: batch.count, durable: options.durable, newUnits: options.newUnits ?? [], behind: options.behind ?? false }), [batch.buffer], batch.count);
  }

  /** Last sequence of each unit, 0: none. */
  tails(units: readonly number[]): Promise<number[]> {
    return this.#ask((id) => ({ kind: 'tails', id, units }));
  }

  /** Puts other values into rows of a unit; some hundreds at a time, the next batch waits for them. */
  rewrite(unit: number, rows: readonly RewrittenRow[]): Promise<Rewritten> {
    return this.#ask((id) => ({ kind: 'rewrite', id, unit, rows }));
  }

  /** Seals in the background, between batches; resolves when everything received whole before `before` is sealed. */
  seal(before: number): Promise<Sealed> {
    return this.#ask((id) => ({ kind: 'seal', id, before }));
  }

  /** Sets damaged chunks aside; resolves to how many there were, and how many hours the log still has: they are sealed again. */
  quarantine(chunks: readonly DamagedChunk[]): Promise<{ readonly chunks: number; readonly refilled: number }> {
    return this.#ask((id) => ({ kind: 'quarantine', id, chunks }));
  }

  /** Builds the indexes of tables anew from their rows. */
  reindex(tables: readonly string[]): Promise<void> {
    return this.#ask((id) => ({ kind: 'reindex', id, tables }));
  }

  /** Drops old hours, the raw payloads received before `rawBefore`, and roll-ups before `rollupsBefore`; the space is freed in the background. */
  drop(query: DropQuery, rawBefore: number = query.before, rollupsBefore?: number): Promise<Dropped> {
    return this.#ask((id) => ({ kind: 'drop', id, query, rawBefore, ...(rollupsBefore === undefined ? {} : { rollupsBefore }) }));
  }

  /** Keeps a state that covers everything appended so far; resolves to the sequence it stands for. */
  saveSnapshot(name: string, data: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#ask((id) => ({ kind: 'snapshot', id, name, data }), [data.buffer]);
  }

  /** Carries out what was asked before (unless the disk is full), closes the database and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended) return;
    await this.#ask((id) => ({ kind: 'close', id })).finally(() => (this.#closing = true));
    await this.#worker.terminate();
  }

  #ask<T>(request: (id: number) => WriterRequest, transfer: readonly ArrayBuffer[] = [], count = 0): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { count, resolve, reject });
      this.#worker.postMessage(request(id), transfer);
    });
  }

  #receive(report: WriterReport): void {
    switch (report.kind) {
      case 'storage':
        this.storage = report.report;
        this.onStorage.emit(report.report);
        return;
      case 'committed':
        this.#returned(report.buffer);
        this.last = report.last;
        this.#take(report.id)?.resolve({ first: report.first, last: report.last, milliseconds: report.milliseconds } as never);
        return;
      case 'rejected': {
        this.#appends--;
        const pending = this.#take(report.id);
        const batch = new Batch(this.#sizes, report.buffer);
        batch.count = pending?.count ?? 0;
        pending?.reject(new BatchRejection(AppError.fromData(report.error), batch));
        return;
      }
      case 'answer':
        this.#take(report.id)?.resolve(report.value as never);
        return;
      case 'error':
        this.#take(report.id)?.reject(AppError.fromData(report.error));
        return;
      case 'opened':
      case 'refused':
        return;
    }
  }

  #returned(buffer: ArrayBuffer): void {
    this.#appends--;
    if (this.#pool.length < POOL) this.#pool.push(buffer);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #end(error: AppError): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    if (!this.#closing) this.onFailure.emit(error);
  }
}
