import { Worker } from 'node:worker_threads';
import { AppError, type AppErrorData } from '#shared/kernel/error.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { Log } from '#shared/kernel/ports.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { Step, WriterMessage, WriterRequest } from './protocol.ts';
import type { WriterThreadData } from './writer-thread.ts';

/** What the service needs of a writer, wherever it runs. */
export interface WriterPort {
  commit(steps: readonly Step[]): Promise<readonly unknown[]>;
  /** Requests that wait for their commit. */
  readonly pending: number;
  close(): Promise<void>;
}

/** Requests that may wait; more are refused, and the person is told to try again. */
const PENDING_BOUND = 2_000;

interface Waiting {
  resolve(results: readonly unknown[]): void;
  reject(error: unknown): void;
}

/** An error as it was in the writer thread; an unexpected one is no AppError on this side either. */
function errorOf(data: AppErrorData): Error {
  return data.code === 'internal' ? new Error(`operations writer: ${data.message}`) : AppError.fromData(data);
}

/**
 * Starts the writer thread and waits until its database is open. Rejects with the AppError that kept it from opening. When the
 * thread dies later, everything that waits is refused with `unavailable` and `onFailed` is called once.
 */
export function startWriterThread(options: {
  readonly entry: URL;
  readonly data: WriterThreadData;
  readonly log: Log;
  readonly onCommitted: (changes: readonly LoggedChange[]) => void;
  readonly onFailed: (reason: string) => void;
}): Promise<WriterPort> {
  return new Promise<WriterPort>((resolveStart, rejectStart) => {
    const worker = new Worker(options.entry, { workerData: options.data, name: 'operations-writer' });
    const waiting = new Map<number, Waiting>();
    let nextId = 1;
    let state: 'starting' | 'open' | 'closing' | 'gone' = 'starting';
    let closed: (() => void) | undefined;

    const gone = (reason: string): void => {
      if (state === 'gone') return;
      const before = state;
      state = 'gone';
      for (const request of waiting.values()) request.reject(new AppError('unavailable', 'The store has stopped. Restart the program; what was confirmed is safe.'));
      waiting.clear();
      closed?.();
      if (before === 'starting') rejectStart(new Error(`operations writer ended while starting: ${reason}`));
      if (before !== 'open') return;
      options.log.write('error', 'operations writer ended', { reason });
      options.onFailed(reason);
    };

    const port: WriterPort = {
      get pending() {
        return waiting.size;
      },
      commit(steps) {
        if (state !== 'open') return Promise.reject(new AppError('unavailable', 'The store is closed. Restart the program.'));
        if (waiting.size >= PENDING_BOUND) return Promise.reject(new AppError('unavailable', 'Too many changes are waiting to be stored. Try again in a moment.'));
        const id = nextId++;
        return new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          worker.postMessage({ type: 'commit', id, steps } satisfies WriterRequest);
        });
      },
      close() {
        if (state === 'gone') return Promise.resolve();
        state = 'closing';
        return new Promise((resolve) => {
          closed = resolve;
          worker.postMessage({ type: 'close' } satisfies WriterRequest);
        });
      },
    };

    worker.on('message', (message: WriterMessage) => {
      switch (message.type) {
        case 'ready':
          state = 'open';
          return resolveStart(port);
        case 'failed':
          state = 'gone';
          return rejectStart(errorOf(message.error));
        case 'committed':
          return options.onCommitted(message.changes);
        case 'done':
          waiting.get(message.id)?.resolve(message.results);
          return void waiting.delete(message.id);
        case 'refused':
          waiting.get(message.id)?.reject(errorOf(message.error));
          return void waiting.delete(message.id);
        case 'closed':
          return gone('closed');
        default:
          assertNever(message);
      }
    });
    worker.on('error', (error) => gone(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    worker.on('exit', (code) => gone(`exit code ${code}`));
  });
}
