import { AppError } from '#shared/kernel/error.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { ChannelEvents } from '#shared/rpc/channel-events.ts';
import { decodeFrame, encodeFrame } from '#shared/rpc/frame.ts';

/** A channel over a WebSocket to the host that served this page. */
export function connectToHost(): Promise<Channel> {
  const url = new URL('rpc', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const events = new ChannelEvents();
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => events.emit(decodeFrame(typeof event.data === 'string' ? event.data : new Uint8Array(event.data)));
    socket.onclose = (event) => {
      reject(new AppError('unavailable', 'The application does not answer.'));
      events.close(event.reason);
    };
    socket.onopen = () =>
      resolve({
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(message));
        },
        get buffered() {
          return socket.bufferedAmount;
        },
        onMessage: (listener) => events.onMessage(listener),
        onClose: (listener) => events.onClose(listener),
        close: () => socket.close(),
      });
  });
}
