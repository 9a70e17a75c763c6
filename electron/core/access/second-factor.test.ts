import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFactorSecrets } from '#core/store/operations/local/access-reads.ts';
import { OPERATIONS_FILE } from '#core/store/operations/operations.ts';
import { fromBase32 } from '#shared/domain/access/totp.ts';
import { SILENT_LOG, type Log } from '#shared/kernel/ports.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { NODE_ID, SYSTEM } from '#shared/testing/master-data.ts';
import { appCode, openAccess, type AccessFixture, type AuthClient } from '#shared/testing/access-fixture.ts';
import { appErrorOf, codeOf, testRng } from '#shared/testing/operations.ts';
import { testSecrets } from '#shared/testing/secrets.ts';
import { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { FactorVault } from './factor-vault.ts';
import { SecondFactors, type FactorOwner } from './second-factor.ts';
import { PROOF_LIFE } from './sessions.ts';

const FIRST = { email: 'asha@example.com', name: 'Asha Rao', password: 'four green autos' };
const STEP = 30_000;
const PAGE = { offset: 0, limit: 100 };

let fixture: AccessFixture;
beforeEach(() => void (fixture = openAccess()));
afterEach(() => fixture.stop());

const code = (secret: string): string => appCode(secret, fixture.clock.time);

/** The first administrator with the second factor set up, and the recovery codes. */
async function enrolled(): Promise<{ client: AuthClient; token: string; secret: string; recoveryCodes: string[] }> {
  const client = fixture.connect();
  const { token } = await client.call('auth.createFirstUser', FIRST);
  const { secret } = await client.call('auth.beginSecondFactor', {});
  const { recoveryCodes } = await client.call('auth.confirmSecondFactor', { code: code(secret) });
  await client.call('auth.resume', { token });
  fixture.clock.time += STEP;
  return { client, token, secret, recoveryCodes };
}

describe('an administrator outside the demo', () => {
  test('may do nothing but set up the second factor, and then what the role allows', async () => {
    const client = fixture.connect();
    const session = await client.call('auth.createFirstUser', FIRST);
    expect(session.user).toMatchObject({ mustEnrol: true, permissions: [] });
    expect(await codeOf(client.call('user.list', PAGE))).toBe('forbidden');
    const { secret, uri } = await client.call('auth.beginSecondFactor', {});
    expect(uri).toContain(secret);
    expect(await codeOf(client.call('auth.confirmSecondFactor', { code: '000000' }))).toBe('second-factor');
    const { recoveryCodes } = await client.call('auth.confirmSecondFactor', { code: code(secret) });
    expect(new Set(recoveryCodes).size).toBe(10);
    const again = await client.call('auth.resume', { token: session.token });
    expect(again.user.mustEnrol).toBeUndefined();
    expect((await client.call('user.list', PAGE)).rows).toMatchObject([{ values: { secondFactor: true } }]);
    expect(await codeOf(client.call('auth.removeSecondFactor', { code: code(secret) }))).toBe('refused');
  });

  test('a role that asks for none sets one up with the password, and removes it with a code', async () => {
    await fixture.addUser('ravi@example.com', 'a long enough one');
    const ravi = fixture.connect();
    expect((await ravi.call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' })).user.mustEnrol).toBeUndefined();
    expect(await codeOf(ravi.call('auth.beginSecondFactor', {}))).toBe('refused');
    const { secret } = await ravi.call('auth.beginSecondFactor', { password: 'a long enough one' });
    await ravi.call('auth.confirmSecondFactor', { code: code(secret) });
    expect(await codeOf(ravi.call('auth.beginSecondFactor', { password: 'a long enough one' }))).toBe('refused');
    expect(await codeOf(ravi.call('auth.removeSecondFactor', { code: code(secret) }))).toBe('second-factor');
    fixture.clock.time += STEP;
    await ravi.call('auth.removeSecondFactor', { code: code(secret) });
    expect(await ravi.call('auth.secondFactor', {})).toEqual({ recoveryLeft: 0, mandatory: false });
  });

  test('a setup that was not confirmed in time begins again', async () => {
    const client = fixture.connect();
    await client.call('auth.createFirstUser', FIRST);
    const { secret } = await client.call('auth.beginSecondFactor', {});
    fixture.clock.time += 16 * 60_000;
    expect(await codeOf(client.call('auth.confirmSecondFactor', { code: code(secret) }))).toBe('refused');
  });
});

describe('signing in with a second factor', () => {
  test('asks for the code after the right password only, and takes each code once', async () => {
    const { secret } = await enrolled();
    const signIn = (password: string, typed?: string) => fixture.connect().call('auth.signIn', { email: FIRST.email, password, ...(typed === undefined ? {} : { code: typed }) });
    expect(await codeOf(signIn('wrong', code(secret)))).toBe('not-signed-in');
    expect(await codeOf(signIn(FIRST.password))).toBe('second-factor');
    expect((await signIn(FIRST.password, code(secret))).user.mustEnrol).toBeUndefined();
    expect(await codeOf(signIn(FIRST.password, code(secret)))).toBe('second-factor');
    fixture.clock.time += STEP;
    await signIn(FIRST.password, `${code(secret).slice(0, 3)} ${code(secret).slice(3)}`);
  });

  test('two windows with one code: one signs in', async () => {
    const { secret } = await enrolled();
    const both = await Promise.allSettled([1, 2].map(() => fixture.connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password, code: code(secret) })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a recovery code stands in once, however it is typed', async () => {
    const { recoveryCodes, client } = await enrolled();
    const first = recoveryCodes[0]!;
    await fixture.connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password, code: first.toLowerCase().replace('-', ' ') });
    expect(await codeOf(fixture.connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password, code: first }))).toBe('second-factor');
    expect((await client.call('auth.secondFactor', {})).recoveryLeft).toBe(9);
  });

  test('guessing codes is slowed down, and knowing the password does not pay for it', async () => {
    await enrolled();
    const codes: string[] = [];
    for (let attempt = 0; attempt < 12; attempt++) codes.push(await codeOf(fixture.connect(`10.1.0.${attempt}`).call('auth.signIn', { email: FIRST.email, password: FIRST.password, code: String(100_000 + attempt) })));
    expect(codes[0]).toBe('second-factor');
    expect(codes.filter((one) => one === 'too-many-attempts').length).toBeGreaterThan(5);
  });

  test('neither codes nor recovery codes are in the audit log, but that they were used is', async () => {
    const { recoveryCodes, secret } = await enrolled();
    await fixture.connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password, code: recoveryCodes[0]! });
    await codeOf(fixture.connect().call('auth.signIn', { email: FIRST.email, password: FIRST.password, code: '123456' }));
    const entries = fixture.operations.read.audit(NODE_ID, { after: 0, limit: 100 });
    expect(entries.map(({ kind }) => kind)).toEqual(['mutation', 'sign-in', 'second-factor-set', 'recovery-code-used', 'sign-in', 'second-factor-refused']);
    expect(JSON.stringify(entries)).not.toMatch(new RegExp([secret, ...recoveryCodes].join('|')));
  });
});

