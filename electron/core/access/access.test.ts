import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { user } from '#shared/resources/user.ts';
import { verifyAudit } from '#shared/sync/audit.ts';
import { createClient } from '#shared/rpc/client.ts';
import { createDispatcher } from '#shared/rpc/dispatcher.ts';
import { memoryChannelPair } from '#shared/rpc/memory.ts';
import { ACCESS_CONTRACT, allAccessHandlers, type AuthClient as Client } from '#shared/testing/access-fixture.ts';
import { CUSTOMER_ID, groundMutations, NODE_ID, NOW, SYSTEM } from '#shared/testing/master-data.ts';
import { testSecrets } from '#shared/testing/secrets.ts';
import { appErrorOf, codeOf, openTestOperations, testClock, testRng, testScheduler } from '#shared/testing/operations.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import { Access } from './access.ts';
import { DEMO_SIGN_IN, seedDemoUsers } from './demo-users.ts';
import { ACTIVATION_LIFE, RESET_LIFE } from './codes.ts';
import { createPasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { readCommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { RefusalAudit } from './refusals.ts';
import { ABSOLUTE, IDLE, type SessionEnd } from './sessions.ts';

const PAGE = { offset: 0, limit: 100 };

const commonPasswords = readCommonPasswords(join(import.meta.dirname, '../../../resources'));
const clock = testClock();
const scheduler = testScheduler();
const hasher = createPasswordHasher({ memory: 256, passes: 1 });
const FIRST = { email: 'asha@example.com', name: 'Asha Rao', password: 'four green autos' };

/** Unexpected errors: there must be none. */
const problems: unknown[] = [];
const log: Log = { write: (level, message, fields) => void (level === 'error' && problems.push([message, fields?.['error']])), child: () => log };

let folder = '';
let operations: Operations;
let access: Access;
let ends: SessionEnd[];
let connect: (address?: string) => Client;

function start(): void {
  operations = openTestOperations(folder, { clock, rng: testRng(7) });
  access = new Access({ operations, clock, rng: testRng(clock.time % 9973), scheduler, log, hasher, commonPasswords, allowFirstUser: true, issuer: 'Command Center', secrets: testSecrets(), secondFactor: 'voluntary', publishedEmail: DEMO_SIGN_IN.email });
  let errors = 0;
  const dispatcher = createDispatcher<typeof ACCESS_CONTRACT, Principal>({ contract: ACCESS_CONTRACT, handlers: allAccessHandlers(access), authorise: (rule, principal) => access.authorise(rule, principal), log, newErrorId: () => `E-${++errors}`, validateOutput: true });
  ends = [];
  access.onSessionEnded((end) => {
    ends.push(end);
    if (end.reason === 'ended') dispatcher.endSession(end.sessionId);
    else dispatcher.renewSession(end.sessionId);
  });
  connect = (address = '10.0.0.1') => {
    const [client, server] = memoryChannelPair();
    dispatcher.serve(server, { address });
    return createClient(ACCESS_CONTRACT, client);
  };
}

async function stop(): Promise<void> {
  access.dispose();
  await operations.close();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
  clock.time = NOW;
  start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
  expect(problems.splice(0)).toEqual([]);
});

const userValues = { name: 'Ravi', misRole: 'USER', role: 'operation', account: 'Command Centre', customers: 'all' } as const;

/** Makes a user by the way of an administrator: row, one-time code, password. */
async function makeUser(admin: Client, email: string, password: string, values: Partial<{ role: 'admin' | 'operation' | 'super-admin' }> = {}): Promise<string> {
  const { id } = await operations.mutate(SYSTEM, 'user.create', { values: { ...userValues, email, ...values } });
  const { code } = await admin.call('auth.issueResetCode', { email });
  await connect().call('auth.resetPassword', { email, code, password });
  return id;
}

describe('the first user of a local workspace', () => {
  test('becomes Super Admin, is signed in, and nobody follows that way', async () => {
    expect(access.needsFirstUser).toBe(true);
    const client = connect();
    const session = await client.call('auth.createFirstUser', FIRST);
    expect(session.user).toMatchObject({ email: FIRST.email, role: 'super-admin', roleLabel: 'Super Admin', scope: 'all' });
    expect((await client.call('user.list', PAGE)).rows.map(({ values }) => [values.email, values.lastSignIn])).toEqual([[FIRST.email, NOW]]);
    expect(access.needsFirstUser).toBe(false);
    expect(await codeOf(connect().call('auth.createFirstUser', { ...FIRST, email: 'eve@example.com' }))).toBe('refused');
  });

  test('two people at once: one wins', async () => {
    const outcomes = await Promise.allSettled([connect().call('auth.createFirstUser', FIRST), connect().call('auth.createFirstUser', { ...FIRST, email: 'b@example.com' })]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(operations.read.count(user)).toBe(1);
  });

  test.each([
    ['password1', /guessed first/],
    ['Sunshine', /guessed first/],
    ['zzzzzzzzzz', /guessed first/],
    ['asha@example.com', /not your name/],
    ['Asha Rao', /not your name/],
  ])('cannot take the password %s', async (password, message) => {
    const error = await appErrorOf(connect().call('auth.createFirstUser', { ...FIRST, password }));
    expect([error.code, error.details]).toMatchObject(['invalid-input', { issues: [{ path: 'password' }] }]);
    expect(error.message).toMatch(message);
  });
});

describe('signing in', () => {
  test('binds the connection; without it nothing but public calls works', async () => {
    await connect().call('auth.createFirstUser', FIRST);
    const client = connect();
    expect(await codeOf(client.call('user.list', PAGE))).toBe('not-signed-in');
    const session = await client.call('auth.signIn', { email: ' ASHA@example.com ', password: FIRST.password });
    expect(session).toMatchObject({ idleUntil: NOW + IDLE, absoluteUntil: NOW + ABSOLUTE });
    expect((await client.call('user.list', PAGE)).rows).toHaveLength(1);
  });

  test('answers a wrong password, an unknown, a disabled and an invited user alike, and hashes for each', async () => {
    const admin = connect();
    await admin.call('auth.createFirstUser', FIRST);
    const id = await makeUser(admin, 'ravi@example.com', 'a long enough one');
    await operations.mutate(SYSTEM, 'user.update', { id, edit: { set: { status: 'disabled' } } });
    await operations.mutate(SYSTEM, 'user.create', { values: { ...userValues, email: 'new@example.com' } });
    const attempts = [
      { email: FIRST.email, password: 'wrong' },
      { email: 'nobody@example.com', password: 'wrong' },
      { email: 'ravi@example.com', password: 'a long enough one' },
      { email: 'new@example.com', password: 'x' },
    ];
    const answers = await Promise.all(attempts.map((attempt) => appErrorOf(connect().call('auth.signIn', attempt))));
    expect(new Set(answers.map((error) => JSON.stringify(error.toData()))).size).toBe(1);
    expect(answers[0]?.code).toBe('not-signed-in');
  });

  test('repeated failures wait longer and longer and say how long, and the right password waits too', async () => {
    await connect().call('auth.createFirstUser', FIRST);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 14; attempt++) {
      expect(await codeOf(connect().call('auth.signIn', { email: FIRST.email, password: 'wrong' }))).toBe('not-signed-in');
      if (attempt < 5) continue;
      const error = await appErrorOf(connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password }));
      expect(error.code).toBe('too-many-attempts');
      waits.push(Number(error.details?.['retryAfter']));
      clock.time += waits.at(-1) ?? 0;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * 1000));
    await connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password });
  });

  test('an account under attack opens for its owner within a minute', async () => {
    await connect().call('auth.createFirstUser', FIRST);
    for (let n = 0; n < 40; n++) {
      await codeOf(connect(`10.0.1.${n}`).call('auth.signIn', { email: FIRST.email, password: 'wrong' }));
      clock.time += 100;
    }
    const error = await appErrorOf(connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password }));
    expect(error.code).toBe('too-many-attempts');
    clock.time += Number(error.details?.['retryAfter']);
    expect((await connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password })).user.email).toBe(FIRST.email);
  });

  test('an address that tries many accounts is slowed down, others are not', async () => {
    await connect('10.9.9.9').call('auth.createFirstUser', FIRST);
    const codes: string[] = [];
    for (let n = 0; n < 25; n++) codes.push(await codeOf(connect('10.6.6.6').call('auth.signIn', { email: `user${n}@example.com`, password: 'wrong' })));
    expect(codes.filter((code) => code === 'too-many-attempts').length).toBeGreaterThan(2);
    expect((await connect('10.9.9.9').call('auth.signIn', { email: FIRST.email, password: FIRST.password })).user.email).toBe(FIRST.email);
  });

  test('many people of one address sign in without waiting', async () => {
    await connect().call('auth.createFirstUser', FIRST);
    for (let n = 0; n < 60; n++) await connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password });
  });

  test('calls that the role does not allow are in the audit log: the first at once, the following as one row a minute', async () => {
    const admin = connect();
    await admin.call('auth.createFirstUser', FIRST);
    await makeUser(admin, 'ravi@example.com', 'three blue buses');
    const client = connect();
    await client.call('auth.signIn', { email: 'ravi@example.com', password: 'three blue buses' });
    const tryTwice = async (): Promise<void> => {
      for (let i = 0; i < 2; i++) expect(await codeOf(client.call('auth.issueResetCode', { email: FIRST.email }))).toBe('forbidden');
    };
    const rows = async () => {
      await operations.audit({ kind: 'marker', userId: '', subject: '', payload: {} });
      const entries = operations.read.audit(NODE_ID, { after: 0, limit: 100 });
      expect(verifyAudit(entries)).toBeUndefined();
      return entries.filter(({ kind }) => kind === 'call-refused').map(({ userId, subject, payload }) => [userId, subject, (JSON.parse(payload ?? '{}') as { count: number }).count]);
    };
    const ravi = operations.read.findUnique(user, 'email', 'ravi@example.com')!.id;
    await tryTwice();
    expect(await rows()).toEqual([[ravi, 'users.manage', 1]]);
    await tryTwice();
    scheduler.tick();
    expect(await rows()).toEqual([[ravi, 'users.manage', 1], [ravi, 'users.manage', 3]]);
    // A quiet minute ends the counting; what comes after it is written at once again.
    scheduler.tick();
    await tryTwice();
    expect((await rows()).map(([, , count]) => count)).toEqual([1, 3, 1]);
    await stop();
    start();
    expect((await rows()).map(([, , count]) => count)).toEqual([1, 3, 1, 1]);
  });

  test('however many sessions are refused, so many rows are written', async () => {
    const written: unknown[] = [];
    const audit = new RefusalAudit({ operations: { audit: (note) => Promise.resolve(void written.push(note)) }, scheduler, log });
    for (let session = 0; session < 1_500; session++) audit.note({ userId: 'u', sessionId: `s${session}` }, 'users.manage');
    expect(written).toHaveLength(1_001);
    audit.dispose();
    expect(written.at(-1)).toMatchObject({ subject: 'other sessions', payload: { count: 499 } });
    expect(written).toHaveLength(1_002);
  });

  test('sign-ins and refusals are in the audit log, without passwords', async () => {
    await connect().call('auth.createFirstUser', FIRST);
    await codeOf(connect().call('auth.signIn', { email: 'eve@example.com', password: 'secret guess' }));
    const entries = operations.read.audit(NODE_ID, { after: 0, limit: 100 });
    expect(entries.map((entry) => entry.kind)).toEqual(['mutation', 'sign-in', 'sign-in-refused']);
    expect(JSON.stringify(entries)).not.toMatch(/secret guess|four green/);
  });
});

