import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lease } from '#shared/resources/lease.ts';
import { groundMutations, NOW, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations, testClock, testScheduler } from '#shared/testing/operations.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { LeaseWatch } from './lease-watch.ts';

const DAY = 86_400_000;
let folder = '';
let operations: Operations;
const clock = testClock();
beforeEach(() => {
  clock.time = NOW;
  folder = mkdtempSync(join(tmpdir(), 'leases-'));
  operations = openTestOperations(folder, { clock });
});
afterEach(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a lease expires by itself when the day begins in the zone of the installation, and is written once', async () => {
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ name, args }) => ({ name, args }) as unknown as MutationCall) });
  const { id: productId } = await operations.mutate(SYSTEM, 'product.create', productArgs(1));
  const values = { productId, expiryDate: '2030-01-01', lastRenewal: '2029-12-02', duration: '30', leaseType: 'Rental', description: 'Rental', orderStatus: 'Success', paymentStatus: 'Pending', lockOnExpiry: true } as const;
  const { id } = await operations.mutate(SYSTEM, 'lease.create', { values });
  const scheduler = testScheduler();
  const watch = new LeaseWatch({ operations, clock, scheduler, log: SILENT_LOG, timeZone: 'Asia/Kolkata' });
  const state = (): unknown => {
    const row = operations.read.get(lease, id);
    return [row?.leaseStatus, row?.lockStatus, row?.revision];
  };
  await watch.check();
  expect(state()).toEqual(['Expiring', 'Unlocked', 1]);
  // 18:30 UTC is midnight in India.
  clock.time = NOW + DAY - 5.5 * 3_600_000 - 1;
  expect(await watch.check()).toBe(0);
  clock.time += 1;
  expect(await watch.check()).toBe(1);
  expect(state()).toEqual(['Expired', 'Lock due', 2]);
  expect(await watch.check()).toBe(0);
  watch.dispose();
});

test('nothing is read before windows have connected, and a lease that others change while the day is done is looked at again', async () => {
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ name, args }) => ({ name, args }) as unknown as MutationCall) });
  const { id: productId } = await operations.mutate(SYSTEM, 'product.create', productArgs(1));
  const values = { productId, expiryDate: '2030-01-01', lastRenewal: '2029-12-02', duration: '30', leaseType: 'Rental', description: 'Rental', orderStatus: 'Success', paymentStatus: 'Pending' } as const;
  const { id } = await operations.mutate(SYSTEM, 'lease.create', { values });
  const timers: { delay: number; run: () => void }[] = [];
  const watch = new LeaseWatch({ operations, clock, scheduler: { ...testScheduler(), after: (delay, run) => (timers.push({ delay, run }), { dispose: () => undefined }) }, log: SILENT_LOG, timeZone: 'Asia/Kolkata' });
  expect(timers.map(({ delay }) => delay >= 5000)).toEqual([true]);
  const second = await operations.mutate(SYSTEM, 'product.create', productArgs(2));
  const { id: other } = await operations.mutate(SYSTEM, 'lease.create', { values: { ...values, productId: second.id, expiryDate: '2030-06-01' } });
  clock.time = NOW + DAY - 5.5 * 3_600_000;
  const [done] = await Promise.all([watch.check(), operations.mutate(SYSTEM, 'lease.update', { id: other, edit: { set: { expiryDate: '2030-01-01' } } })]);
  expect(done + (await watch.check())).toBe(2);
  expect([id, other].map((one) => operations.read.get(lease, one)?.leaseStatus)).toEqual(['Expired', 'Expired']);
  watch.dispose();
});

test('a lease changed before the day of UTC has turned is brought back to the day of the installation', async () => {
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ name, args }) => ({ name, args }) as unknown as MutationCall) });
  const { id: productId } = await operations.mutate(SYSTEM, 'product.create', productArgs(1));
  const values = { productId, expiryDate: '2030-01-01', lastRenewal: '2029-12-02', duration: '30', leaseType: 'Rental', description: 'Rental', orderStatus: 'Success', paymentStatus: 'Pending', lockOnExpiry: true } as const;
  const { id } = await operations.mutate(SYSTEM, 'lease.create', { values });
  const scheduler = testScheduler();
  const watch = new LeaseWatch({ operations, clock, scheduler, log: SILENT_LOG, timeZone: 'Asia/Kolkata' });
  clock.time = NOW + DAY - 5 * 3_600_000;
  expect(await watch.check()).toBe(1);
  await operations.mutate(SYSTEM, 'lease.update', { id, edit: { set: { description: 'Free' } } });
  expect(operations.read.get(lease, id)?.leaseStatus).toBe('Expiring');
  expect(await watch.check()).toBe(1);
  expect(operations.read.get(lease, id)?.leaseStatus).toBe('Expired');
  watch.dispose();
});
