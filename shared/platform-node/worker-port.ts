import type { MessagePort } from 'node:worker_threads';
import type { PortLike } from '../rpc/message-port.ts';

/** A MessagePort of node:worker_threads as the RPC channel needs it. */
export function workerPort(port: MessagePort): PortLike {
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