describe('a session', () => {
  test('is resumed by its token after a restart, ends with sign-out everywhere, and its secret is nowhere in the file', async () => {
    const { token } = await connect().call('auth.createFirstUser', FIRST);
    await stop();
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(Buffer.from(token)), name).toBe(false);
    start();
    const one = connect();
    const two = connect();
    expect((await one.call('auth.resume', { token })).user.email).toBe(FIRST.email);
    await two.call('auth.resume', { token });
    await one.call('auth.signOut', {});
    expect(await codeOf(two.call('user.list', PAGE))).toBe('not-signed-in');
    expect(await codeOf(connect().call('auth.resume', { token }))).toBe('not-signed-in');
  });

  test('lives as long as it is used, ends 12 h after its last use, and after 30 days in any case', async () => {
    const client = connect();
    const { token } = await client.call('auth.createFirstUser', FIRST);
    for (let used = 0; used < 5; used++) {
      clock.time += IDLE - 1000;
      await client.call('user.list', PAGE);
    }
    const { idleUntil } = await connect().call('auth.resume', { token });
    expect(idleUntil).toBe(clock.time + IDLE);
    clock.time += IDLE;
    expect(await codeOf(client.call('user.list', PAGE))).toBe('not-signed-in');
    expect(await codeOf(connect().call('auth.resume', { token }))).toBe('not-signed-in');

    const other = connect();
    const second = await other.call('auth.signIn', { email: FIRST.email, password: FIRST.password });
    while (clock.time < second.absoluteUntil - IDLE) {
      clock.time += IDLE - 1000;
      await other.call('user.list', PAGE);
    }
    expect((await connect().call('auth.resume', { token: second.token })).idleUntil).toBe(second.absoluteUntil);
    clock.time = second.absoluteUntil;
    expect(await codeOf(other.call('user.list', PAGE))).toBe('not-signed-in');
  });

  test('its use survives a restart to within a minute', async () => {
    const client = connect();
    const { token } = await client.call('auth.createFirstUser', FIRST);
    clock.time += IDLE - 1;
    await client.call('user.list', PAGE);
    await stop();
    start();
    clock.time += IDLE - 60_000;
    expect((await connect().call('auth.resume', { token })).user.email).toBe(FIRST.email);
  });

  test('of a connection that only listens is found by the sweep', async () => {
    await connect().call('auth.createFirstUser', FIRST);
    clock.time += IDLE;
    scheduler.tick();
    expect(ends).toMatchObject([{ reason: 'ended' }]);
  });

  test('tells a changed name from changed rights, and nothing of other changes', async () => {
    await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
    const admin = connect();
    await admin.call('auth.createFirstUser', FIRST);
    const id = await makeUser(admin, 'ravi@example.com', 'a long enough one', { role: 'admin' });
    await connect().call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' });
    for (const set of [{ name: 'Ravi K' }, { account: 'Elsewhere' }, { email: 'ravi.k@example.com' }, { customers: [CUSTOMER_ID] }, { misRole: 'ADMIN' }]) await operations.mutate(SYSTEM, 'user.update', { id, edit: { set: set as never } });
    expect(ends.map(({ reason }) => reason)).toEqual(['identity', 'identity', 'rights', 'rights']);
  });

  test('ends at once when its user is disabled or deleted, and is renewed when his role changes', async () => {
    const admin = connect();
    await admin.call('auth.createFirstUser', FIRST);
    const id = await makeUser(admin, 'ravi@example.com', 'a long enough one', { role: 'admin' });
    const ravi = connect();
    const { token } = await ravi.call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' });
    await operations.mutate(SYSTEM, 'user.update', { id, edit: { set: { role: 'operation' } } });
    expect(ends.at(-1)?.reason).toBe('rights');
    // The window comes back with the rights the user has now.
    expect(await codeOf(ravi.call('user.list', PAGE))).toBe('unavailable');
    const again = connect();
    expect((await again.call('auth.resume', { token })).user.role).toBe('operation');
    expect(await codeOf(again.call('auth.issueResetCode', { email: FIRST.email }))).toBe('forbidden');
    await operations.mutate(SYSTEM, 'user.update', { id, edit: { set: { status: 'disabled' } } });
    expect(await codeOf(again.call('user.list', PAGE))).toBe('not-signed-in');
    expect(await codeOf(again.call('auth.resume', { token }))).toBe('not-signed-in');
  });
});

