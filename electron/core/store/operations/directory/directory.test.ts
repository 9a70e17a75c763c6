import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { matchesSearch, type DirectoryChange } from '#shared/domain/fleet/directory.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { sale } from '#shared/resources/sale.ts';
import { searchText } from '#shared/resources/normalise.ts';
import { CUSTOMER_ID, groundMutations, idOf, LOCATION_ID, MODEL_ID, NOW, OTHER_CUSTOMER_ID, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations, testClock, testScheduler } from '#shared/testing/operations.ts';
import { DirectoryView } from '#core/live/directory.ts';
import type { Operations } from '../operations.ts';
import { FleetDirectory } from './directory.ts';
import { createSeenUnits } from './seen-units.ts';

let folder = '';
let operations: Operations;
let directory: FleetDirectory;
const clock = testClock();
const load = (): FleetDirectory => new FleetDirectory({ operations, clock, log: SILENT_LOG });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
  clock.time = NOW;
  operations = openTestOperations(folder, { clock });
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
  directory = load();
});
afterEach(async () => {
  directory.dispose();
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

const contents = (of: FleetDirectory) => [...of.vehicles()].sort((a, b) => a.vin.localeCompare(b.vin));

describe('the fleet directory', () => {
  test('joins a vehicle from its rows, and a device resolves to it', async () => {
    await operations.mutate(SYSTEM, 'product.create', productArgs(1, { sale: { purchaseDate: '2029-03-04' } }));
    expect(directory.vehicleOfDevice('tcu-1')).toMatchObject({
      vehicleId: idOf('vehicle 1'), vin: 'MX000001', model: 'Nilgai Sprint', speedLimit: 120, modelId: MODEL_ID, customerId: CUSTOMER_ID, customer: 'Nilgai Riders', cityId: LOCATION_ID, city: 'Bengaluru', state: 'Karnataka', zone: 'South',
      phone: '6000000001', purchaseDate: '2029-03-04', productStatus: 'Sold', unitId: unitIdOf('tcu-1'),
    });
    expect(directory.vehicleOfDevice('tcu-unknown')).toBeUndefined();
  });

  test('kept by the change feed it is what a fresh load gives', async () => {
    for (let n = 1; n <= 6; n++) await operations.mutate(SYSTEM, 'product.create', productArgs(n));
    const [row] = operations.read.all(sale).filter((one) => one.productId === idOf('vehicle 2'));
    await operations.mutate(SYSTEM, 'sale.update', { id: row?.id ?? '', edit: { set: { customerId: OTHER_CUSTOMER_ID, userName: 'Asha' } } });
    await operations.mutate(SYSTEM, 'product.update', { id: idOf('vehicle 3'), edit: { set: { vin: 'CDH42', registration: 'KA 01 EV 1' } } });
    await operations.mutate(SYSTEM, 'customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Nilgai Club' } } });
    await operations.mutate(SYSTEM, 'vehicle-model.update', { id: MODEL_ID, edit: { set: { name: 'Nilgai Sprint II' } } });
    await operations.mutate(SYSTEM, 'location.update', { id: LOCATION_ID, edit: { set: { zone: 'South-West' } } });
    await operations.mutate(SYSTEM, 'product.delete', { id: idOf('vehicle 4') });
    const fresh = load();
    expect(contents(directory)).toEqual(contents(fresh));
    expect(directory.size).toBe(5);
    expect(directory.vehicle(idOf('vehicle 2'))).toMatchObject({ customer: 'Saral Delivery', zone: 'South-West', model: 'Nilgai Sprint II' });
    fresh.dispose();
  });

  test('tells which vehicles a commit changed, once a commit', async () => {
    const changes: DirectoryChange[] = [];
    directory.onChange((change) => changes.push(change));
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    await operations.mutate(SYSTEM, 'customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Nilgai Club' } } });
    await operations.mutate(SYSTEM, 'preference.set', { key: 'theme', value: 'dark' });
    await operations.mutate(SYSTEM, 'product.delete', { id: idOf('vehicle 1') });
    expect(changes.map((change) => [change.changed.map((entry) => entry.customer), change.removed])).toEqual([[['Nilgai Riders'], []], [['Nilgai Club'], []], [[], [idOf('vehicle 1')]]]);
    expect(changes.map((change) => change.revision)).toEqual([2, 3, 4]);
  });

  test('a unit that moves to another vehicle keeps its history with the first', async () => {
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    clock.time = NOW + 1000;
    await operations.mutate(SYSTEM, 'product.delete', { id: idOf('vehicle 1') });
    clock.time = NOW + 2000;
    await operations.mutate(SYSTEM, 'product.create', { ...productArgs(2), values: { ...productArgs(2).values, deviceId: 'tcu-1', telematicsId: 'CEH01' } });
    expect(directory.vehicleOfDevice('tcu-1')?.vin).toBe('MX000002');
    expect(directory.vehicleOfDevice('tcu-1', NOW + 1500)).toBeUndefined();
    expect(directory.bindingsOf(idOf('vehicle 1'))).toMatchObject([{ validFrom: NOW, validTo: NOW + 1000 }]);
    expect(directory.bindingsOf(idOf('vehicle 2'))).toMatchObject([{ validFrom: NOW + 2000, validTo: undefined }]);
    expect(directory.bindingsOfUnit(unitIdOf('tcu-1')).map((binding) => binding.vehicleId)).toEqual([idOf('vehicle 1'), idOf('vehicle 2')]);
    const view = new DirectoryView(directory, operations.read, testScheduler());
    expect(['vehicle 1', 'vehicle 2'].map((name) => view.boundUnits(idOf(name)))).toEqual([
      [{ unitId: unitIdOf('tcu-1'), from: Number.NEGATIVE_INFINITY, to: NOW + 1000 }],
      [{ unitId: unitIdOf('tcu-1'), from: NOW + 2000, to: Number.POSITIVE_INFINITY }],
    ]);
    view.dispose();
  });

  test.each(['mx000001', 'bms1', 'ke1', 'ceh01', 'tcu-1', 'nilgai riders', 'BENGALŪRU', 'rider 1', '6000000001', '916000000001'])('finds a vehicle by %s', async (term) => {
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    await operations.mutate(SYSTEM, 'product.create', productArgs(2, { values: { bmsId: 'X2', motorId: 'Y2', telematicsId: 'Z2', deviceId: 'u-2' }, sale: { userName: 'Asha', customerId: OTHER_CUSTOMER_ID, locationId: undefined } }));
    expect([...directory.vehicles()].filter((entry) => matchesSearch(entry, searchText(term))).map((entry) => entry.vin)).toEqual(['MX000001']);
  });
});

describe('units seen on the broker', () => {
  test('an unknown unit gets its row once; known ones, impossible names and a flood cost nothing', async () => {
    const seen = createSeenUnits({ operations, directory, system: SYSTEM, log: SILENT_LOG });
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    seen.seen('tcu-1', NOW);
    seen.seen('stray-1', NOW);
    seen.seen('stray-1', NOW + 1);
    seen.seen('a/b', NOW);
    for (let n = 0; n < 500; n++) seen.seen(`flood-${n}`, NOW);
    expect(seen.refused).toBe(1 + 301);
    await operations.audit({ kind: 'test', userId: 'system', subject: 'after the writes above', payload: {} });
    expect(directory.unit(unitIdOf('stray-1'))).toMatchObject({ deviceId: 'stray-1', source: 'seen' });
    expect(directory.unit(unitIdOf('tcu-1'))?.source).toBe('registered');
    await new Promise((resolve) => setImmediate(resolve));
    seen.seen('flood-400', NOW);
    expect(seen.refused).toBe(302);
  });
});
