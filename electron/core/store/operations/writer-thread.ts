import type { MessagePort } from 'node:worker_threads';
import { AppError, type AppErrorData } from '#shared/kernel/error.ts';
import type { WriterMessage, WriterRequest } from './protocol.ts';
import { OperationsWriter } from './writer.ts';

/** What the writer thread is started with. */
export interface WriterThreadData {
  readonly path: string;
}

function errorData(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.toData();
  return { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Serves an operations writer over the port until it is told to close. */
export function serveOperationsWriter(port: Pick<MessagePort, 'postMessage' | 'on' | 'close'>, data: WriterThreadData): void {
  const send = (message: WriterMessage): void => port.postMessage(message);
  let writer: OperationsWriter;
  try {
    writer = new OperationsWriter({ path: data.path, onCommitted: (changes) => send({ type: 'committed', changes }) });
  } catch (error) {
    send({ type: 'failed', error: errorData(error) });
    port.close();
    return;
  }
  port.on('message', (request: WriterRequest) => {
    if (request.type === 'close') {
      void writer.close().finally(() => {
        send({ type: 'closed' });
        port.close();
      });
      return;
    }
    const { id } = request;
    writer.commit(request.steps).then(
      ({ results }) => send({ type: 'done', id, results }),
      (error: unknown) => send({ type: 'refused', id, error: errorData(error) }),
    );
  });
  send({ type: 'ready' });
}
