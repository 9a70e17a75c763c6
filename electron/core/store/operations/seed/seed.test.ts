import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MODELS } from '#electron/simulator/fleet/catalogue.ts';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { binding } from '#shared/resources/binding.ts';
import { customer } from '#shared/resources/customer.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { unit } from '#shared/resources/unit.ts';
import { vehicleModel } from '#shared/resources/vehicle-model.ts';
import { NOW, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations } from '#shared/testing/operations.ts';
import type { Operations } from '../operations.ts';
import { seedDemo } from './seed-demo.ts';
import { readModelSeed, seedModels } from './seed-models.ts';

const files = readModelSeed(join(import.meta.dirname, '../../../../../resources'), ['two-wheeler', 'three-wheeler']);

let folder = '';
let operations: Operations;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seed-'));
  operations = openTestOperations(folder);
});
afterEach(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

const seed = async (vehicles: number, now = NOW, describe_ = describeFleet) => (await seedDemo({ operations, system: SYSTEM, describe: describe_, vehicles, seed: 7, now, models: files, log: SILENT_LOG }))();

describe('seeding the demo', () => {
  test('writes every described vehicle with its sale, unit, binding and model', async () => {
    const fleet = await seed(120);
    for (const one of [fleet.vehicles[0], fleet.vehicles[119]]) {
      const row = operations.read.findUnique(product, 'vin', one?.vin ?? '');
      expect(row).toMatchObject({ deviceId: one?.deviceId, motorId: one?.motorId, bmsId: one?.bmsId, simNumber: one?.simNumber });
      expect(operations.read.findUnique(sale, 'productId', row?.id ?? '')).toMatchObject({ userName: one?.userName, phone: one?.phone, purchaseDate: one?.purchaseDate, productStatus: one?.productStatus });
      expect(operations.read.get(unit, unitIdOf(one?.deviceId ?? ''))).toMatchObject({ telematicsId: one?.telematicsId, kind: one?.unitKind });
      expect(operations.read.get(vehicleModel, row?.modelId ?? '')?.dbc[0]?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
    expect([operations.read.count(product), operations.read.count(binding), operations.read.count(unit), operations.read.count(customer)]).toEqual([120, 120, 120 + fleet.spareUnits.length, fleet.customers.length]);
  });

  test('a second start changes nothing, and the fleet keeps the dates of the first', async () => {
    const first = await seed(30);
    const log = operations.read.database.prepare('SELECT count(*) FROM mutation').pluck().get();
    const second = await seed(30, NOW + 40 * 86_400_000);
    expect(second).toEqual(first);
    expect(operations.read.database.prepare('SELECT count(*) FROM mutation').pluck().get()).toBe(log);
  });

  test('begun again after a crash it goes on; asked for more it grows; asked for fewer it stays', async () => {
    let calls = 0;
    await seedDemo({ operations, system: SYSTEM, describe: describeFleet, vehicles: 120, seed: 7, now: NOW, models: files, log: SILENT_LOG, onProgress: () => { if (++calls === 1) throw new Error('crash'); } }).catch(() => undefined);
    expect(operations.read.count(product)).toBe(50);
    await seed(120, NOW + 86_400_000);
    expect(operations.read.count(product)).toBe(120);
    await seed(150);
    await seed(10);
    expect(operations.read.count(product)).toBe(150);
  });

  test('what somebody deleted stays deleted', async () => {
    const fleet = await seed(5);
    const row = operations.read.findUnique(product, 'vin', fleet.vehicles[0]?.vin ?? '');
    await operations.mutate(SYSTEM, 'product.delete', { id: row?.id ?? '' });
    await seed(8);
    expect(operations.read.count(product)).toBe(7);
  });
});

describe('a new local workspace', () => {
  test('has the vehicle models and nothing else, and gets deleted ones back from nobody', async () => {
    const options = { operations, system: SYSTEM, models: MODELS, files, now: NOW };
    await seedModels(options);
    expect(operations.read.all(vehicleModel).map((row) => row.name).sort()).toEqual(MODELS.map((model) => model.name).sort());
    expect(operations.read.count(product)).toBe(0);
    for (const row of operations.read.all(vehicleModel)) await operations.mutate(SYSTEM, 'vehicle-model.delete', { id: row.id });
    await seedModels(options);
    expect(operations.read.count(vehicleModel)).toBe(0);
  });
});
