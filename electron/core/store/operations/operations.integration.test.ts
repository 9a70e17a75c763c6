import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { product } from '#shared/resources/product.ts';
import { unit } from '#shared/resources/unit.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import { idOf, NODE_ID, NOW, principalOf, productArgs, SYSTEM, groundMutations } from '#shared/testing/master-data.ts';
import { codeOf } from '#shared/testing/operations.ts';
import { openOperations, type Operations } from './operations.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let random = 1;
const open = (): Promise<Operations> =>
  openOperations({
    dataFolder: folder,
    workerEntry: new URL('../../../workers/operations-writer.ts', import.meta.url),
    clock: { now: () => NOW, monotonic: () => 0 },
    rng: { bytes: (count) => Uint8Array.from({ length: count }, () => (random = (random * 48_271) % 2_147_483_647) & 255), next: () => 0.5 },
    log: SILENT_LOG,
    nodeId: NODE_ID,
  });

async function ground(operations: Operations): Promise<void> {
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
}

describe('the operations store with its writer thread', () => {
  test('answers when the change is on the disk and readable, and tells its listeners first', async () => {
    const operations = await open();
    await ground(operations);
    const seen: LoggedChange[] = [];
    operations.onChange((event) => seen.push(...event.changes));
    const answer = operations.mutate(principalOf('admin'), 'product.create', productArgs(1));
    expect(operations.pending).toBe(1);
    await answer;
    expect(seen.map((change) => change.resource)).toEqual(['product', 'sale', 'unit', 'binding']);
    expect(operations.read.get(product, idOf('vehicle 1'))?.vin).toBe('MX000001');
    expect(operations.read.findUnique(product, 'vin', 'mx 000001')?.id).toBe(idOf('vehicle 1'));
    await operations.close();
  });

  test('keeps what it confirmed over a restart, and brings errors across as they are', async () => {
    let operations = await open();
    await ground(operations);
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    await operations.close();
    operations = await open();
    expect(await codeOf(operations.mutate(SYSTEM, 'product.create', { ...productArgs(1), id: idOf('other') }))).toBe('not-unique');
    expect(await codeOf(operations.mutate(principalOf('b2b'), 'product.delete', { id: idOf('vehicle 1') }))).toBe('forbidden');
    await operations.close();
  });

  test('stores the position in the telemetry log with the effects', async () => {
    const operations = await open();
    expect(operations.read.appliedThrough('units')).toBeUndefined();
    await operations.commit({ principal: SYSTEM, mutations: [{ name: 'unit.seen', args: { deviceId: 'tcu-5', at: 9 } }], appliedThrough: { consumer: 'units', epoch: 'e1', sequence: 41 } });
    expect(operations.read.appliedThrough('units')).toEqual({ consumer: 'units', epoch: 'e1', sequence: 41 });
    expect(operations.read.count(unit)).toBe(1);
    await operations.close();
  });

  test('finishes what was accepted before it closes', async () => {
    const operations = await open();
    const writes = Array.from({ length: 50 }, (_, n) => operations.mutate(SYSTEM, 'unit.seen', { deviceId: `tcu-${n}`, at: n }));
    const closing = operations.close();
    await Promise.all(writes);
    await closing;
    expect(await codeOf(operations.mutate(SYSTEM, 'unit.seen', { deviceId: 'late', at: 1 }))).toBe('unavailable');
    const again = await open();
    expect(again.read.count(unit)).toBe(50);
    await again.close();
  });

  test('more waiting writes than the bound are refused, not lost silently', async () => {
    const operations = await open();
    const outcomes = await Promise.allSettled(Array.from({ length: 2_100 }, (_, n) => operations.mutate(SYSTEM, 'unit.seen', { deviceId: `tcu-${n}`, at: n })));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(100);
    expect(operations.read.count(unit)).toBe(2_000);
    await operations.close();
  });

  test('a damaged file is reported with its code from the thread', async () => {
    writeFileSync(join(folder, 'operations.db'), 'no database');
    expect(await codeOf(open())).toBe('store-corrupt');
  });
});
