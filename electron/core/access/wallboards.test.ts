import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { CUSTOMER_ID, NOW, principalOf } from '#shared/testing/master-data.ts';
import { appErrorOf, openTestOperations, testClock, testRng, testScheduler } from '#shared/testing/operations.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import { Wallboards } from './wallboards.ts';

const DAY = 86_400_000;
const admin = principalOf('admin');
const clock = testClock();
const scheduler = testScheduler();

let folder = '';
let operations: Operations;
let wallboards: Wallboards;
let ended: string[];

function start(): void {
  wallboards = new Wallboards({ operations, clock, rng: testRng(clock.time % 997), scheduler, log: SILENT_LOG });
  ended = [];
  wallboards.onEnd(({ sessionId }) => ended.push(sessionId));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wallboards-'));
  clock.time = NOW;
  operations = openTestOperations(folder, { clock });
  start();
});
afterEach(async () => {
  wallboards.dispose();
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a wallboard', () => {
  test('looks and does nothing else, for weeks and without an idle end, also after a restart', async () => {
    const { token } = await wallboards.create(admin, { name: 'Control room', days: 60 });
    const { principal, expiresAt } = wallboards.open(token)!;
    expect([principal.role, [...principal.permissions], principal.scope, expiresAt]).toEqual(['wallboard', ['fleet.read', 'alerts.read'], 'all', NOW + 60 * DAY]);
    clock.time = NOW + 59 * DAY;
    wallboards.dispose();
    start();
    expect(wallboards.use(wallboards.open(token)!.principal.sessionId)).toBe(true);
    expect(wallboards.list(admin)).toMatchObject([{ name: 'Control room', createdBy: 'admin', lastSeenAt: clock.time }]);
    clock.time = NOW + 60 * DAY;
    scheduler.tick();
    expect([wallboards.open(token), wallboards.use(principal.sessionId), ended]).toEqual([undefined, false, [principal.sessionId]]);
  });

  test('has a token of 128 random bits that is nowhere in the file', async () => {
    const { token } = await wallboards.create(admin, { name: 'Hall', days: 1 });
    expect(token).toMatch(/^wb_[0-9a-f]{32}$/);
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(Buffer.from(token.slice(3))), name).toBe(false);
    expect(wallboards.knows(token)).toBe(true);
    expect(wallboards.knows(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toBe(false);
  });

  test('ends at once when it is revoked, and stays so', async () => {
    const { id, token } = await wallboards.create(admin, { name: 'Hall', days: 10 });
    const { principal } = wallboards.open(token)!;
    await wallboards.revoke(admin, id);
    expect([ended, wallboards.use(principal.sessionId), wallboards.open(token)]).toEqual([[principal.sessionId], false, undefined]);
    expect((await appErrorOf(wallboards.revoke(admin, id))).code).toBe('not-found');
    wallboards.dispose();
    start();
    expect(wallboards.knows(token)).toBe(false);
    expect(operations.read.audit(operations.nodeId, { after: 0, limit: 10 }).map((entry) => entry.kind)).toEqual(['wallboard-created', 'wallboard-revoked']);
  });

  test('sees what its maker saw, and is seen by those who see as much', async () => {
    const limited = principalOf('admin', { scope: new Set([CUSTOMER_ID]) });
    const { token } = await wallboards.create(limited, { name: 'Own', days: 10 });
    const { id } = await wallboards.create(admin, { name: 'All', days: 10 });
    expect([...(wallboards.open(token)!.principal.scope as Set<string>)]).toEqual([CUSTOMER_ID]);
    expect([wallboards.list(admin).length, wallboards.list(limited).map((row) => row.name)]).toEqual([2, ['Own']]);
    expect((await appErrorOf(wallboards.revoke(limited, id))).code).toBe('not-found');
  });
});
