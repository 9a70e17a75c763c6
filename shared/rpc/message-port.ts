import type { Binary, Channel, Message } from './channel.ts';
import { ChannelEvents } from './channel-events.ts';
import { mapBinaries } from './plain.ts';

/** What the three kinds of message port (browser, worker_threads, Electron's MessagePortMain) have in common; each host adapts its own. */
export interface PortLike {
  /** Posts a structured clone; `transfer` lists buffers that nobody else uses and that may move instead of being copied. */
  post(message: unknown, transfer: ArrayBuffer[]): void;
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Tells the other side why the port closes; ports themselves close without a word, some without an event. */
const CLOSING = '~closing';

/**
 * A Channel over a message port. The sender keeps its typed arrays: each is copied once, exactly its own elements (a structured clone of a view
 * would carry the whole buffer behind it), and the copy is transferred.
 */
export function portChannel(port: PortLike): Channel {
  const events = new ChannelEvents();

  port.onMessage((data) => {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return;
    const message = data as Message;
    const reason = message[CLOSING];
    if (typeof reason !== 'string') events.emit(message);
    else if (events.close(reason)) port.close();
  });
  port.onClose(() => events.close('the other side is gone'));

  return {
    buffered: 0,
    send(message) {
      if (events.closed) return;
      const transfer: ArrayBuffer[] = [];
      const copy = mapBinaries(message, (array) => {
        const own = exactCopy(array);
        transfer.push(own.buffer as ArrayBuffer);
        return own;
      });
      port.post(copy, transfer);
    },
    onMessage: (listener) => events.onMessage(listener),
    onClose: (listener) => events.onClose(listener),
    close(reason = 'closed') {
      if (!events.close(reason)) return;
      port.post({ [CLOSING]: reason }, []);
      port.close();
    },
  };
}

function exactCopy(array: Binary): Binary {
  // A Node Buffer's own slice() would be a view.
  return array instanceof Uint8Array ? Uint8Array.from(array) : array.slice();
}
