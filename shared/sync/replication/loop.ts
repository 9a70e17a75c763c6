import type { Disposable } from '../../kernel/disposable.ts';
import { AppError } from '../../kernel/error.ts';
import type { Clock, Rng, Scheduler } from '../../kernel/ports.ts';
import type { MutationRecord } from '../mutation.ts';
import { PAGE_LIMIT, SYNC_PROTOCOL, type PullRequest, type PullResponse, type PushOutcome, type PushRequest, type PushResponse, type RowKey, type SnapshotPage, type SnapshotRequest, type SyncPage } from './protocol.ts';
import type { ReplicaStatus } from './replica-ports.ts';

/** Requests to the authority. Rejects with AppError: `unavailable` where it cannot be reached, else what it refused with. */
export interface SyncTransport {
  push(request: PushRequest): Promise<PushResponse>;
  pull(request: PullRequest): Promise<PullResponse>;
  snapshot(request: SnapshotRequest): Promise<SnapshotPage>;
}

/** The replica, each call one transaction of its store. */
export interface ReplicaPort {
  status(): Promise<ReplicaStatus>;
  nextPush(): Promise<readonly MutationRecord[]>;
  outcomes(outcomes: readonly PushOutcome[]): Promise<void>;
  page(page: SyncPage, from: number): Promise<void>;
  beginSnapshot(): Promise<void>;
  snapshotPage(page: SnapshotPage, after: RowKey | undefined): Promise<void>;
}

/** What a console tells its user. `refused`: the server answers, and this console has to do something first. */
export interface SyncState {
  readonly connection: 'connected' | 'reconnecting' | 'offline' | 'refused';
  /** When the server was last in step with this console, epoch ms; undefined: not since this start. */
  readonly asOf: number | undefined;
  /** Changes that wait to be sent. */
  readonly waiting: number;
  readonly error?: AppError;
}

export interface SyncLoopOptions {
  readonly transport: SyncTransport;
  readonly replica: ReplicaPort;
  readonly nodeId: string;
  readonly schema: number;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly onState?: (state: SyncState) => void;
  /** Rows of a page. */
  readonly limit?: number;
}

/** The server pokes; this is what finds out where a poke was lost, ms. */
const POLL = 30_000;
/** Wait after the first failure, the longest one, ms; each is doubled and spread by half. */
const RETRY = 1_000;
const LONGEST = 60_000;
/** After so many failures a console calls itself offline. */
const OFFLINE_AFTER = 3;
/** Errors that no retry mends soon. */
const REFUSALS: ReadonlySet<string> = new Set(['version-mismatch', 'not-signed-in', 'forbidden', 'second-factor']);

/** Sends what waits, then pulls, whenever it is poked, and again after growing delays where something fails. One request at a time. */
export class SyncLoop {
  readonly #options: SyncLoopOptions;
  #timer: Disposable | undefined;
  #running = false;
  #again = false;
  #stopped = false;
  #failures = 0;
  #asOf: number | undefined;

  constructor(options: SyncLoopOptions) {
    this.#options = options;
  }

  /** There may be something to send or to pull. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#timer?.dispose();
    this.#running = true;
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.dispose();
  }

  async #run(): Promise<void> {
    this.#again = false;
    let error: AppError | undefined;
    try {
      await this.#cycle();
      this.#failures = 0;
      this.#asOf = this.#options.clock.now();
    } catch (reason) {
      this.#failures++;
      error = reason instanceof AppError ? reason : new AppError('internal', reason instanceof Error ? reason.message : String(reason));
    }
    this.#running = false;
    if (this.#stopped) return;
    await this.#tell(error);
    this.#schedule(error);
  }

  #schedule(error: AppError | undefined): void {
    if (this.#stopped || this.#running) return;
    if (error === undefined && this.#again) return this.poke();
    const { rng, scheduler } = this.#options;
    const retry = REFUSALS.has(error?.code ?? '') ? LONGEST : Math.min(LONGEST, RETRY * 2 ** (this.#failures - 1));
    const wait = error === undefined ? POLL : retry * (0.5 + rng.next());
    this.#timer?.dispose();
    this.#timer = scheduler.after(wait, () => this.poke());
  }

  async #tell(error: AppError | undefined): Promise<void> {
    if (this.#options.onState === undefined) return;
    const waiting = await this.#options.replica.status().then((status) => status.pending, () => 0);
    const connection = error === undefined ? 'connected' : REFUSALS.has(error.code) ? 'refused' : this.#failures < OFFLINE_AFTER ? 'reconnecting' : 'offline';
    this.#options.onState({ connection, asOf: this.#asOf, waiting, ...(error === undefined ? {} : { error }) });
  }

  async #cycle(): Promise<void> {
    const { replica } = this.#options;
    await this.#drain();
    for (;;) {
      if (this.#stopped) return;
      const status = await replica.status();
      if (status.snapshot !== undefined) {
        const { after } = status.snapshot;
        const page = await this.#options.transport.snapshot({ ...this.#hello(), ...(after === undefined ? {} : { after }), limit: this.#limit() });
        await replica.snapshotPage(page, after);
        continue;
      }
      const { epoch, cursor, scopeKey } = status;
      const answer = await this.#options.transport.pull({ ...this.#hello(), epoch, cursor, scopeKey, limit: this.#limit() });
      if (answer.kind === 'reset') await replica.beginSnapshot();
      else {
        await replica.page(answer, cursor);
        if (!answer.more) return;
      }
    }
  }

  /** Sends until nothing waits. An answer that says nothing of the first mutation ends it: the author may not send any more. */
  async #drain(): Promise<void> {
    for (;;) {
      if (this.#stopped) return;
      const mutations = await this.#options.replica.nextPush();
      if (mutations.length === 0) return;
      const { outcomes } = await this.#options.transport.push({ ...this.#hello(), mutations: [...mutations] });
      if (outcomes.length === 0) return;
      await this.#options.replica.outcomes(outcomes);
    }
  }

  #limit(): number {
    return this.#options.limit ?? PAGE_LIMIT;
  }

  #hello(): { readonly protocol: number; readonly schema: number; readonly nodeId: string } {
    return { protocol: SYNC_PROTOCOL, schema: this.#options.schema, nodeId: this.#options.nodeId };
  }
}
