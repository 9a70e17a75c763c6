import type { AppError } from '#shared/kernel/error.ts';
import type { Batch } from '../store/telemetry/batch.ts';
import type { StoredUnit } from '../store/telemetry/telemetry-log.ts';
import type { Commit } from '../store/telemetry/writer-client.ts';

/** What the queue needs of the writer. */
export interface BatchWriter {
  takeBatch(): Batch;
  append(batch: Batch, options: { readonly durable: boolean; readonly newUnits: readonly StoredUnit[]; readonly behind: boolean }): Promise<Commit>;
}

/** A batch with what is to be done after its commit. */
export class QueuedBatch {
  readonly batch: Batch;
  newUnits: readonly StoredUnit[] = [];
  /** Acknowledgements that depend on it. */
  tokens = new Float64Array(1024);
  tokenCount = 0;

  constructor(batch: Batch) {
    this.batch = batch;
  }

  addToken(token: number): void {
    if (this.tokenCount === this.tokens.length) {
      const grown = new Float64Array(this.tokens.length * 2);
      grown.set(this.tokens);
      this.tokens = grown;
    }
    this.tokens[this.tokenCount++] = token;
  }
}

export interface BatchQueueEvents {
  acknowledge(tokens: Float64Array, count: number): void;
  committed(commit: Commit, messages: number): void;
  /** A batch will never be stored; its messages are not acknowledged. */
  rejected(error: AppError): void;
}

/** Batches the writer has at once: it works on one while the next is on its way. */
const IN_FLIGHT = 2;
/** Full batches that wait before the queue says that it is under pressure, and before it takes no more. */
const PRESSURE = 8;
const BOUND = 40;
/** Beyond the bound, for faults and alarms only. */
const RESERVE = 8;
/** Acknowledgements one batch carries; rejected and repeated messages have them without a row. */
const TOKENS = 8192;

/**
 * Messages on their way to the writer. While the writer commits, the next batch fills (group commit): one message alone is committed at
 * once, thousands a second share a commit. Memory is bounded by BOUND + RESERVE batches.
 */
export class BatchQueue {
  readonly #writer: BatchWriter;
  readonly #events: BatchQueueEvents;
  readonly #takeNewUnits: () => readonly StoredUnit[];
  #current: QueuedBatch;
  #waiting: QueuedBatch[] = [];
  #inFlight: QueuedBatch[] = [];
  #idle: (() => void)[] = [];

  constructor(writer: BatchWriter, takeNewUnits: () => readonly StoredUnit[], events: BatchQueueEvents) {
    this.#writer = writer;
    this.#takeNewUnits = takeNewUnits;
    this.#events = events;
    this.#current = new QueuedBatch(writer.takeBatch());
  }

  /** The batch that is being filled. */
  get current(): QueuedBatch {
    return this.#current;
  }

  /** Messages that are not committed yet. */
  get length(): number {
    let sum = this.#current.batch.count;
    for (const entry of this.#waiting) sum += entry.batch.count;
    for (const entry of this.#inFlight) sum += entry.batch.count;
    return sum;
  }

  /** Messages it holds at most. */
  get bound(): number {
    return (BOUND + RESERVE + IN_FLIGHT) * this.#current.batch.sizes.capacity;
  }

  get underPressure(): boolean {
    return this.#waiting.length >= PRESSURE;
  }

  get relieved(): boolean {
    return this.#waiting.length <= 1;
  }

  /** Takes only faults and alarms: what is not stored now must not be acknowledged. */
  get full(): boolean {
    return this.#waiting.length >= BOUND;
  }

  /** Takes nothing any more. */
  get exhausted(): boolean {
    return this.#waiting.length >= BOUND + RESERVE;
  }

  /** The current batch, or the next one where this does not have room for so many more rows. */
  room(rows: number, values: number, textBytes: number, payloadBytes: number): Batch {
    if (!this.#current.batch.fits(rows, values, textBytes, payloadBytes)) this.#turnOver();
    return this.#current.batch;
  }

  addToken(token: number): void {
    if (this.#current.tokenCount >= TOKENS) this.#turnOver();
    this.#current.addToken(token);
  }

  /** Sends what is at hand if the writer has nothing to do; a batch that nobody waits for may grow to `least` rows first. */
  flush(least = 1): void {
    if (this.#inFlight.length > 0 || this.#waiting.length > 0) return;
    const { batch, tokenCount } = this.#current;
    if (tokenCount === 0 && batch.count < least) return;
    this.#turnOver();
  }

  /**
   * Hands everything to the writer without waiting for it. False where some of it still waits for its turn: what is asked of the writer
   * next would come before it.
   */
  handOver(): boolean {
    if (this.#current.batch.count > 0 || this.#current.tokenCount > 0) this.#turnOver();
    return this.#waiting.length === 0;
  }

  /** Sends everything and resolves when it is committed or rejected. For when nothing more comes in. */
  async drain(): Promise<void> {
    if (this.#current.batch.count > 0 || this.#current.tokenCount > 0) this.#turnOver();
    if (this.#inFlight.length === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #turnOver(): void {
    const entry = this.#current;
    if (entry.batch.count === 0) {
      // Only acknowledgements: they wait for what was taken in before them, which may be nothing.
      const last = this.#waiting.at(-1) ?? this.#inFlight.at(-1);
      for (let i = 0; i < entry.tokenCount && last; i++) last.addToken(entry.tokens[i] as number);
      if (!last && entry.tokenCount > 0) this.#events.acknowledge(entry.tokens, entry.tokenCount);
      entry.tokenCount = 0;
      return;
    }
    entry.newUnits = this.#takeNewUnits();
    this.#waiting.push(entry);
    this.#current = new QueuedBatch(this.#writer.takeBatch());
    this.#send();
  }

  #send(): void {
    while (this.#inFlight.length < IN_FLIGHT) {
      const entry = this.#waiting.shift();
      if (!entry) return;
      this.#inFlight.push(entry);
      const messages = entry.batch.count;
      this.#writer.append(entry.batch, { durable: entry.tokenCount > 0, newUnits: entry.newUnits, behind: this.#inFlight.length > 1 }).then(
        (commit) => {
          if (entry.tokenCount > 0) this.#events.acknowledge(entry.tokens, entry.tokenCount);
          this.#events.committed(commit, messages);
          this.#done(entry);
        },
        (error: AppError) => {
          this.#events.rejected(error);
          this.#done(entry);
        },
      );
    }
  }

  #done(entry: QueuedBatch): void {
    this.#inFlight = this.#inFlight.filter((other) => other !== entry);
    this.#send();
    // What gathered during the commit goes next, so that nobody waits for a timer.
    if (this.#inFlight.length === 0 && (this.#current.tokenCount > 0 || this.#idle.length > 0)) this.#turnOver();
    if (this.#inFlight.length > 0 || this.#waiting.length > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
