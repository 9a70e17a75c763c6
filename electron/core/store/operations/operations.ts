import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng } from '#shared/kernel/ports.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { MutationRecord } from '#shared/sync/mutation.ts';
import type { ArgsOf, ResultOf } from '#shared/sync/mutator.ts';
import type { MutationName, Mutators } from '#shared/sync/mutators/index.ts';
import type { AppliedThrough, LocalArgs, LocalResult, LocalStep, LocalWriteName } from './local/index.ts';
import type { AuditEvent } from './local/audit.ts';
import type { RowExpectation } from './local/expect-rows.ts';
import { refuseEmptied } from './emptied.ts';
import type { Step } from './protocol.ts';
import { OperationsReader } from './reader.ts';
import type { SyncStep, SyncStepName, SyncSteps } from './sync/steps.ts';
import { startWriterThread, type WriterPort } from './writer-client.ts';

export const OPERATIONS_FILE = 'operations.db';

export interface OperationsOptions {
  readonly dataFolder: string;
  /** Entry file of the writer thread. */
  readonly workerEntry: URL;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly nodeId: string;
}

export interface MutateOptions {
  /** Id of the mutation; the same id is applied once, however often it is sent. */
  readonly id?: string;
  /** Author's time, epoch ms. */
  readonly at?: number;
  /** Revision of the rows the author saw, by `resource:id`. */
  readonly basedOn?: Readonly<Record<string, number>>;
}

/** A mutation that is run together with others. */
export type MutationCall = { readonly [N in MutationName]: { readonly name: N; readonly args: ArgsOf<Mutators[N]>; readonly options?: MutateOptions } }[MutationName];

/** Writes that are stored together or not at all. */
export interface CommitCall {
  /** In whose name the mutations run. */
  readonly principal: Principal;
  /** Rows that must still be at this revision; else nothing is written and AppError stale is thrown. */
  readonly expect?: readonly RowExpectation[];
  readonly mutations?: readonly MutationCall[];
  /** Writes of this node's own tables, after the mutations. */
  readonly local?: readonly LocalStep[];
  readonly audit?: readonly AuditNote[];
  /** How far the caller has come in the telemetry log. */
  readonly appliedThrough?: AppliedThrough;
}

export type { RowExpectation };

/** An event for the audit log; node and time are added. */
export type AuditNote = Omit<AuditEvent, 'nodeId' | 'at'>;

/** What the writes of a commit gave back, in their order. */
export interface CommitResult {
  readonly mutations: readonly unknown[];
  readonly local: readonly unknown[];
}

/** A local write for `CommitCall.local`. */
export function localStep<N extends LocalWriteName>(name: N, args: LocalArgs<N>): LocalStep {
  return { kind: 'local', name, args } as unknown as LocalStep;
}

/** Rows that one commit changed, in order. */
export interface ChangeEvent {
  readonly changes: readonly LoggedChange[];
}

/** Master data, users and everything else people write: one writer thread, reads on a connection of their own. */
export class Operations {
  readonly read: OperationsReader;
  readonly nodeId: string;
  readonly #options: OperationsOptions;
  readonly #writer: WriterPort;
  readonly #changes: Emitter<ChangeEvent>;
  readonly #failures: Emitter<string>;

  constructor(options: OperationsOptions, writer: WriterPort, reader: OperationsReader, changes: Emitter<ChangeEvent>, failures: Emitter<string>) {
    this.#options = options;
    this.#writer = writer;
    this.read = reader;
    this.nodeId = options.nodeId;
    this.#changes = changes;
    this.#failures = failures;
  }

  /**
   * Runs one mutation for a principal and returns what the mutator returns, once it is on the disk. Throws the mutator's
   * AppErrors, forbidden, invalid-input, not-unique, stale, store-full, unavailable.
   */
  async mutate<N extends MutationName>(principal: Principal, name: N, args: ArgsOf<Mutators[N]>, options: MutateOptions = {}): Promise<ResultOf<Mutators[N]>> {
    const [result] = await this.#writer.commit([this.#step(principal, name, args, options)]);
    return result as ResultOf<Mutators[N]>;
  }

