import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Log, Scheduler } from '#shared/kernel/ports.ts';
import type { ServerSessions } from '../auth/sessions.ts';
import { bearerOf } from './routes.ts';

/** Connections at a time; further ones are refused. */
const BOUND = 2_000;
/** A connection that does not answer a ping within this time is cut, ms. */
const PING_PERIOD = 20_000;
/** Bytes that a slow reader may leave waiting. */
const WAITING = 65_536;
/** Close code for a session that is over. */
export const SESSION_ENDED = 4401;

/** `/sync/live`: tells every console at once that the head has moved; the console pulls. */
export class LivePokes implements Disposable {
  readonly #sockets = new Map<WebSocket, { readonly sessionId: string; alive: boolean }>();
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  readonly #subscriptions: readonly Disposable[];
  readonly #sessions: ServerSessions;
  readonly #log: Log;

  constructor(options: { readonly server: Server; readonly sessions: ServerSessions; readonly scheduler: Scheduler; readonly log: Log; head(): Promise<number> }) {
    this.#sessions = options.sessions;
    this.#log = options.log;
    options.server.on('upgrade', (request, socket, first) => {
      this.#accept(request.url ?? '', bearerOf(request.headers.authorization)).then(
        (sessionId) => {
          if (sessionId === undefined) return refuse(socket);
          this.#server.handleUpgrade(request, socket, first, (live) => {
            this.#add(live, sessionId);
            options.head().then((head) => live.send(JSON.stringify({ head })), () => live.close(1011));
          });
        },
        () => refuse(socket),
      );
    });
    this.#subscriptions = [
      options.sessions.onEnd((ended) => {
        for (const [socket, { sessionId }] of this.#sockets) if (sessionId === ended) socket.close(SESSION_ENDED, 'session ended');
      }),
      options.scheduler.every(PING_PERIOD, () => this.#ping()),
    ];
  }

  /** Open connections. */
  get count(): number {
    return this.#sockets.size;
  }

  /** Tells all of the new head; a reader that is behind is cut and asks anew. */
  poke(head: number): void {
    const text = JSON.stringify({ head });
    for (const socket of this.#sockets.keys()) {
      if (socket.bufferedAmount > WAITING) socket.terminate();
      else socket.send(text);
    }
  }

  dispose(): void {
    for (const one of this.#subscriptions) one.dispose();
    for (const socket of this.#sockets.keys()) socket.terminate();
    this.#server.close();
  }

  async #accept(url: string, token: string): Promise<string | undefined> {
    if (url !== '/sync/live' || this.#sockets.size >= BOUND) return undefined;
    const { principal, mustEnrol } = await this.#sessions.check(token);
    return mustEnrol ? undefined : principal.sessionId;
  }

  #add(socket: WebSocket, sessionId: string): void {
    const entry = { sessionId, alive: true };
    this.#sockets.set(socket, entry);
    socket.on('pong', () => void (entry.alive = true));
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', (error) => this.#log.write('debug', 'a live connection failed', { error }));
  }

  #ping(): void {
    for (const [socket, entry] of this.#sockets) {
      if (!entry.alive) socket.terminate();
      entry.alive = false;
      socket.ping();
    }
  }
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
