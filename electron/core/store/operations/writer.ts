import { AppError } from '#shared/kernel/error.ts';
import { migrate, openDatabase, schemaNumber, storeError, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { NO_CHANGES } from '#shared/sync/audit.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import { MUTATOR_REGISTRY } from '#shared/sync/mutators/index.ts';
import { Replica } from '#shared/sync/replication/replica.ts';
import { travels } from '#shared/sync/replication/shared-rows.ts';
import { runMutation, type MutationOutcome, type MutatorRegistry } from '#shared/sync/run-mutation.ts';
import { argsText, changesText, findMutation, storeMutation } from '#shared/store/change-log.ts';
import { appendAudit, appendMutationAudit } from './local/audit.ts';
import { ensureListTables, forgetListTables } from './list-tables.ts';
import { runLocal } from './local/index.ts';
import { OPERATIONS_APPLICATION_ID, OPERATIONS_MIGRATIONS } from '#shared/store/migrations/index.ts';
import type { MutationStep, Step } from './protocol.ts';
import { SqliteReplicaTx } from './sync/replica-tx.ts';
import { isConnected, runSync } from './sync/steps.ts';
import { prepared } from '#shared/store/prepared.ts';
import { SqliteRowStore } from '#shared/store/row-store.ts';

/** What the steps of a request gave back, and the rows they changed. */
export interface CommitReply {
  readonly results: readonly unknown[];
  readonly changes: readonly LoggedChange[];
}

interface Pending {
  readonly steps: readonly Step[];
  resolve(reply: CommitReply): void;
  reject(error: unknown): void;
}

/** Requests that share one transaction and one sync to disk. */
const BATCH = 256;
/** Nobody else writes this file; a backup program may hold it for a moment, ms. */
const BUSY_TIMEOUT = 2_000;

export interface WriterOptions {
  readonly path: string;
  readonly registry?: MutatorRegistry;
  /** Called after each commit, before the requests in it are answered. */
  readonly onCommitted: (changes: readonly LoggedChange[]) => void;
}

/**
 * The one writer of the operations database: requests run one after the other, each in a savepoint, several in a transaction.
 * Nothing is answered or announced before its commit. It has no clock: times come with what is written.
 */
export class OperationsWriter {
  readonly #database: SqliteDatabase;
  readonly #store: SqliteRowStore;
  readonly #replicaTx: SqliteReplicaTx;
  readonly #replica: Replica;
  /** Whether the replica was given something in the open transaction: after a rollback it reads its outbox anew. */
  #replicaUsed = false;
  readonly #registry: MutatorRegistry;
  readonly #onCommitted: (changes: readonly LoggedChange[]) => void;
  readonly #queue: Pending[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** Opens and migrates the database. Throws AppError store-newer, -corrupt, -full, -locked or -unwritable. */
  constructor(options: WriterOptions) {
    this.#database = openDatabase(options.path, { synchronous: 'full', check: 'quick', busyTimeout: BUSY_TIMEOUT, cacheKilobytes: 8_000 });
    try {
      // Their triggers name columns that a step may change, and are lost with a table that is made anew.
      const at = schemaNumber(this.#database);
      if (at > 0 && at < OPERATIONS_MIGRATIONS.length) forgetListTables(this.#database);
      migrate(this.#database, OPERATIONS_MIGRATIONS, OPERATIONS_APPLICATION_ID);
      ensureListTables(this.#database);
      this.#store = new SqliteRowStore(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
    this.#replicaTx = new SqliteReplicaTx(this.#database, this.#store);
    this.#registry = options.registry ?? MUTATOR_REGISTRY;
    this.#replica = new Replica(this.#registry);
    this.#onCommitted = options.onCommitted;
  }

  /** Runs the steps as one unit: all of them or none. Rejects with the AppError of the first that fails. */
  commit(steps: readonly Step[]): Promise<CommitReply> {
    if (this.#closed) return Promise.reject(new AppError('unavailable', 'The store is closed.'));
    return new Promise<CommitReply>((resolve, reject) => {
      this.#queue.push({ steps, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Finishes what was accepted, folds the WAL into the file and closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    this.#database.close();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // One turn of the event loop: the messages that have arrived meanwhile share the transaction and its sync to disk.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#batch(this.#queue.splice(0, BATCH));
    }
    this.#running = undefined;
  }

  async #batch(batch: readonly Pending[]): Promise<void> {
    const answers: (() => void)[] = [];
    const changes: LoggedChange[] = [];
    this.#replicaUsed = false;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const pending of batch) {
        const outcome = await this.#request(pending.steps);
        if ('error' in outcome) {
          answers.push(() => pending.reject(outcome.error));
        } else {
          changes.push(...outcome.changes);
          answers.push(() => pending.resolve(outcome));
        }
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      // The transaction as a whole failed (full disk, damage): nothing of the batch is stored, and everybody is told so.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      this.#undoReplica();
      const reason = storeError(error, this.#database.name);
      for (const pending of batch) pending.reject(reason);
      return;
    }
    if (changes.length > 0) this.#onCommitted(changes);
    for (const answer of answers) answer();
  }

  /** One request in its savepoint. Throws only what makes the whole transaction unusable. */
  async #request(steps: readonly Step[]): Promise<CommitReply | { readonly error: unknown }> {
    const changes: LoggedChange[] = [];
    const results: unknown[] = [];
    prepared(this.#database, 'SAVEPOINT request').run();
    try {
      for (const step of steps) results.push(await this.#step(step, changes));
      prepared(this.#database, 'RELEASE request').run();
      return { results, changes };
    } catch (error) {
      if (!this.#database.inTransaction || storeError(error, this.#database.name) !== error) throw error;
      this.#database.exec('ROLLBACK TO request');
      this.#undoReplica();
      this.#auditRefusal(steps, error);
      prepared(this.#database, 'RELEASE request').run();
      return { error };
    }
  }

  async #step(step: Step, changes: LoggedChange[]): Promise<unknown> {
    if (step.kind === 'local') return runLocal(this.#database, step);
    if (step.kind === 'mutation') return this.#mutation(step, changes);
    this.#replicaUsed = true;
    return runSync(this.#database, this.#replicaTx, this.#replica, step, changes);
  }

  #undoReplica(): void {
    if (this.#replicaUsed) this.#replica.forget();
  }

  async #mutation(step: MutationStep, changes: LoggedChange[]): Promise<unknown> {
    const { record, principal } = step;
    const before = findMutation(this.#database, record.id);
    if (before !== undefined) {
      if (before.name === record.name && before.args === argsText(record.args)) return before.result;
      throw new AppError('conflict', 'This change has an id that was used for another one. Try again.', { mutationId: record.id });
    }
    const outcome = await this.#run(step);
    const logged = storeMutation(this.#database, record, principal.sessionId, outcome.result, outcome.changes);
    changes.push(...logged);
    if (this.#registry.get(record.name)?.audited !== false) {
      const changes = changesText(this.#database, record.id) ?? NO_CHANGES;
      appendMutationAudit(this.#database, { nodeId: record.nodeId, at: record.at, userId: record.userId, subject: record.name, mutationId: record.id, changes });
    }
    return outcome.result;
  }

  /** What people do in a connected workspace also goes to the outbox. */
  async #run({ record, principal }: MutationStep): Promise<MutationOutcome> {
    if (!travels(record) || !(await isConnected(this.#replicaTx))) return runMutation(this.#store, this.#registry, record, principal);
    const outcome = await this.#replica.apply(this.#replicaTx, record, principal);
    this.#replicaUsed = true;
    return outcome;
  }

  /** A change that somebody was not allowed to make leaves a trace; a form filled in wrongly does not. */
  #auditRefusal(steps: readonly Step[], error: unknown): void {
    const first = steps.find((step) => step.kind === 'mutation');
    if (first === undefined || !(error instanceof AppError) || (error.code !== 'forbidden' && error.code !== 'refused')) return;
    const { record } = first;
    appendAudit(this.#database, { nodeId: record.nodeId, at: record.at, kind: 'mutation-refused', userId: record.userId, subject: record.name, payload: { mutationId: record.id, code: error.code, message: error.message } });
  }
}
