import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/kernel/error.ts';
import type { Log } from '#shared/kernel/ports.ts';
import type { FileReply, FileRequest } from './protocol.ts';

/** Memory of the worker, MB: a file that needs more is refused instead of taking the core with it. */
const MEMORY = 512;

export interface FileWorker {
  /** Resolves when the worker has done what was asked; rejects with its AppError, or unavailable when it died. */
  ask(request: FileRequest): Promise<void>;
  close(): Promise<void>;
}

/** A worker thread for files, started when it is first asked, and again after it died. */
export function createFileWorker(entry: URL, log: Log): FileWorker {
  let worker: Worker | undefined;
  let waiting: { resolve(): void; reject(error: unknown): void }[] = [];
  let closed = false;

  function start(): Worker {
    const started = new Worker(entry, { name: 'files', resourceLimits: { maxOldGenerationSizeMb: MEMORY } });
    started.on('message', (reply: FileReply) => {
      const first = waiting.shift();
      if (reply.type === 'taken') first?.resolve();
      else if (reply.error.code === 'internal') first?.reject(new Error(`file worker: ${reply.error.message}`));
      else first?.reject(AppError.fromData(reply.error));
    });
    const gone = (reason: unknown): void => {
      if (worker !== started) return;
      worker = undefined;
      const lost = waiting;
      waiting = [];
      if (!closed) log.write('error', 'the file worker ended', { reason });
      for (const one of lost) one.reject(new AppError('unavailable', 'The file could not be made. Export fewer rows, or try again.'));
    };
    started.on('error', gone);
    started.on('exit', gone);
    return started;
  }

  return {
    ask(request) {
      if (closed) return Promise.reject(new AppError('unavailable', 'The program is closing.'));
      worker ??= start();
      const target = worker;
      return new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject });
        target.postMessage(request);
      });
    },
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}
