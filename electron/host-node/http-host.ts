import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { WALLBOARD_TOKEN_PREFIX } from '#shared/contract/alerts.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { textResponse, type AssetRequest, type AssetResponse } from '#shared/platform-node/web/asset-response.ts';
import { SECURITY_HEADERS } from '#shared/platform-node/web/security-headers.ts';
import { MAX_CLIENT_MESSAGE, webSocketChannel } from '#shared/platform-node/websocket-channel.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { GATE_PAGE, GATE_SCRIPT, GATE_SCRIPT_PATH } from './gate-page.ts';
import { LaunchSession } from './launch-session.ts';

/** A server that listens on the loopback interface and answers nothing yet. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
}

export interface HttpHostOptions extends Listening {
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
  serveAsset(request: AssetRequest): Promise<AssetResponse>;
  /** Whether this is the token of a wallboard, which opens the page as the launcher's link does. */
  knowsWallboard(token: string): Promise<boolean>;
  /** A window has connected. */
  onChannel(channel: Channel, address: string): void;
}

export interface HttpHost {
  readonly port: number;
  /** The link that opens the console, token included. */
  readonly link: string;
  /** The same for one use. */
  oneTimeLink(): string;
  close(): Promise<void>;
}

export const RPC_PATH = '/rpc';
/** A settled number keeps what a browser remembers for this address (theme, columns); the next start finds it again. */
export const USUAL_PORT = 4710;
const MAX_SESSION_BODY = 1_024;
const LOOPBACK = '127.0.0.1';

/** Answers the requests of a listening server. */
export function startHttpHost(options: HttpHostOptions): HttpHost {
  const { server, port } = options;
  const session = new LaunchSession(port, options.rng);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_MESSAGE, perMessageDeflate: false });

  server.on('request', (request, response) => {
    answer(request, session, options)
      .catch((error: unknown) => {
        options.log.write('error', 'a request failed', { path: request.url, error });
        return textResponse(500, 'Something went wrong.');
      })
      .then((result) => write(response, result))
      // The browser went away; there is nobody to tell.
      .catch((error: unknown) => options.log.write('debug', 'an answer was cut off', { path: request.url, error }));
  });

  server.on('upgrade', (request, socket, head) => {
    const status = upgradeStatus(request, session);
    if (status !== 101) return refuseUpgrade(socket, status);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      options.onChannel(webSocketChannel(webSocket, { scheduler: options.scheduler }), request.socket.remoteAddress ?? 'unknown');
    });
  });

  return {
    port,
    link: session.link,
    oneTimeLink: () => session.oneTimeLink(),
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await closeServer(server);
    },
  };
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/**
 * Listens on the loopback interface only: on `wanted`, or where any will do on the usual port or another. Throws AppError `port-in-use` where
 * the wanted one is taken.
 */
export async function listenOnLoopback(wanted: number | 'any'): Promise<Listening> {
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 60_000 });
  const attempt = (port: number): Promise<Listening> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
        server.off('error', reject);
        resolve({ server, port: (server.address() as AddressInfo).port });
      });
    });
  try {
    return await attempt(wanted === 'any' ? USUAL_PORT : wanted);
  } catch (cause) {
    if (wanted === 'any') return attempt(0);
    throw new AppError('port-in-use', `Port ${wanted} is used by another program, or may not be used. Name another one with --port, or leave it out.`, { port: wanted }, { cause });
  }
}

async function answer(request: IncomingMessage, session: LaunchSession, options: HttpHostOptions): Promise<AssetResponse> {
  const { headers, method = 'GET' } = request;
  if (!session.hostFits(headers)) return textResponse(421, 'This address does not lead to a console.');
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (path === '/session') return method === 'POST' ? openSession(request, session, options) : textResponse(session.hasCookie(headers) ? 204 : 401, '');
  // The gate tells nothing, and a click on the link in another page must reach it.
  if (!session.hasCookie(headers)) return gate(path);
  if (session.isForeign(headers)) return textResponse(403, 'Only for the console itself.');
  return options.serveAsset({
    method,
    path,
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  });
}

function gate(path: string): AssetResponse {
  const headers = { ...SECURITY_HEADERS, 'Cache-Control': 'no-store' };
  if (path === '/') return { status: 200, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body: GATE_PAGE };
  if (path === GATE_SCRIPT_PATH) return { status: 200, headers: { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' }, body: GATE_SCRIPT };
  return textResponse(401, 'Open the link that the launcher printed.');
}

async function openSession(request: IncomingMessage, session: LaunchSession, options: Pick<HttpHostOptions, 'knowsWallboard'>): Promise<AssetResponse> {
  if (!session.originFits(request.headers)) return textResponse(403, 'Only for the console itself.');
  const token = await tokenOf(request);
  const wallboard = typeof token === 'string' && token.startsWith(WALLBOARD_TOKEN_PREFIX) && (await options.knowsWallboard(token));
  const cookie = wallboard ? session.cookie : session.exchange(token);
  return cookie === undefined ? textResponse(403, 'This link is of an earlier start.') : { status: 204, headers: { ...SECURITY_HEADERS, 'Cache-Control': 'no-store', 'Set-Cookie': cookie } };
}

async function tokenOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_SESSION_BODY) return undefined;
  }
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  } catch {
    return undefined;
  }
}

async function write(response: ServerResponse, { status, headers, body }: AssetResponse): Promise<void> {
  response.writeHead(status, headers);
  if (status === 204) response.end();
  else if (typeof body === 'object') await pipeline(createReadStream(body.file, { start: body.start, end: body.end }), response);
  else response.end(body);
}

function upgradeStatus(request: IncomingMessage, session: LaunchSession): 101 | 401 | 403 | 404 | 421 {
  if (!session.hostFits(request.headers)) return 421;
  if (!session.originFits(request.headers)) return 403;
  if (!session.hasCookie(request.headers)) return 401;
  return request.url === RPC_PATH ? 101 : 404;
}

function refuseUpgrade(socket: Duplex, status: number): void {
  // The peer may be gone already.
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
