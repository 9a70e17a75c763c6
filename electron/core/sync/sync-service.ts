import type { Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { SyncLoop, type ReplicaPort, type SyncState, type SyncTransport } from '#shared/sync/replication/loop.ts';
import type { AttentionEntry } from '#shared/sync/replication/replica-ports.ts';
import { SYNC_SCHEMA } from '#shared/sync/replication/schema.ts';
import { readAttention, rowsWaiting } from '../store/operations/sync/reads.ts';
import type { MutationName, Mutators } from '#shared/sync/mutators/index.ts';
import type { ArgsOf } from '#shared/sync/mutator.ts';
import type { Operations } from '../store/operations/operations.ts';

export interface SyncServiceOptions {
  readonly operations: Operations;
  readonly transport: SyncTransport;
  /** Whose session the transport uses: his changes are sent, those of others wait until they sign in here. */
  readonly userId: string;
  /** Address of the server, to which this workspace belongs from now on. */
  readonly server: string;
  /** Opens the line on which the server pokes; absent: polling alone. */
  readonly live?: (poke: () => void) => Disposable;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/** Keeps a connected workspace in step with its server, and its rejected changes until their author has decided. */
export class SyncService {
  readonly #options: SyncServiceOptions;
  readonly #states = new Emitter<SyncState>();
  readonly #opened: Disposable[] = [];
  #state: SyncState = { connection: 'reconnecting', asOf: undefined, waiting: 0 };

  constructor(options: SyncServiceOptions) {
    this.#options = options;
  }

  get state(): SyncState {
    return this.#state;
  }

  onState(listener: (state: SyncState) => void): Disposable {
    return this.#states.on(listener);
  }

  /** Begins. Rejects with AppError refused where the workspace belongs to another server. */
  async start(): Promise<void> {
    const { operations, transport, clock, rng, scheduler, server, live } = this.#options;
    await operations.sync('connect', { server });
    const loop = new SyncLoop({ transport, replica: this.#port(), nodeId: operations.nodeId, schema: SYNC_SCHEMA.current, clock, rng, scheduler, onState: (state) => this.#tell(state) });
    const poke = (): void => loop.poke();
    this.#opened.push({ dispose: () => loop.stop() });
    this.#opened.push(operations.onChange(({ changes }) => changes.some((change) => change.mutationId !== '') && poke()));
    if (live !== undefined) this.#opened.push(live(poke));
    poke();
  }

  stop(): void {
    for (const opened of this.#opened.splice(0).reverse()) opened.dispose();
  }

  /** Of these rows those with changes that wait for the server. */
  waitingRows(resource: string, ids: readonly string[]): ReadonlySet<string> {
    return rowsWaiting(this.#options.operations.read.database, resource, ids);
  }

  /** Rejected changes that wait for this user, newest first. */
  needsAttention(userId: string): readonly AttentionEntry[] {
    return readAttention(this.#options.operations.read.database, userId);
  }

  /** Lets a rejected change go. Rejects with AppError not-found where it was dealt with before. */
  async discard(principal: Principal, mutationId: string): Promise<void> {
    await this.#options.operations.sync('decide', { mutationId, userId: principal.userId, decided: 'discarded' });
  }

  /** Makes a rejected change once more, with other arguments where they are given. Rejects with the mutator's AppErrors; it stays in the list then. */
  async resend(principal: Principal, mutationId: string, args?: unknown): Promise<void> {
    const { operations } = this.#options;
    const entry = this.needsAttention(principal.userId).find((candidate) => candidate.mutationId === mutationId);
    if (entry === undefined) throw new AppError('not-found', 'This change was dealt with already. Refresh the list.', { mutationId });
    // What was checked when the change was first made is checked again by the mutator, whatever its name.
    await operations.mutate(principal, entry.mine.name as MutationName, (args ?? entry.mine.args) as ArgsOf<Mutators[MutationName]>);
    await operations.sync('decide', { mutationId, userId: principal.userId, decided: 'resent' });
  }

  #tell(state: SyncState): void {
    if (state.error !== undefined && state.connection !== this.#state.connection) this.#options.log.write('warn', 'sync does not get through', { connection: state.connection, code: state.error.code });
    this.#state = state;
    this.#states.emit(state);
  }

  #port(): ReplicaPort {
    const { operations, clock, userId } = this.#options;
    return {
      status: () => operations.sync('status', undefined),
      nextPush: () => operations.sync('next-push', { userId }),
      outcomes: (outcomes) => operations.sync('outcomes', { outcomes, at: clock.now() }),
      page: (page, from) => operations.sync('page', { page, from, at: clock.now() }),
      beginSnapshot: () => operations.sync('begin-snapshot', undefined),
      snapshotPage: (page, after) => operations.sync('snapshot-page', { page, after, at: clock.now() }),
    };
  }
}
