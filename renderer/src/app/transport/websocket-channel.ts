import { AppError } from '#shared/kernel/error.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { ChannelEvents } from '#shared/rpc/channel-events.ts';
import { decodeFrame, encodeFrame } from '#shared/rpc/frame.ts';

/** Characters of a close reason that surely fit in 123 bytes. */
const MAX_REASON = 40;

/** The browser's end of a WebSocket as a Channel; resolves when it is open, rejects with `unavailable` when it cannot be opened. */
export function openWebSocketChannel(socket: WebSocket): Promise<Channel> {
  const events = new ChannelEvents();
  socket.binaryType = 'arraybuffer';

  function close(reason: string): void {
    if (events.close(reason)) socket.close(1000, reason.slice(0, MAX_REASON));
  }

  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    try {
      events.emit(decodeFrame(typeof data === 'string' ? data : new Uint8Array(data)));
    } catch (error) {
      close(error instanceof Error ? error.message : 'a message could not be read');
    }
  });
  socket.addEventListener('close', ({ reason }) => events.close(reason || 'the connection was lost'));

  const channel: Channel = {
    get buffered() {
      return socket.bufferedAmount;
    },
    send(message) {
      if (!events.closed) socket.send(encodeFrame(message));
    },
    onMessage: (listener) => events.onMessage(listener),
    onClose: (listener) => events.onClose(listener),
    close: (reason = 'closed') => close(reason),
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channel));
    events.onClose((reason) => reject(new AppError('unavailable', 'The console does not answer.', { reason })));
  });
}