describe('what may harm others', () => {
  test('asks for the second factor again after a quarter of an hour', async () => {
    const { client, secret } = await enrolled();
    const id = await fixture.addUser('ravi@example.com', 'a long enough one');
    await client.call('auth.endUserSessions', { userId: id });
    fixture.clock.time += PROOF_LIFE;
    expect((await appErrorOf(client.call('auth.endUserSessions', { userId: id }))).toData()).toMatchObject({ code: 'second-factor', details: { stepUp: true } });
    expect((await client.call('user.list', PAGE)).rows).toHaveLength(2);
    expect(await codeOf(client.call('auth.prove', { code: '000000' }))).toBe('second-factor');
    await client.call('auth.prove', { code: code(secret) });
    await client.call('auth.endUserSessions', { userId: id });
  });

  test('an administrator resets the second factor of another, whose sessions end; nobody resets his own', async () => {
    const { client } = await enrolled();
    const id = await fixture.addUser('ravi@example.com', 'a long enough one', { role: 'admin' });
    const ravi = fixture.connect();
    const { token } = await ravi.call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' });
    const { secret } = await ravi.call('auth.beginSecondFactor', {});
    await ravi.call('auth.confirmSecondFactor', { code: code(secret) });
    await ravi.call('auth.resume', { token });
    const me = (await client.call('user.list', PAGE)).rows.find(({ values }) => values.email === FIRST.email)!.id;
    expect(await codeOf(client.call('auth.resetSecondFactor', { userId: me }))).toBe('refused');
    expect(await codeOf(ravi.call('auth.resetSecondFactor', { userId: me }))).toBe('refused');
    await client.call('auth.resetSecondFactor', { userId: id });
    expect(await codeOf(ravi.call('user.list', PAGE))).toBe('not-signed-in');
    expect((await fixture.connect().call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' })).user.mustEnrol).toBe(true);
    expect(fixture.operations.read.audit(NODE_ID, { after: 0, limit: 100 }).filter(({ kind, userId }) => kind === 'second-factor-removed' && userId === me)).toHaveLength(1);
  });
});

describe('sessions', () => {
  test('are listed with where they are, and ended one by one or but for this one', async () => {
    await fixture.addUser('ravi@example.com', 'a long enough one');
    const signIn = async (address: string, client: string): Promise<AuthClient> => {
      const window = fixture.connect(address);
      await window.call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one', client });
      fixture.clock.time += 1000;
      return window;
    };
    const [here, there, elsewhere] = [await signIn('10.0.0.1', 'Chrome on Windows'), await signIn('10.0.0.2', 'Firefox on Linux'), await signIn('10.0.0.3', '')];
    const { sessions } = await here.call('auth.sessions', {});
    expect(sessions.map(({ client, address, current }) => [client, address, current]).sort()).toEqual([['', '10.0.0.3', false], ['Chrome on Windows', '10.0.0.1', true], ['Firefox on Linux', '10.0.0.2', false]]);
    await here.call('auth.endSession', { sessionId: sessions.find(({ address }) => address === '10.0.0.2')!.sessionId });
    expect(await codeOf(there.call('auth.sessions', {}))).toBe('not-signed-in');
    expect(await here.call('auth.endOtherSessions', {})).toEqual({ ended: 1 });
    expect(await codeOf(elsewhere.call('auth.sessions', {}))).toBe('not-signed-in');
    expect((await here.call('auth.sessions', {})).sessions).toHaveLength(1);
    expect(await codeOf(here.call('auth.endSession', { sessionId: sessions[0]!.sessionId === 'x' ? '' : 'x' }))).toBe('not-found');
  });

  test('of others are ended by who manages users, within his customers, and are nobody else’s business', async () => {
    const { client } = await enrolled();
    const id = await fixture.addUser('ravi@example.com', 'a long enough one');
    const ravi = fixture.connect('10.0.0.9');
    await ravi.call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' });
    const { sessions } = await client.call('auth.userSessions', { userId: id });
    expect(sessions).toMatchObject([{ address: '10.0.0.9', current: false }]);
    expect(await codeOf(ravi.call('auth.endSession', { sessionId: (await client.call('auth.sessions', {})).sessions[0]!.sessionId }))).toBe('not-found');
    expect(await codeOf(ravi.call('auth.endUserSessions', { userId: id }))).toBe('forbidden');
    expect(await client.call('auth.endUserSessions', { userId: id, sessionId: sessions[0]!.sessionId })).toEqual({ ended: 1 });
    expect(await codeOf(ravi.call('auth.sessions', {}))).toBe('not-signed-in');
  });

  test('a user who is deleted leaves nothing to sign in with', async () => {
    const id = await fixture.addUser('ravi@example.com', 'a long enough one');
    await fixture.operations.mutate(SYSTEM, 'user.delete', { id });
    expect(fixture.operations.read.credential(id)).toBeUndefined();
    expect(await codeOf(fixture.connect().call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one' }))).toBe('not-signed-in');
  });
});

describe('the secret of a second factor in the database', () => {
  const stored = (): string => readFactorSecrets(fixture.operations.read.database)[0]?.secret ?? '';
  const hexOf = (secret: string): string => Buffer.from(fromBase32(secret)).toString('hex');
  const service = (secrets = testSecrets(), log: Log = SILENT_LOG): SecondFactors => new SecondFactors({ operations: fixture.operations, clock: fixture.clock, rng: testRng(5), attempts: new AttemptGuard(fixture.clock), issuer: 'Command Center', secrets, log });

  async function enrol(secrets: ReturnType<typeof testSecrets>): Promise<{ owner: FactorOwner; secret: string; recovery: string }> {
    const owner = { id: await fixture.addUser('ravi@example.com', 'a long enough one'), email: 'ravi@example.com' };
    const factors = service(secrets);
    const { secret } = factors.begin(owner);
    const [recovery = ''] = await factors.confirm(owner, code(secret), '10.0.0.1');
    fixture.clock.time += STEP;
    return { owner, secret, recovery };
  }

  test('makes no codes: it is sealed for its user, with a key that is elsewhere and outlives a restart', async () => {
    const secrets = testSecrets();
    const { owner, secret } = await enrol(secrets);
    expect(stored()).toMatch(/^v1\.[0-9a-f]{16}\./);
    expect(stored()).not.toContain(hexOf(secret));
    await service(secrets).verify(owner, code(secret), '10.0.0.1');
    const other = await fixture.addUser('eve@example.com', 'a long enough one');
    expect(await new FactorVault({ secrets, rng: testRng() }).open(other, stored())).toBeUndefined();
  });

  test('of an earlier version is sealed at the next start, once, and no plain copy is left', async () => {
    const secrets = testSecrets();
    const { owner, secret } = await enrol(secrets);
    const database = openDatabase(join(fixture.folder, OPERATIONS_FILE));
    database.prepare('UPDATE second_factor SET secret = ?').run(hexOf(secret));
    await service(secrets).verify(owner, code(secret), '10.0.0.1');
    fixture.clock.time += STEP;
    expect([await service(secrets).sealStored(), await service(secrets).sealStored()]).toEqual([1, 0]);
    await service(secrets).verify(owner, code(secret), '10.0.0.1');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    expect(readFileSync(join(fixture.folder, OPERATIONS_FILE)).includes(hexOf(secret))).toBe(false);
  });

  test('says what to do where its key is gone; recovery codes work, and a new key costs no other', async () => {
    const secrets = testSecrets();
    const { owner, secret, recovery } = await enrol(secrets);
    const elsewhere = testSecrets();
    const lost = service(elsewhere);
    expect((await appErrorOf(lost.verify(owner, code(secret), '10.0.0.1'))).message).toMatch(/the key for them is not on this computer/);
    await lost.verify(owner, recovery, '10.0.0.1');
    await new FactorVault({ secrets: elsewhere, rng: testRng(9) }).seal(owner.id, Buffer.from('another'));
    for (const [name, value] of elsewhere.kept) secrets.kept.set(name, value);
    await service(secrets).verify(owner, code(secret), '10.0.0.1');
  });
});
