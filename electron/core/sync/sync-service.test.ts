import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { customer } from '#shared/resources/customer.ts';
import type { SyncTransport, SyncState } from '#shared/sync/replication/loop.ts';
import { CUSTOMER_ID, idOf, NODE_ID, NOW, principalOf } from '#shared/testing/master-data.ts';
import { VirtualTime } from '#shared/testing/network/virtual-time.ts';
import { openTestOperations, testRng } from '#shared/testing/operations.ts';
import { SimServer } from '#shared/testing/sim/pair.ts';
import type { Operations } from '../store/operations/operations.ts';
import { SyncService } from './sync-service.ts';

const ASHA = principalOf('admin', { userId: idOf('asha') });
let folder: string;
let operations: Operations;
let server: SimServer;
let service: SyncService;
let time: VirtualTime;
let reachable: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sync-'));
  operations = openTestOperations(folder);
  server = await SimServer.open();
  await server.console('asha');
  time = new VirtualTime(NOW);
  reachable = true;
  const session = { userId: ASHA.userId, nodeId: NODE_ID, sessionId: 's', nodeSeenAt: NOW };
  const through = async <T>(answer: () => Promise<T>): Promise<T> => {
    if (!reachable) throw new AppError('unavailable', 'The server cannot be reached.');
    return JSON.parse(JSON.stringify(await answer())) as T;
  };
  const transport: SyncTransport = {
    push: (request) => through(() => server.authority.push(session, request)),
    pull: (request) => through(() => server.authority.pull(session, request)),
    snapshot: (request) => through(() => server.authority.snapshot(session, request)),
  };
  service = new SyncService({ operations, transport, userId: ASHA.userId, server: 'https://fleet.example', clock: time, rng: testRng(), scheduler: time, log: SILENT_LOG });
});
afterEach(async () => {
  service.stop();
  await operations.close();
  rmSync(folder, { recursive: true });
});

/** Lets timers run until the service says this. */
async function until(says: (state: SyncState) => boolean): Promise<void> {
  for (let i = 0; i < 2_000; i++) {
    await time.run(1_000);
    if (says(service.state)) return;
  }
  throw new Error(`the service says ${JSON.stringify(service.state)} ${service.state.error?.message ?? ""}`);
}

test('a new console takes what its user may see, sends what he does, and hears what others do', async () => {
  const seen: string[] = [];
  operations.onChange(({ changes }) => seen.push(...changes.map((change) => change.rowId)));
  await service.start();
  await until(({ connection }) => connection === 'connected');
  expect(operations.read.get(customer, CUSTOMER_ID)?.name).toBe('Nilgai Riders');
  expect(seen).toContain(CUSTOMER_ID);

  await operations.mutate(ASHA, 'customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Nilgai' } } });
  expect([...service.waitingRows('customer', [CUSTOMER_ID])]).toEqual([CUSTOMER_ID]);
  await until(() => service.waitingRows('customer', [CUSTOMER_ID]).size === 0);
  expect((await server.store.rows.get(customer, CUSTOMER_ID))?.name).toBe('Nilgai');

  await server.run('customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Nilgai Riders Ltd' } } });
  await until(() => operations.read.get(customer, CUSTOMER_ID)?.name === 'Nilgai Riders Ltd');
});

test('without a server it says so, keeps changes and sends them later; a rejected one is made again with another value', async () => {
  await service.start();
  await until(({ connection }) => connection === 'connected');
  reachable = false;
  await operations.mutate(ASHA, 'customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Chetak' } } });
  await server.run('customer.update', { id: idOf('Saral Delivery'), edit: { set: { name: 'Chetak' } } });
  await until(({ connection, waiting }) => connection === 'offline' && waiting === 1);
  reachable = true;
  await until(({ connection, waiting }) => connection === 'connected' && waiting === 0);
  const [entry] = service.needsAttention(ASHA.userId);
  expect(entry).toMatchObject({ error: { code: 'not-unique' }, mine: { label: 'Changed a customer' } });
  expect(operations.read.get(customer, CUSTOMER_ID)?.name).toBe('Nilgai Riders');

  await service.resend(ASHA, entry?.mutationId ?? '', { id: CUSTOMER_ID, edit: { set: { name: 'Chetak Riders' } } });
  expect(service.needsAttention(ASHA.userId)).toEqual([]);
  await until(() => service.waitingRows('customer', [CUSTOMER_ID]).size === 0);
  expect((await server.store.rows.get(customer, CUSTOMER_ID))?.name).toBe('Chetak Riders');
  await expect(service.discard(ASHA, entry?.mutationId ?? '')).rejects.toMatchObject({ code: 'not-found' });
});
