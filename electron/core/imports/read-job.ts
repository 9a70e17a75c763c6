import { rm } from 'node:fs/promises';
import type { MessagePort } from 'node:worker_threads';
import { AppError, type AppErrorData } from '#shared/kernel/error.ts';
import { IMPORT_ROWS, type RawRow } from '#shared/resources/import-template.ts';
import { csvRows } from './csv-rows.ts';
import { sheetRows } from './sheet-rows.ts';
import { cleanWorkbook, kindOf } from './workbook.ts';

/** What a worker thread is started for, as its `workerData`. */
export interface ReadJob {
  readonly kind: 'read-table';
  readonly path: string;
  /** The sheet of this name is read, if the workbook has one. */
  readonly title: string;
}

/** Worker → core. After each batch the worker waits for `next`. */
export type ReadReply = { readonly type: 'rows'; readonly rows: readonly RawRow[] } | { readonly type: 'end' } | { readonly type: 'failed'; readonly error: AppErrorData };

const BATCH = 500;

export function isReadJob(data: unknown): data is ReadJob {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'read-table';
}

async function* rowsOf({ path, title }: ReadJob): AsyncGenerator<RawRow> {
  if ((await kindOf(path)) === 'csv') return yield* csvRows(path);
  const clean = `${path}.clean`;
  try {
    await cleanWorkbook(path, clean, title);
    yield* sheetRows(clean);
  } finally {
    await rm(clean, { force: true });
  }
}

/** Reads a table and sends its rows in batches, heading first. The thread ends by being terminated. */
export async function serveRead(port: Pick<MessagePort, 'postMessage' | 'once'>, job: ReadJob): Promise<void> {
  const send = (reply: ReadReply): void => port.postMessage(reply);
  async function batch(rows: readonly RawRow[]): Promise<void> {
    const asked = new Promise((resolve) => port.once('message', resolve));
    send({ type: 'rows', rows });
    await asked;
  }
  try {
    let rows: RawRow[] = [];
    let count = -1;
    for await (const row of rowsOf(job)) {
      count += 1;
      if (count > IMPORT_ROWS) throw new AppError('too-large', `The file has more than ${IMPORT_ROWS.toLocaleString('en-US')} rows. Split it and upload the parts one after the other.`, { limit: IMPORT_ROWS });
      rows.push(row);
      if (rows.length < BATCH) continue;
      await batch(rows);
      rows = [];
    }
    if (rows.length > 0) await batch(rows);
    send({ type: 'end' });
  } catch (error) {
    send({ type: 'failed', error: error instanceof AppError ? error.toData() : { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) } });
  }
}
