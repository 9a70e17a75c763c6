import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { customer } from '#shared/resources/customer.ts';
import { CUSTOMER_ID, idOf, LOCATION_ID, mutation, NODE_ID, NOW, principalOf } from '#shared/testing/master-data.ts';
import { openTestWriter, type TestWriter } from '#shared/testing/operations.ts';
import type { SyncStep } from './steps.ts';
import { readAttention, rowsWaiting } from './reads.ts';

const ASHA = principalOf('admin', { userId: idOf('asha') });
let folder: string;
let store: TestWriter;

const sync = async (step: Omit<SyncStep, 'kind'>): Promise<unknown> => (await store.writer.commit([{ kind: 'sync', ...step } as SyncStep])).results[0];
const rename = (name: string) => store.run('customer.update', { id: CUSTOMER_ID, edit: { set: { name } } }, { principal: ASHA, nodeId: NODE_ID });
const nameNow = async () => (await store.store.get(customer, CUSTOMER_ID))?.name;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sync-'));
  store = await openTestWriter(join(folder, 'operations.db'));
  await store.run('user.create', { id: ASHA.userId, values: { email: 'asha@example.com', name: 'Asha', misRole: 'ADMIN', role: 'admin', account: 'Test', customers: 'all' }, status: 'active' });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test('a workspace without a server puts nothing in the outbox', async () => {
  await rename('Nilgai');
  expect(await sync({ name: 'next-push', args: { userId: ASHA.userId } })).toEqual([]);
});

test('in a connected workspace a change of a person waits, is marked, and survives a restart in order', async () => {
  await sync({ name: 'connect', args: { server: 'https://fleet.example' } });
  await rename('Nilgai');
  await rename('Nilgai Riders Ltd');
  await store.writer.close();
  store.database.close();
  store = await openTestWriter(join(folder, 'operations.db'), { ground: false });
  expect(await sync({ name: 'next-push', args: { userId: ASHA.userId } })).toMatchObject([{ args: { edit: { set: { name: 'Nilgai' } } } }, { args: { edit: { set: { name: 'Nilgai Riders Ltd' } } } }]);
  expect([...rowsWaiting(store.database, 'customer', [CUSTOMER_ID, LOCATION_ID])]).toEqual([CUSTOMER_ID]);
  await expect(sync({ name: 'connect', args: { server: 'https://other.example' } })).rejects.toThrow(AppError);
});

test('what the product itself does here, and settings of this node, do not travel', async () => {
  await sync({ name: 'connect', args: { server: 'https://fleet.example' } });
  await store.run('unit.seen', { deviceId: 'tcu-9', at: NOW });
  await store.run('setting.set', { key: 'broker', value: {} }, { principal: ASHA });
  await store.run('setting.set', { key: 'features', value: {} }, { principal: ASHA });
  expect(await sync({ name: 'next-push', args: { userId: ASHA.userId } })).toMatchObject([{ name: 'setting.set', args: { key: 'features' } }]);
});

test('a rejected change is undone, announced, taken out of the history and put before its author once', async () => {
  await sync({ name: 'connect', args: { server: 'https://fleet.example' } });
  await rename('Nilgai');
  const [record] = (await sync({ name: 'next-push', args: { userId: ASHA.userId } })) as { readonly id: string }[];
  store.announced.length = 0;
  const outcome = { id: record?.id ?? '', outcome: 'rejected', error: { code: 'not-unique', message: 'Taken.' } } as const;
  for (let i = 0; i < 2; i++) await sync({ name: 'outcomes', args: { outcomes: [outcome], at: NOW } });
  expect(await nameNow()).toBe('Nilgai Riders');
  expect(store.announced).toMatchObject([{ resource: 'customer', rowId: CUSTOMER_ID, operation: 'update', row: { name: 'Nilgai Riders' } }]);
  expect(readAttention(store.database, ASHA.userId)).toMatchObject([{ error: { message: 'Taken.' }, mine: { name: 'customer.update', rows: [{ resource: 'customer', row: { name: 'Nilgai' } }] } }]);
  expect(store.database.prepare('SELECT count(*) AS n FROM change_log WHERE mutation_id = ?').get(record?.id)).toEqual({ n: 0 });
  await sync({ name: 'decide', args: { mutationId: record?.id ?? '', userId: ASHA.userId, decided: 'discarded' } });
  expect(readAttention(store.database, ASHA.userId)).toEqual([]);
});

test('a request that fails after a change of a person leaves nothing in the outbox', async () => {
  await sync({ name: 'connect', args: { server: 'https://fleet.example' } });
  const good = { kind: 'mutation', record: mutation('customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Nilgai' } } }, { userId: ASHA.userId }), principal: ASHA } as const;
  const bad = { ...good, record: mutation('customer.update', { id: idOf('nobody'), edit: { set: { name: 'X' } } }, { userId: ASHA.userId }) };
  await expect(store.writer.commit([good, bad])).rejects.toThrow('does not exist');
  expect(await sync({ name: 'next-push', args: { userId: ASHA.userId } })).toEqual([]);
});
