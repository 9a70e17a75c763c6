import { EventEmitter } from 'node:events';
import type { MessagePort as WorkerPort } from 'node:worker_threads';

/** Electron's MessagePortMain over a port of Node: structured clones, no transfer of buffers, delivery from `start()` on. */
export class MessagePortMainDouble extends EventEmitter {
  readonly #port: WorkerPort;
  closed = false;

  constructor(port: WorkerPort) {
    super();
    this.#port = port;
    port.on('close', () => {
      this.closed = true;
      this.emit('close');
    });
  }

  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.some((item) => !(item instanceof MessagePortMainDouble))) throw new TypeError('Port at index 0 is not a valid port');
    this.#port.postMessage(message);
  }

  close(): void {
    this.#port.close();
  }
}