  /** Stores several writes as one unit and returns what they give back. */
  async commit(call: CommitCall): Promise<CommitResult> {
    const { principal, expect = [], mutations = [], local = [], audit = [], appliedThrough } = call;
    const steps: Step[] = expect.length === 0 ? [] : [localStep('rows.expect', expect)];
    const first = steps.length;
    steps.push(...mutations.map((mutation) => this.#step(principal, mutation.name, mutation.args, mutation.options ?? {})));
    steps.push(...local, ...audit.map((note) => this.#auditStep(note)));
    if (appliedThrough !== undefined) steps.push(localStep('applied-through.set', appliedThrough));
    const results = await this.#writer.commit(steps);
    const then = first + mutations.length;
    return { mutations: results.slice(first, then), local: results.slice(then, then + local.length) };
  }

  /** Runs one write of this node's own tables, with audit entries where given, and returns what it gives back. */
  async local<N extends LocalWriteName>(name: N, args: LocalArgs<N>, audit: readonly AuditNote[] = []): Promise<LocalResult<N>> {
    const [result] = await this.#writer.commit([localStep(name, args), ...audit.map((note) => this.#auditStep(note))]);
    return result as LocalResult<N>;
  }

  /** Runs one step of sync (shared/sync/replication) in a transaction of its own. */
  async sync<N extends SyncStepName>(name: N, args: SyncSteps[N]['args']): Promise<SyncSteps[N]['result']> {
    const [result] = await this.#writer.commit([{ kind: 'sync', name, args } as SyncStep]);
    return result as SyncSteps[N]['result'];
  }

  /** Appends to the audit log of this node. */
  async audit(note: AuditNote): Promise<void> {
    await this.#writer.commit([this.#auditStep(note)]);
  }

  /** Calls back after each commit that changed rows, in the order of the commits. */
  onChange(listener: (event: ChangeEvent) => void): Disposable {
    return this.#changes.on(listener);
  }

  /** Calls back when the writer thread has died: nothing can be written until the program is restarted. */
  onFailed(listener: (reason: string) => void): Disposable {
    return this.#failures.on(listener);
  }

  /** Writes that wait for their commit. */
  get pending(): number {
    return this.#writer.pending;
  }

  /** Finishes what was accepted and closes the database. */
  async close(): Promise<void> {
    this.read.close();
    await this.#writer.close();
  }

  #step(principal: Principal, name: MutationName, args: unknown, options: MutateOptions): Step {
    const { clock, rng, nodeId } = this.#options;
    const record: MutationRecord = { id: options.id ?? uuidv7(clock, rng), name, args, userId: principal.userId, nodeId, at: options.at ?? clock.now(), basedOn: { ...options.basedOn } };
    return { kind: 'mutation', record, principal };
  }

  #auditStep(note: AuditNote): Step {
    return localStep('audit.append', { ...note, nodeId: this.nodeId, at: this.#options.clock.now() });
  }
}

/** Whether the folder holds an operations database with content; false for a new workspace. */
export function hasOperations(dataFolder: string): boolean {
  return (statSync(join(dataFolder, OPERATIONS_FILE), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * Opens the operations database of a workspace. Rejects with AppError store-newer, -corrupt, -full, -locked or -unwritable,
 * whose message says what to do; nothing is changed then. The caller holds the folder's instance lock.
 */
export async function openOperations(options: OperationsOptions): Promise<Operations> {
  const path = join(options.dataFolder, OPERATIONS_FILE);
  refuseEmptied(options.dataFolder, OPERATIONS_FILE);
  const log = options.log.child('operations');
  const report = (error: unknown): void => log.write('error', 'a listener of changes failed', { error });
  const changes = new Emitter<ChangeEvent>(report);
  const failures = new Emitter<string>(report);
  const writer = await startWriterThread({
    entry: options.workerEntry,
    data: { path },
    log,
    onCommitted: (committed) => changes.emit({ changes: committed }),
    onFailed: (reason) => failures.emit(reason),
  });
  try {
    return new Operations(options, writer, new OperationsReader(path), changes, failures);
  } catch (error) {
    await writer.close();
    throw error;
  }
}
