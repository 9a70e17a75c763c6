import type { PortLike } from '#shared/rpc/message-port.ts';

/** The part of Electron's MessagePortMain that is used; this folder does not import electron. */
export interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The part of `process.parentPort` of an Electron utility process that is used. */
export interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly ElectronPort[] }) => void): unknown;
}

/** A port of Electron as the RPC channel needs it. It copies buffers: only other ports can be transferred. */
export function electronPort(port: ElectronPort): PortLike {
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
