import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CUSTOMER_ID, groundMutations, NOW, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { codeOf, openTestOperations } from '#shared/testing/operations.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { WorkshopStays } from './workshop.ts';

const HOUR = 3_600_000;
let folder = '';
let operations: Operations;
let vehicleId = '';
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'workshop-'));
  operations = openTestOperations(folder);
  const calls = groundMutations().map(({ name, args, id, at }) => ({ name, args, options: { id, at } }) as unknown as MutationCall);
  await operations.commit({ principal: SYSTEM, mutations: calls });
  vehicleId = (await operations.mutate(SYSTEM, 'product.create', productArgs(1, { sale: { customerId: CUSTOMER_ID, productStatus: 'Sold' } }))).id;
});
afterEach(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

test('workshop mode is for those who work on alerts or vehicles, on vehicles they see, with a reason', async () => {
  const enter = (principal: Parameters<Operations['mutate']>[0], reason = 'Brake pads') => operations.mutate(principal, 'workshop.enter', { vehicleId, hours: 2, reason }, { at: NOW });
  for (const role of ['operation', 'b2b'] as const) expect(await codeOf(enter(principalOf(role))), role).toBe('forbidden');
  expect(await codeOf(enter(principalOf('operator', { scope: new Set([OTHER_CUSTOMER_ID]) })))).toBe('not-found');
  expect(await codeOf(enter(principalOf('operator'), '  '))).toBe('invalid-input');
  for (const role of ['operator', 'technician', 'admin'] as const) expect(await enter(principalOf(role)), role).toEqual({ until: NOW + 2 * HOUR });
});

test('a stay is known after a restart, ends by itself, and before that where somebody ends it', async () => {
  const told: [string, boolean][] = [];
  let now = NOW;
  const stays = (): WorkshopStays => new WorkshopStays(operations, () => now, (id, on) => void told.push([id, on]));
  const first = stays();
  await operations.mutate(principalOf('technician'), 'workshop.enter', { vehicleId, hours: 2, reason: 'Brake pads' }, { at: NOW });
  expect(told.splice(0)).toEqual([[vehicleId, true]]);
  expect(first.of(vehicleId, NOW)).toMatchObject({ reason: 'Brake pads', until: NOW + 2 * HOUR });
  first.dispose();
  const second = stays();
  expect(told.splice(0)).toEqual([[vehicleId, true]]);
  now = NOW + 2 * HOUR;
  second.tick(now);
  expect([told.splice(0), second.of(vehicleId, now)]).toEqual([[[vehicleId, false]], undefined]);
  await operations.mutate(principalOf('technician'), 'workshop.enter', { vehicleId, hours: 8, reason: 'Again' }, { at: now });
  await operations.mutate(principalOf('operator'), 'workshop.leave', { vehicleId }, { at: now });
  expect(told).toEqual([[vehicleId, true], [vehicleId, false]]);
  second.dispose();
});
