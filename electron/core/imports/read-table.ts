import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/kernel/error.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { RawRow } from '#shared/resources/import-template.ts';
import type { ReadJob, ReadReply } from './read-job.ts';

/** Memory of the worker, MB: the shared texts of a large workbook take some 100. */
const MEMORY = 320;
/** 20,000 rows are read in some 3 s; who needs this long is no template, ms. */
const TIME_LIMIT = 120_000;

export interface ReadTableOptions {
  readonly workerEntry: URL;
  readonly scheduler: Scheduler;
  readonly path: string;
  readonly title: string;
}

/**
 * The rows of an uploaded file in batches, heading row first, read by a thread of their own with bounded memory and time; ending
 * the iteration ends the thread. Throws AppError invalid-input or too-large in words for the person who uploaded it.
 */
export async function* readTable({ workerEntry, scheduler, path, title }: ReadTableOptions): AsyncGenerator<readonly RawRow[]> {
  const job: ReadJob = { kind: 'read-table', path, title };
  const worker = new Worker(workerEntry, { name: 'read-table', workerData: job, resourceLimits: { maxOldGenerationSizeMb: MEMORY } });
  const waiting: ReadReply[] = [];
  let failure: AppError | undefined;
  let wake = (): void => undefined;
  const fail = (error: AppError): void => {
    failure ??= error;
    wake();
  };
  worker.on('message', (reply: ReadReply) => {
    waiting.push(reply);
    wake();
  });
  // Out of memory, mostly: a workbook whose parts are small and whose cells are not.
  worker.on('error', (cause) => fail(new AppError('too-large', 'The file needs more memory than reading a template takes. Copy its rows into a new template and upload that.', undefined, { cause })));
  worker.on('exit', () => fail(new AppError('unavailable', 'Reading the file was interrupted. Upload it again.')));
  const timer = scheduler.after(TIME_LIMIT, () => fail(new AppError('too-large', 'Reading the file takes too long. Copy its rows into a new template and upload that.')));
  try {
    for (;;) {
      const reply = waiting.shift();
      if (reply === undefined) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if (reply.type === 'end') return;
      if (reply.type === 'failed') throw reply.error.code === 'internal' ? new Error(`read-table: ${reply.error.message}`) : AppError.fromData(reply.error);
      yield reply.rows;
      worker.postMessage('next');
    }
  } finally {
    timer.dispose();
    await worker.terminate();
    await rm(`${path}.clean`, { force: true });
  }
}
