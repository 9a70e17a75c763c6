import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { permissionsOf, ROLES, type Role } from '#shared/domain/access/permissions.ts';
import { fromBase32, stepAt, totpCode } from '#shared/domain/access/totp.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import { createPasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { readCommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { textLog } from '#shared/platform-node/text-log.ts';
import { SYNC_PROTOCOL } from '#shared/sync/replication/protocol.ts';
import { SYNC_SCHEMA } from '#shared/sync/replication/schema.ts';
import { ABSOLUTE, ACCESS_LIFE, IDLE, ROTATE_AGAIN, type IssuedTokens } from './auth/sessions.ts';
import { LINK_LIFE } from './auth/links.ts';
import { createServer, type CentralServer } from './server.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

const RESOURCES = join(import.meta.dirname, '../../resources');
/** Just short of what ends an unused session. */
const ALMOST = IDLE - 60_000;
const PASSWORD = 'correct horse battery staple';

let folder: string;
let server: CentralServer;
let smtp: SMTPServer;
let mails: string[];
let ahead: number;
let lines: string[];
const clock = { now: () => Date.now() + ahead, monotonic: () => performance.now() + ahead };

async function start(): Promise<void> {
  const store = await openSqliteStore(join(folder, 'server.db'), { clock, rng: systemRng });
  const address = smtp.server.address();
  server = await createServer({
    store, clock, rng: systemRng, scheduler: systemScheduler, log: textLog({ clock: systemClock, level: 'debug', write: (line) => void lines.push(line) }),
    hasher: createPasswordHasher({ memory: 1024, passes: 1 }), commonPasswords: readCommonPasswords(RESOURCES),
    brand: { name: 'Voltfleet <North>', accent: '#0F62C9', supportText: 'Ask the depot.' }, host: '127.0.0.1', port: 0, mailFrom: 'console@voltfleet.example',
    smtp: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'));
  mails = [];
  lines = [];
  ahead = 0;
  smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      mails.push(Buffer.concat(chunks).toString());
      done();
    });
  } });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
  await start();
});
afterEach(async () => {
  await server.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<string, unknown>;
}

async function call(method: 'GET' | 'POST', path: string, body?: unknown, token?: string): Promise<Answer> {
  const response = await fetch(server.url + path, { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const post = (path: string, body: unknown = {}, token?: string): Promise<Answer> => call('POST', path, body, token);
const tokenOf = (link: string | undefined): string => link?.split('#')[1] ?? '';
const signIn = async (email: string, nodeId = 'node-a', code?: string, password = PASSWORD): Promise<Answer> => post('/auth/sign-in', { email, password, nodeId, ...(code === undefined ? {} : { code }) });
const tokens = (answer: Answer): IssuedTokens => answer.body as unknown as IssuedTokens;

/** The first Super Admin, signed in with the second factor that he must have. */
async function administrator(): Promise<{ readonly access: string; readonly secret: Uint8Array; readonly recovery: readonly string[]; readonly userId: string }> {
  expect((await post('/auth/setup', { token: tokenOf(server.setupLink), email: 'Chief@Voltfleet.example', name: 'Chief', password: PASSWORD })).status).toBe(200);
  const first = tokens(await signIn('chief@voltfleet.example'));
  const setup = await post('/auth/factor/begin', {}, first.accessToken);
  const secret = fromBase32(String(setup.body['secret']));
  const recovery = (await post('/auth/factor/confirm', { code: totpCode(secret, stepAt(clock.now())) }, first.accessToken)).body['recoveryCodes'] as string[];
  expect(recovery).toHaveLength(10);
  const me = await call('GET', '/auth/me', undefined, first.accessToken);
  return { access: first.accessToken, secret, recovery, userId: String(me.body['userId']) };
}

const hello = (nodeId: string): object => ({ protocol: SYNC_PROTOCOL, schema: SYNC_SCHEMA.current, nodeId });

function push(access: string, userId: string, name: string, args: unknown, more: { readonly nodeId?: string; readonly id?: string } = {}): Promise<Answer> {
  const nodeId = more.nodeId ?? 'node-a';
  return post('/sync/push', { ...hello(nodeId), mutations: [{ id: more.id ?? uuidv7(clock, systemRng), name, args, userId, nodeId, at: clock.now(), basedOn: {} }] }, access);
}

const newUser = (email: string, role: Role = 'operator', customers: 'all' | string[] = 'all'): object => ({ values: { email, name: 'Asha Rao', role, misRole: 'USER', account: 'Command Centre', customers } });

/** The link of the last mail, as it stands in the text. */
async function mailedToken(count: number): Promise<string> {
  await expect.poll(() => mails.length, { timeout: 5_000 }).toBe(count);
  return /#([0-9a-f]{32})/.exec((mails.at(-1) ?? '').replaceAll('=\r\n', ''))?.[1] ?? '';
}

/** A user who was invited by mail and has activated the account, signed in on node `node-b`. */
async function member(admin: { readonly access: string; readonly userId: string }, email: string, role: Role): Promise<IssuedTokens> {
  const before = mails.length;
  await push(admin.access, admin.userId, 'user.create', newUser(email, role));
  expect((await post('/auth/link/redeem', { token: await mailedToken(before + 1), password: PASSWORD })).status).toBe(200);
  return tokens(await signIn(email, 'node-b'));
}

describe('the central server', () => {
  test('the first Super Admin comes from a link that works once, and needs a second factor for everything else', async () => {
    const link = server.setupLink;
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#[0-9a-f]{32}$/);
    expect((await post('/auth/link/describe', { token: tokenOf(link) })).body['purpose']).toBe('setup');
    expect((await post('/auth/setup', { token: tokenOf(link), email: 'a@b.example', name: 'A', password: 'password' })).body.error?.code).toBe('invalid-input');
    await post('/auth/setup', { token: tokenOf(link), email: 'a@b.example', name: 'A', password: PASSWORD });
    expect((await post('/auth/setup', { token: tokenOf(link), email: 'c@d.example', name: 'C', password: PASSWORD })).body.error?.code).toBe('refused');
    const access = tokens(await signIn('a@b.example')).accessToken;
    expect((await post('/sync/snapshot', { ...hello('node-a'), limit: 10 }, access)).body.error?.code).toBe('second-factor');
    expect((await call('GET', '/auth/me', undefined, access)).body).toMatchObject({ mustEnrol: true, permissions: [] });
  });

  test('a code of the authenticator counts once, and a recovery code too', async () => {
    const admin = await administrator();
    expect((await signIn('chief@voltfleet.example')).body.error?.code).toBe('second-factor');
    ahead += 60_000;
    const code = totpCode(admin.secret, stepAt(clock.now()));
    expect((await signIn('chief@voltfleet.example', 'node-a', code)).status).toBe(200);
    expect((await signIn('chief@voltfleet.example', 'node-a', code)).body.error?.code).toBe('second-factor');
    expect((await signIn('chief@voltfleet.example', 'node-a', admin.recovery[0])).status).toBe(200);
    expect((await signIn('chief@voltfleet.example', 'node-a', admin.recovery[0])).body.error?.code).toBe('second-factor');
  });

  test('an invited user gets HTML and text by SMTP, activates, and the link is dead then; opening it uses nothing up', async () => {
    const admin = await administrator();
    await push(admin.access, admin.userId, 'user.create', newUser('asha@voltfleet.example'));
    const token = await mailedToken(1);
    expect(mails[0]).toContain('text/plain');
    expect(mails[0]).toContain('text/html');
    expect(mails[0]).toContain('Voltfleet &#60;North&#62;');
    expect((await post('/auth/link/describe', { token })).body).toMatchObject({ purpose: 'activation', email: 'asha@voltfleet.example' });
    expect((await signIn('asha@voltfleet.example')).status).toBe(401);
    expect((await post('/auth/link/redeem', { token, password: PASSWORD })).status).toBe(200);
    expect((await post('/auth/link/redeem', { token, password: PASSWORD })).body.error?.code).toBe('refused');
    expect((await signIn('asha@voltfleet.example')).status).toBe(200);
  });

  test('a forgotten password is answered alike for all; the newest link revokes the older, ends sessions, and is over after its time', async () => {
    const admin = await administrator();
    const asha = await member(admin, 'asha@voltfleet.example', 'operator');
    const known = await post('/auth/forgot', { email: 'asha@voltfleet.example' });
    const older = await mailedToken(2);
    expect(await post('/auth/forgot', { email: 'nobody@voltfleet.example' })).toEqual(known);
    await post('/auth/forgot', { email: 'asha@voltfleet.example' });
    const newer = await mailedToken(3);
    expect((await post('/auth/link/redeem', { token: older, password: PASSWORD })).status).toBe(409);
    expect((await post('/auth/link/redeem', { token: newer, password: 'another long password' })).status).toBe(200);
    expect((await call('GET', '/auth/me', undefined, asha.accessToken)).status).toBe(401);
    expect((await signIn('asha@voltfleet.example')).status).toBe(401);
    await post('/auth/forgot', { email: 'asha@voltfleet.example' });
    const late = await mailedToken(4);
    ahead += LINK_LIFE.reset;
    expect((await post('/auth/link/redeem', { token: late, password: PASSWORD })).status).toBe(409);
  });

  test('refresh tokens rotate; one that comes again ends the session, but for a lost answer', async () => {
    const admin = await administrator();
    const first = await member(admin, 'asha@voltfleet.example', 'operator');
    const refresh = (refreshToken: string, nodeId = 'node-b'): Promise<Answer> => post('/auth/refresh', { refreshToken, nodeId });
    const lost = tokens(await refresh(first.refreshToken));
    const second = tokens(await refresh(first.refreshToken));
    expect((await call('GET', '/auth/me', undefined, lost.accessToken)).status).toBe(401);
    expect((await call('GET', '/auth/me', undefined, second.accessToken)).status).toBe(200);
    ahead += ROTATE_AGAIN + 1;
    const third = tokens(await refresh(second.refreshToken));
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await call('GET', '/auth/me', undefined, third.accessToken)).status).toBe(401);
    expect((await refresh(third.refreshToken)).status).toBe(401);
  });

  test('access tokens last 10 min, unused sessions 12 h, any session 30 days', async () => {
    const admin = await administrator();
    const first = await member(admin, 'asha@voltfleet.example', 'operator');
    ahead += ACCESS_LIFE;
    expect((await call('GET', '/auth/me', undefined, first.accessToken)).status).toBe(401);
    let last = tokens(await post('/auth/refresh', { refreshToken: first.refreshToken, nodeId: 'node-b' }));
    for (let gone = ACCESS_LIFE; gone + ALMOST < ABSOLUTE; gone += ALMOST) {
      ahead += ALMOST;
      last = tokens(await post('/auth/refresh', { refreshToken: last.refreshToken, nodeId: 'node-b' }));
      expect(last.accessToken).toMatch(/^[0-9a-f]{32}$/);
    }
    ahead += ALMOST;
    expect((await post('/auth/refresh', { refreshToken: last.refreshToken, nodeId: 'node-b' })).status).toBe(401);
    const idle = tokens(await signIn('asha@voltfleet.example', 'node-b'));
    ahead += IDLE;
    expect((await post('/auth/refresh', { refreshToken: idle.refreshToken, nodeId: 'node-b' })).status).toBe(401);
  });

  test('guessing passwords is slowed down, and the answer names no account', async () => {
    const answers = [];
    for (let attempt = 0; attempt < 6; attempt++) answers.push(await signIn('nobody@voltfleet.example'));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(answers[0]?.body.error?.message).toBe('E-mail address or password is wrong.');
  });

  test('a change is decided once, reaches another console by poke and pull, and survives a restart', async () => {
    const admin = await administrator();
    const asha = await member(admin, 'asha@voltfleet.example', 'operation');
    const live = new WebSocket(`${server.url.replace('http', 'ws')}/sync/live`, { headers: { authorization: `Bearer ${asha.accessToken}` } });
    const [greeting] = (await once(live, 'message')) as [Buffer];
    const head = (JSON.parse(greeting.toString()) as { head: number }).head;
    const poked = once(live, 'message');
    const id = uuidv7(clock, systemRng);
    const location = { id: uuidv7(clock, systemRng), values: { city: 'Pune', district: 'Pune', state: 'Maharashtra', country: 'India', zone: 'West', latitude: 18.52, longitude: 73.86 } };
    const sent = await push(admin.access, admin.userId, 'location.create', location, { id });
    expect(sent.body).toMatchObject({ head: head + 1, outcomes: [{ id, outcome: 'accepted', sequence: head + 1 }] });
    expect(((await poked) as [Buffer])[0].toString()).toBe(JSON.stringify({ head: head + 1 }));
    live.terminate();
    expect((await push(admin.access, admin.userId, 'location.create', location, { id })).body).toEqual(sent.body);
    const page = await post('/sync/snapshot', { ...hello('node-b'), limit: 2000 }, asha.accessToken);
    expect((page.body['rows'] as { resource: string; row: { id: string } }[]).map(({ resource, row }) => `${resource} ${row.id}`)).toContain(`location ${location.id}`);
    await server.close();
    await start();
    expect(server.setupLink).toBeUndefined();
    const pulled = await post('/sync/pull', { ...hello('node-b'), epoch: page.body['epoch'], scopeKey: page.body['scopeKey'], cursor: head, limit: 100 }, asha.accessToken);
    expect(pulled.body).toMatchObject({ kind: 'page', head: head + 1, rows: [{ resource: 'location', row: { city: 'Pune' } }] });
  });

  test('a console that lies about its user or its node gets refusals, not data', async () => {
    const admin = await administrator();
    const asha = await member(admin, 'asha@voltfleet.example', 'operation');
    const ashaId = String((await call('GET', '/auth/me', undefined, asha.accessToken)).body['userId']);
    const location = { id: uuidv7(clock, systemRng), values: { city: 'Pune', district: 'Pune', state: 'Maharashtra', country: 'India', zone: 'West', latitude: 18.52, longitude: 73.86 } };
    expect((await push(asha.accessToken, admin.userId, 'location.create', location, { nodeId: 'node-b' })).body.error?.code).toBe('forbidden');
    expect((await push(asha.accessToken, ashaId, 'location.create', location, { nodeId: 'node-a' })).body.error?.code).toBe('forbidden');
    expect((await push(asha.accessToken, ashaId, 'location.create', location, { nodeId: 'node-b' })).body).toMatchObject({ outcomes: [{ outcome: 'rejected', error: { code: 'forbidden' } }] });
    expect((await post('/sync/snapshot', { ...hello('node-a'), limit: 10 }, asha.accessToken)).body.error?.code).toBe('forbidden');
    expect((await post('/sync/pull', { ...hello('node-b'), epoch: '', cursor: -1, scopeKey: '', limit: 10 }, asha.accessToken)).body.error?.code).toBe('invalid-input');
    expect((await post('/sync/snapshot', { ...hello('node-b'), schema: 9999, limit: 10 }, asha.accessToken)).body.error?.code).toBe('version-mismatch');
  });

  test('a user who is disabled loses session and live connection at once', async () => {
    const admin = await administrator();
    const asha = await member(admin, 'asha@voltfleet.example', 'operator');
    const ashaId = String((await call('GET', '/auth/me', undefined, asha.accessToken)).body['userId']);
    const live = new WebSocket(`${server.url.replace('http', 'ws')}/sync/live`, { headers: { authorization: `Bearer ${asha.accessToken}` } });
    await once(live, 'message');
    const closed = once(live, 'close') as Promise<[number]>;
    await push(admin.access, admin.userId, 'user.update', { id: ashaId, edit: { set: { status: 'disabled' } } });
    expect((await closed)[0]).toBe(4401);
    expect((await call('GET', '/auth/me', undefined, asha.accessToken)).status).toBe(401);
    expect((await post('/auth/refresh', { refreshToken: asha.refreshToken, nodeId: 'node-b' })).status).toBe(401);
  });

  test('every route answers each role as its table says, and strangers not at all', async () => {
    const admin = await administrator();
    for (const route of server.routes.filter(({ access }) => access !== 'public')) {
      expect([route.path, (await call(route.method, route.path, route.method === 'POST' ? {} : undefined)).status]).toEqual([route.path, 401]);
    }
    const live = new WebSocket(`${server.url.replace('http', 'ws')}/sync/live`);
    expect(((await once(live, 'error')) as [Error])[0].message).toContain('401');
    for (const role of Object.keys(ROLES) as Role[]) {
      if (role === 'super-admin' || role === 'admin') continue;
      const one = await member(admin, `${role}@voltfleet.example`, role);
      for (const route of server.routes.filter(({ access, path }) => access !== 'public' && path !== '/auth/sign-out')) {
        const { status, body } = await call(route.method, route.path, route.method === 'POST' ? {} : undefined, one.accessToken);
        const allowed = route.access === 'signed-in' || route.access === 'enrolling' || permissionsOf(role, 'USER').has(route.access as never);
        expect([role, route.path, status === 403, status === 401]).toEqual([role, route.path, !allowed, false]);
        if (!allowed) expect(body.error?.code).toBe('forbidden');
      }
    }
  });

  test('health, readiness and metrics answer; logs hold no token, password or link', async () => {
    const admin = await administrator();
    const asha = await member(admin, 'asha@voltfleet.example', 'operator');
    expect((await call('GET', '/health')).body).toEqual({ status: 'alive' });
    expect((await call('GET', '/ready')).body['status']).toBe('ready');
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^command_center_mails_sent_total 1$/m);
    expect((await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
    const page = await fetch(`${server.url}/activate`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Voltfleet &#60;North&#62;');
    for (const secret of [PASSWORD, admin.access, asha.accessToken, asha.refreshToken, ...mails.map((mail) => /#([0-9a-f]{32})/.exec(mail)?.[1] ?? 'none')]) {
      expect(lines.join('\n')).not.toContain(secret);
      expect(readFileSync(join(folder, 'server.db')).includes(secret)).toBe(false);
    }
  });
});
