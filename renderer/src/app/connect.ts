import type { Channel } from '#shared/rpc/channel.ts';
import { openWebSocketChannel } from './transport/websocket-channel.ts';

/** A channel to the host that served this page. */
export function connectToHost(): Promise<Channel> {
  const url = new URL('rpc', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return openWebSocketChannel(new WebSocket(url));
}
