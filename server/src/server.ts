import Fastify from 'fastify';
import { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { AppError, type ErrorCode } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { PasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import type { CommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { SECURITY_HEADERS } from '#shared/platform-node/web/security-headers.ts';
import { MUTATOR_REGISTRY } from '#shared/sync/mutators/index.ts';
import { Authority } from '#shared/sync/replication/authority.ts';
import { SYNC_SCHEMA } from '#shared/sync/replication/schema.ts';
import { Accounts } from './auth/accounts.ts';
import { ServerFactors } from './auth/factors.ts';
import { ServerSessions } from './auth/sessions.ts';
import { LivePokes } from './http/live.ts';
import { LINK_SCRIPT, linkPage } from './http/pages.ts';
import { apiRoutes, registerRoutes, type RouteDefinition } from './http/routes.ts';
import type { MailBrand } from './mail/link-mail.ts';
import { Mailer } from './mail/mailer.ts';
import type { ServerStore } from './store/server-store.ts';

export interface ServerDeps {
  readonly store: ServerStore;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly hasher: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  readonly brand: MailBrand;
  readonly host: string;
  readonly port: number;
  /** Where people reach the server; undefined: where it listens. */
  readonly publicUrl?: string | undefined;
  /** Certificate and key, PEM; undefined: plain HTTP, for this machine or behind a proxy. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /** Whether `X-Forwarded-For` of a proxy on this machine is believed. */
  readonly trustProxy?: boolean;
  readonly smtp?: string | undefined;
  readonly mailFrom: string;
}

export interface CentralServer {
  readonly url: string;
  readonly routes: readonly RouteDefinition[];
  readonly mailer: Mailer;
  /** The link of the first Super Admin; undefined once there is a user. */
  readonly setupLink: string | undefined;
  /** Ends connections, finishes what was accepted and closes the store. */
  close(): Promise<void>;
}

/** Largest body of a request: a full push of wide rows. */
const BODY_LIMIT = 16 * 1024 * 1024;

const STATUS: Partial<Record<ErrorCode, number>> = { 'invalid-input': 400, 'not-signed-in': 401, 'second-factor': 401, forbidden: 403, 'not-found': 404, conflict: 409, 'not-unique': 409, stale: 409, refused: 409, 'too-large': 413, 'version-mismatch': 426, 'too-many-attempts': 429, unavailable: 503, 'store-full': 507 };

/** Starts the central server. Rejects where it cannot listen. */
export async function createServer(deps: ServerDeps): Promise<CentralServer> {
  const { store, clock, rng, log, brand } = deps;
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT, trustProxy: deps.trustProxy === true ? 'loopback' : false, forceCloseConnections: true, ...(deps.tls === undefined ? {} : { https: deps.tls }) });
  const counters = { requests: 0, refused: 0, failed: 0 };
  let stopping = false;
  let url = '';

  const behind = new Set<Promise<unknown>>();
  const later = (work: Promise<unknown>): void => {
    const done = work.catch((error: unknown) => log.write('error', 'work behind an answer failed', { error })).finally(() => behind.delete(done));
    behind.add(done);
  };
  const attempts = new AttemptGuard(clock);
  const sessions = new ServerSessions({ store, clock, rng, log });
  const factors = new ServerFactors({ store, clock, rng, attempts, issuer: brand.name });
  const mailer = new Mailer({ smtp: deps.smtp, from: deps.mailFrom, brand, log: log.child('mail'), scheduler: deps.scheduler });
  const authority = new Authority({ store, registry: MUTATOR_REGISTRY, clock, schema: SYNC_SCHEMA, onHead: (head) => live.poke(head) });
  const accounts = new Accounts({ ...deps, authority, sessions, factors, attempts, sendMail: (mail) => mailer.send(mail), publicUrl: () => deps.publicUrl ?? url });
  const live = new LivePokes({ server: app.server, sessions, scheduler: deps.scheduler, log: log.child('live'), head: () => authority.head() });
  const routes = apiRoutes({ accounts, sessions, factors, authority, later });

  app.addHook('onRequest', async (request, reply) => {
    counters.requests++;
    void reply.headers({ ...SECURITY_HEADERS, 'Cache-Control': 'no-store', ...(deps.tls === undefined ? {} : { 'Strict-Transport-Security': 'max-age=31536000' }) });
    if (stopping && request.url !== '/health') throw new AppError('unavailable', 'The server is stopping. Try again in a moment.');
  });
  app.addHook('onResponse', async (request, reply) => log.write('debug', 'request', { method: request.method, path: request.routeOptions.url ?? 'unknown', status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) }));
  app.setNotFoundHandler(async () => {
    throw new AppError('not-found', 'There is nothing here.');
  });
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof AppError) {
      counters.refused++;
      const wait = Number(error.details?.['retryAfter'] ?? 0);
      if (wait > 0) void reply.header('Retry-After', Math.ceil(wait / 1000));
      return reply.code(STATUS[error.code] ?? 500).send({ error: error.toData() });
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: { code: status === 413 ? 'too-large' : 'invalid-input', message: 'The request cannot be read.' } });
    counters.failed++;
    const id = uuidv7(clock, rng);
    log.write('error', 'a request failed', { id, path: request.routeOptions.url ?? 'unknown', error });
    return reply.code(500).send({ error: { code: 'internal', message: `The server could not do this. Report it to an administrator with the number ${id}.`, details: { id } } });
  });
  registerRoutes(app, routes, sessions);
  for (const path of ['/setup', '/activate', '/reset']) app.get(path, async (_request, reply) => reply.type('text/html; charset=utf-8').send(linkPage(brand)));
  app.get('/link.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(LINK_SCRIPT));
  app.get('/health', async () => ({ status: 'alive' }));
  app.get('/ready', async () => ({ status: 'ready', head: await authority.head() }));
  app.get('/metrics', async (request, reply) => {
    if (!/^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') || request.headers['x-forwarded-for'] !== undefined) throw new AppError('not-found', 'There is nothing here.');
    const { bytes, waiting } = await store.status();
    const values = { requests_total: counters.requests, requests_refused_total: counters.refused, requests_failed_total: counters.failed, live_connections: live.count, store_bytes: bytes, store_writes_waiting: waiting, sync_head: await authority.head(), mails_sent_total: mailer.counters.sent, mails_failed_total: mailer.counters.failed, mails_dropped_total: mailer.counters.dropped, mails_waiting: mailer.counters.waiting };
    return reply.type('text/plain; version=0.0.4').send(Object.entries(values).map(([name, value]) => `# TYPE command_center_${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}\ncommand_center_${name} ${value}\n`).join(''));
  });
  url = (await app.listen({ host: deps.host, port: deps.port })).replace(/\/$/, '');
  log.write('info', 'listening', { url });
  return {
    url,
    routes,
    mailer,
    setupLink: await accounts.setupLink(),
    async close() {
      stopping = true;
      live.dispose();
      await app.close();
      await Promise.all(behind);
      mailer.close();
      await store.close();
      log.write('info', 'stopped');
    },
  };
}
