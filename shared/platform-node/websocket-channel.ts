import type { WebSocket } from 'ws';
import type { Scheduler } from '../kernel/ports.ts';
import type { Channel } from '../rpc/channel.ts';
import { ChannelEvents } from '../rpc/channel-events.ts';
import { decodeFrame, encodeFrame } from '../rpc/frame.ts';

/** Bytes of a close reason that fit in a WebSocket control frame (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 120;

/** Largest message a client may send, bytes; the server hands it to its WebSocketServer as `maxPayload`. */
export const MAX_CLIENT_MESSAGE = 8 * 1024 * 1024;

export interface WebSocketChannelOptions {
  readonly scheduler: Scheduler;
  /** A peer that answers no ping for one whole period, ms, is taken for gone. */
  readonly heartbeat?: number;
}

/** The server's end of a WebSocket as a Channel. A frame that cannot be read closes it. */
export function webSocketChannel(socket: WebSocket, { scheduler, heartbeat = 15_000 }: WebSocketChannelOptions): Channel {
  const events = new ChannelEvents();
  socket.binaryType = 'arraybuffer';
  let alive = true;

  function close(reason: string): void {
    if (events.close(reason)) socket.close(1000, clip(reason));
  }

  socket.on('message', (data, isBinary) => {
    try {
      alive = true;
      events.emit(decodeFrame(isBinary ? new Uint8Array(data as ArrayBuffer) : asText(data)));
    } catch (error) {
      close(error instanceof Error ? error.message : 'a message could not be read');
    }
  });
  socket.on('pong', () => (alive = true));
  // The close event follows and tells the listeners.
  socket.on('error', () => undefined);
  socket.on('close', (_code, reason) => {
    pings.dispose();
    events.close(reason.toString() || 'the connection was lost');
  });

  const pings = scheduler.every(heartbeat, () => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  });

  return {
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
}

function asText(data: unknown): string {
  return typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString('utf8');
}

function clip(reason: string): string {
  return Buffer.from(reason).subarray(0, MAX_REASON_BYTES).toString('utf8').replace(/\uFFFD+$/, '');
}
