import { join } from 'node:path';
import { Operations, OPERATIONS_FILE, type ChangeEvent } from '#core/store/operations/operations.ts';
import { OperationsReader } from '#core/store/operations/reader.ts';
import { OperationsWriter } from '#core/store/operations/writer.ts';
import { SqliteRowStore } from '#shared/store/row-store.ts';
import type { Principal } from '../domain/access/principal.ts';
import { disposable } from '../kernel/disposable.ts';
import { Emitter } from '../kernel/emitter.ts';
import { AppError, type ErrorCode } from '../kernel/error.ts';
import { SILENT_LOG, type Clock, type Rng, type Scheduler } from '../kernel/ports.ts';
import { openDatabase, type SqliteDatabase } from '../platform-node/sqlite/index.ts';
import type { LoggedChange } from '../sync/change.ts';
import type { ArgsOf, ResultOf } from '../sync/mutator.ts';
import type { MutationRecord } from '../sync/mutation.ts';
import type { MutationName, Mutators } from '../sync/mutators/index.ts';
import { groundMutations, mutation, NODE_ID, NOW, SYSTEM } from './master-data.ts';

/** An operations writer in this thread over a file, with what it announced and a second connection to look at what it stored. */
export interface TestWriter {
  readonly writer: OperationsWriter;
  readonly announced: LoggedChange[];
  readonly store: SqliteRowStore;
  readonly database: SqliteDatabase;
  /** Runs a mutation and returns its result. */
  run<N extends MutationName>(name: N, args: ArgsOf<Mutators[N]>, options?: { readonly principal?: Principal } & Partial<MutationRecord>): Promise<ResultOf<Mutators[N]>>;
  close(): Promise<void>;
}

/** Opens a writer on `path`; with `ground` the rows that vehicles refer to are there. */
export async function openTestWriter(path: string, options: { readonly ground?: boolean } = {}): Promise<TestWriter> {
  const announced: LoggedChange[] = [];
  const writer = new OperationsWriter({ path, onCommitted: (changes) => announced.push(...changes) });
  const database = openDatabase(path, { readonly: true });
  if (options.ground !== false) await writer.commit(groundMutations().map((record) => ({ kind: 'mutation', record, principal: SYSTEM })));
  announced.length = 0;
  return {
    writer,
    announced,
    store: new SqliteRowStore(database),
    database,
    async run(name, args, { principal = SYSTEM, ...record } = {}) {
      const reply = await writer.commit([{ kind: 'mutation', record: mutation(name, args, { userId: principal.userId, ...record }), principal }]);
      return reply.results[0] as never;
    },
    async close() {
      database.close();
      await writer.close();
    },
  };
}

/** The AppError that a promise rejects with; fails for any other outcome. */
export async function appErrorOf(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (outcome instanceof AppError) return outcome;
  throw outcome instanceof Error ? outcome : new Error(`expected an AppError, got ${String(outcome)}`);
}

export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  return (await appErrorOf(promise)).code;
}

/** A clock that stands until it is moved. */
export interface TestClock extends Clock {
  time: number;
}

export function testClock(time: number = NOW): TestClock {
  const clock: TestClock = { time, now: () => clock.time, monotonic: () => clock.time };
  return clock;
}

/** Repeatable randomness (Park and Miller's generator). */
export function testRng(seed = 1): Rng {
  let state = seed;
  const step = (): number => (state = (state * 48_271) % 2_147_483_647);
  return { bytes: (count) => Uint8Array.from({ length: count }, () => (step() >> 8) & 255), next: () => step() / 2_147_483_647 };
}

/** The operations service over a folder, with its writer in this thread. */
export function openTestOperations(folder: string, options: { readonly clock?: Clock; readonly rng?: Rng } = {}): Operations {
  const path = join(folder, OPERATIONS_FILE);
  const changes = new Emitter<ChangeEvent>();
  const writer = new OperationsWriter({ path, onCommitted: (committed) => changes.emit({ changes: committed }) });
  const port = { pending: 0, commit: (steps: Parameters<OperationsWriter['commit']>[0]) => writer.commit(steps).then((reply) => reply.results), close: () => writer.close() };
  const { clock = testClock(), rng = testRng() } = options;
  return new Operations({ dataFolder: folder, workerEntry: new URL('file:///none'), clock, rng, log: SILENT_LOG, nodeId: NODE_ID }, port, new OperationsReader(path), changes, new Emitter<string>());
}

/** Timers that run when they are told to. */
export interface TestScheduler extends Scheduler {
  /** Runs every periodic timer once. */
  tick(): void;
}

export function testScheduler(): TestScheduler {
  const periodic = new Set<() => void>();
  return {
    after: () => disposable(() => undefined),
    every(_period, run) {
      periodic.add(run);
      return disposable(() => periodic.delete(run));
    },
    tick: () => [...periodic].forEach((run) => run()),
  };
}
