import type { MessagePort } from 'node:worker_threads';
import { AppError } from '#shared/kernel/error.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { csvWriter } from './csv-writer.ts';
import type { GridWriter } from './grid-file.ts';
import type { FileReply, FileRequest } from './protocol.ts';
import { xlsxWriter } from './xlsx-writer.ts';

/** Serves file jobs over the port, one request after the other. */
export function serveFiles(port: Pick<MessagePort, 'postMessage' | 'on'>): void {
  let writer: GridWriter | undefined;
  let last: Promise<void> = Promise.resolve();

  async function run(request: FileRequest): Promise<void> {
    switch (request.type) {
      case 'begin':
        writer = request.format === 'xlsx' ? xlsxWriter(request.path, request.grid) : csvWriter(request.path, request.grid);
        return;
      case 'rows':
        return writer?.rows(request.batch);
      case 'end': {
        const ending = writer;
        writer = undefined;
        return ending?.end();
      }
      case 'abort':
        writer?.abort();
        writer = undefined;
        return;
      default:
        assertNever(request);
    }
  }

  async function answer(request: FileRequest): Promise<void> {
    let reply: FileReply = { type: 'taken' };
    try {
      await run(request);
    } catch (error) {
      writer?.abort();
      writer = undefined;
      reply = { type: 'failed', error: error instanceof AppError ? error.toData() : { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
    }
    port.postMessage(reply);
  }

  port.on('message', (request: FileRequest) => {
    last = last.then(() => answer(request));
  });
}
