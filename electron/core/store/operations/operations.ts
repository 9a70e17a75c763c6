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
import type { AppliedThrough, LocalArgs, LocalResult, LocalWriteName } from './local/index.ts';
import type { AuditEvent } from './local/audit.ts';
import type { Step } from './protocol.ts';
import { OperationsReader } from './reader.ts';
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

export interface CommitCall {
  readonly principal: Principal;
  readonly mutations: readonly MutationCall[];
  /** How far the caller has come in the telemetry log; stored with the mutations or not at all. */
  readonly appliedThrough?: AppliedThrough;
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

  /** Runs mutations as one unit, with the position in the telemetry log that they come from. Returns their results. */
  async commit(call: CommitCall): Promise<readonly unknown[]> {
    const steps: Step[] = call.mutations.map((mutation) => this.#step(call.principal, mutation.name, mutation.args, mutation.options ?? {}));
    if (call.appliedThrough !== undefined) steps.push({ kind: 'local', name: 'applied-through.set', args: call.appliedThrough });
    const results = await this.#writer.commit(steps);
    return results.slice(0, call.mutations.length);
  }

  /** Runs a write of this node's own tables, together with mutations and audit entries where given; returns what the write returns. */
  async local<N extends LocalWriteName>(name: N, args: LocalArgs<N>, together: { readonly audit?: readonly Omit<AuditEvent, 'nodeId' | 'at'>[]; readonly first?: CommitCall } = {}): Promise<LocalResult<N>> {
    const { principal, mutations = [] } = together.first ?? {};
    const before = principal === undefined ? [] : mutations.map((mutation) => this.#step(principal, mutation.name, mutation.args, mutation.options ?? {}));
    const step = { kind: 'local', name, args } as unknown as Step;
    const results = await this.#writer.commit([...before, step, ...(together.audit ?? []).map((event) => this.#auditStep(event))]);
    return results[before.length] as LocalResult<N>;
  }

  /** Appends to the audit log of this node. */
  async audit(event: Omit<AuditEvent, 'nodeId' | 'at'>): Promise<void> {
    await this.#writer.commit([this.#auditStep(event)]);
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

  #auditStep(event: Omit<AuditEvent, 'nodeId' | 'at'>): Step {
    return { kind: 'local', name: 'audit.append', args: { ...event, nodeId: this.nodeId, at: this.#options.clock.now() } };
  }
}

/**
 * Opens the operations database of a workspace. Rejects with AppError store-newer, -corrupt, -full, -locked or -unwritable,
 * whose message says what to do; nothing is changed then. The caller holds the folder's instance lock.
 */
export async function openOperations(options: OperationsOptions): Promise<Operations> {
  const path = join(options.dataFolder, OPERATIONS_FILE);
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