describe('changing the password', () => {
  test('needs the current one, keeps this session and ends the others', async () => {
    const here = connect();
    await here.call('auth.createFirstUser', FIRST);
    const there = connect();
    await there.call('auth.signIn', { email: FIRST.email, password: FIRST.password });
    expect((await appErrorOf(here.call('auth.changePassword', { current: 'wrong', next: 'five green autos' }))).details).toMatchObject({ issues: [{ path: 'current' }] });
    expect(await codeOf(here.call('auth.changePassword', { current: FIRST.password, next: 'iloveyou' }))).toBe('invalid-input');
    await here.call('auth.changePassword', { current: FIRST.password, next: 'five green autos' });
    expect((await here.call('user.list', PAGE)).rows).toHaveLength(1);
    expect(await codeOf(there.call('user.list', PAGE))).toBe('not-signed-in');
    expect(await codeOf(connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password }))).toBe('not-signed-in');
    await connect().call('auth.signIn', { email: FIRST.email, password: 'five green autos' });
  });

  test('is refused for the user of the login page, by whichever way', async () => {
    await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
    await seedDemoUsers({ operations, hasher, clock, b2bCustomerId: CUSTOMER_ID });
    const demo = connect();
    await demo.call('auth.signIn', DEMO_SIGN_IN);
    expect(await codeOf(demo.call('auth.changePassword', { current: DEMO_SIGN_IN.password, next: 'five green autos' }))).toBe('refused');
    expect(await codeOf(demo.call('auth.issueResetCode', { email: DEMO_SIGN_IN.email }))).toBe('refused');
    const { rows } = await demo.call('user.list', PAGE);
    const one = rows.find(({ values }) => values.email === DEMO_SIGN_IN.email)!;
    const change = (set: object): Promise<unknown> => demo.call('user.update', { id: one.id, revision: one.revision, edit: { set } });
    for (const values of [{ status: 'disabled' }, { role: 'operation' }, { misRole: 'USER' }, { customers: [CUSTOMER_ID] }, { email: 'else@example.com' }]) expect(await codeOf(change(values)), JSON.stringify(values)).toBe('refused');
    await change({ account: 'Elsewhere', role: 'super-admin', customers: 'all' });
    await connect().call('auth.signIn', DEMO_SIGN_IN);
  });
});

