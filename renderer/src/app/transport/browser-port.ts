import type { PortLike } from '#shared/rpc/message-port.ts';

/** A MessagePort of the browser as the RPC channel needs it. Chromium tells of a port whose other side died by its close event. */
export function browserPort(port: MessagePort): PortLike {
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage(listener) {
      port.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  };
}
