import { AppError } from '#shared/kernel/error.ts';
import { BRIDGE_GLOBAL, BRIDGE_PORT, type Bridge } from '#shared/rpc/bridge.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { portChannel } from '#shared/rpc/message-port.ts';
import { wallboardToken } from '../wallboard.ts';
import { browserPort } from './browser-port.ts';
import { openWebSocketChannel } from './websocket-channel.ts';

/** What the transports need of the page. */
export interface Page {
  readonly location: { readonly href: string };
  readonly bridge: Bridge | undefined;
  addMessageListener(listener: (event: MessageEvent<unknown>) => void): () => void;
  fetch(url: URL, init: RequestInit): Promise<Pick<Response, 'status'>>;
  openWebSocket(url: URL): WebSocket;
  newId(): string;
  /** Token of the wallboard that this window is. */
  readonly wallboard?: string | undefined;
}

/** The page that this script runs in. */
export function currentPage(): Page {
  return {
    location: window.location,
    bridge: (window as unknown as Record<string, Bridge | undefined>)[BRIDGE_GLOBAL],
    addMessageListener(listener) {
      const own = (event: MessageEvent<unknown>): void => {
        if (event.source === window) listener(event);
      };
      window.addEventListener('message', own);
      return () => window.removeEventListener('message', own);
    },
    fetch: (url, init) => window.fetch(url, init),
    openWebSocket: (url) => new WebSocket(url),
    newId: () => crypto.randomUUID(),
    wallboard: wallboardToken(),
  };
}

/**
 * One attempt at a channel to the core: through Electron's bridge where there is one, else over a WebSocket to the host that served the page. Rejects
 * with `unavailable` when the host does not answer, with `forbidden` when it was started anew and this window has no access to it.
 */
export function connectToHost(page: Page = currentPage()): Promise<Channel> {
  return page.bridge === undefined ? connectOverWebSocket(page) : connectThroughBridge(page, page.bridge);
}

function connectThroughBridge(page: Page, bridge: Bridge): Promise<Channel> {
  const id = page.newId();
  return new Promise((resolve) => {
    const stop = page.addMessageListener(({ data, ports }) => {
      const port = ports[0];
      if (port === undefined || typeof data !== 'object' || data === null || (data as Record<string, unknown>)[BRIDGE_PORT] !== id) return;
      stop();
      resolve(portChannel(browserPort(port)));
    });
    bridge.connect(id);
  });
}

/** Whether the host lets this window in, as an HTTP status; undefined where it does not answer. A wallboard is let in again by its own token after a restart. */
async function gateStatus(page: Page): Promise<number | undefined> {
  const url = new URL('session', page.location.href);
  const ask = (init: RequestInit): Promise<number | undefined> => page.fetch(url, init).then((answer) => answer.status, () => undefined);
  const status = await ask({ cache: 'no-store' });
  if (status !== 401 || page.wallboard === undefined) return status;
  return ask({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: page.wallboard }) });
}

async function connectOverWebSocket(page: Page): Promise<Channel> {
  const url = new URL('rpc', page.location.href);
  url.hash = '';
  // A refused upgrade tells a script nothing; a plain request tells why.
  const status = await gateStatus(page);
  if (status === undefined) throw new AppError('unavailable', 'The console does not answer. It may have been closed.');
  if (status === 401 || status === 403) throw new AppError('forbidden', 'The console was started anew. Open the link that it printed.');
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return openWebSocketChannel(page.openWebSocket(url));
}