describe('a one-time code', () => {
  const RAVI = 'ravi@example.com';
  let admin: Client;
  let id = '';
  beforeEach(async () => {
    admin = connect();
    await admin.call('auth.createFirstUser', FIRST);
    ({ id } = await operations.mutate(SYSTEM, 'user.create', { values: { ...userValues, email: RAVI } }));
  });
  const reset = (code: string, password = 'a long enough one') => connect().call('auth.resetPassword', { email: RAVI, code, password });

  test('sets the password once, however it is typed, activates an invited user and ends his sessions', async () => {
    const { code, validUntil } = await admin.call('auth.issueResetCode', { email: RAVI });
    expect([code, validUntil]).toEqual([expect.stringMatching(/^([0-9A-HJKMNP-TV-Z]{7}-){3}[0-9A-HJKMNP-TV-Z]{5}$/), NOW + ACTIVATION_LIFE]);
    await reset(code.toLowerCase().replaceAll('-', ' '));
    const ravi = connect();
    await ravi.call('auth.signIn', { email: RAVI, password: 'a long enough one' });
    expect(operations.read.get(user, id)?.status).toBe('active');
    expect(await codeOf(reset(code, 'another long one'))).toBe('refused');
    const next = await admin.call('auth.issueResetCode', { email: RAVI });
    expect([next.purpose, next.validUntil]).toEqual(['reset', NOW + RESET_LIFE]);
    await reset(next.code, 'another long one');
    expect(await codeOf(ravi.call('user.list', PAGE))).toBe('not-signed-in');
  });

  test('expires, is revoked by a newer one, and dies after five wrong attempts', async () => {
    await operations.mutate(SYSTEM, 'user.update', { id, edit: { set: { status: 'active' } } });
    const old = await admin.call('auth.issueResetCode', { email: RAVI });
    const newer = await admin.call('auth.issueResetCode', { email: RAVI });
    expect(await codeOf(reset(old.code))).toBe('refused');
    clock.time = newer.validUntil;
    expect(await codeOf(reset(newer.code))).toBe('refused');
    const third = await admin.call('auth.issueResetCode', { email: RAVI });
    for (let attempt = 0; attempt < 5; attempt++) {
      clock.time += 61_000;
      expect(await codeOf(reset('00000-00000'))).toBe('refused');
    }
    clock.time += 61_000;
    expect(await codeOf(reset(third.code))).toBe('refused');
  });

  test('guessing is slowed down', async () => {
    const codes: string[] = [];
    for (let attempt = 0; attempt < 8; attempt++) codes.push(await codeOf(reset(`0000${attempt}-00000`)));
    expect(codes.at(-1)).toBe('too-many-attempts');
  });

  test('an unknown address and a wrong code are answered alike', async () => {
    await admin.call('auth.issueResetCode', { email: RAVI });
    const known = await appErrorOf(reset('00000-00000'));
    const unknown = await appErrorOf(connect().call('auth.resetPassword', { email: 'nobody@example.com', code: '00000-00000', password: 'a long enough one' }));
    expect(unknown.toData()).toEqual(known.toData());
  });

  test('for a Super Admin is issued by a Super Admin only, and for a disabled user by nobody', async () => {
    await makeUser(admin, 'boss@example.com', 'a long enough one', { role: 'admin' });
    const boss = connect();
    await boss.call('auth.signIn', { email: 'boss@example.com', password: 'a long enough one' });
    expect(await codeOf(boss.call('auth.issueResetCode', { email: FIRST.email }))).toBe('refused');
    await boss.call('auth.issueResetCode', { email: RAVI });
    expect(await codeOf(boss.call('auth.issueResetCode', { email: 'nobody@example.com' }))).toBe('not-found');
    await operations.mutate(SYSTEM, 'user.update', { id, edit: { set: { status: 'disabled' } } });
    expect(await codeOf(admin.call('auth.issueResetCode', { email: RAVI }))).toBe('refused');
  });

  test('is stored as a hash only', async () => {
    const { code } = await admin.call('auth.issueResetCode', { email: RAVI });
    const database = openDatabase(join(folder, 'operations.db'), { readonly: true });
    const dump = JSON.stringify(database.prepare('SELECT * FROM reset_code').all()) + JSON.stringify(database.prepare('SELECT * FROM audit').all());
    database.close();
    expect(dump).not.toContain(code);
    expect(dump).not.toContain(code.replace('-', ''));
  });
});

describe('the demo workspace', () => {
  test('has its shown user and one of each role, whose B2B user sees one customer; a second start changes nothing', async () => {
    await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
    const options = { operations, hasher, clock, b2bCustomerId: CUSTOMER_ID };
    await seedDemoUsers(options);
    await seedDemoUsers(options);
    expect(access.needsFirstUser).toBe(false);
    const session = await connect().call('auth.signIn', DEMO_SIGN_IN);
    expect(session.user.role).toBe('super-admin');
    for (const role of ['super-admin', 'admin', 'operation', 'b2b', 'operator', 'technician']) {
      const { user: who } = await connect(`10.0.2.${role.length}`).call('auth.signIn', { email: `${role}@commandcenter.example`, password: DEMO_SIGN_IN.password });
      expect([who.role, who.scope]).toEqual([role, role === 'b2b' ? [CUSTOMER_ID] : 'all']);
    }
    expect(operations.read.count(user)).toBe(7);
  });
});
