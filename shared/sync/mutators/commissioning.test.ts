import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unitIdOf } from '../../kernel/ids.ts';
import { binding } from '../../resources/binding.ts';
import type { CommissioningInput } from '../../resources/commissioning-input.ts';
import { commissioningRecord } from '../../resources/commissioning-record.ts';
import { logbookEntry } from '../../resources/logbook-entry.ts';
import { product } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { swap } from '../../resources/swap.ts';
import { CUSTOMER_ID, idOf, LOCATION_ID, MODEL_ID, NOW, OTHER_CUSTOMER_ID, principalOf, productArgs } from '../../testing/master-data.ts';
import { appErrorOf, codeOf, openTestWriter, type TestWriter } from '../../testing/operations.ts';

let folder = '';
let store: TestWriter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commissioning-'));
  store = await openTestWriter(join(folder, 'operations.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const technician = principalOf('technician');
const checks = [{ check: 'communicates' as const, state: 'pass' as const, reason: 'ok' as const, measured: '2 s' }];
const passed = { result: 'passed' as const, checks, checkedAt: NOW };
const input = (values: Partial<CommissioningInput> = {}): CommissioningInput => ({
  telematicsId: 'CEH0777', bmsId: 'Bms777', motorId: 'KE777', vin: 'MX000777', modelId: MODEL_ID, batteryModel: '52-AH - Urban', communicationType: 'Cellular',
  customerId: CUSTOMER_ID, locationId: LOCATION_ID, userName: 'Asha Rao', phone: '6000077777', productStatus: 'Sold', ...values,
});
const spare = (n = 777) => store.run('unit.register', { deviceId: `tcu-${n}`, telematicsId: `CEH0${n}` });
const commission = (values: Partial<CommissioningInput> = {}) => store.run('commission.vehicle', { input: input(values), bench: passed }, { principal: technician });
/** A unit as it is shipped: on a stand-in frame, with stand-in numbers or real ones. */
const standIn = (n: number, values: object = {}) =>
  store.run('product.create', productArgs(n, { values: { vin: `CHH000${n}`, motorId: `CHH000${n}-M`, bmsId: `CHH000${n}-B`, ...values }, sale: { customerId: undefined, locationId: undefined, userName: undefined, phone: undefined, productStatus: 'In Transit' } }));

describe('commissioning', () => {
  test('makes product, sale, binding and record of a free unit in one change', async () => {
    await spare();
    const { vehicleId, recordId } = await commission();
    expect(await store.store.get(product, vehicleId)).toMatchObject({ vin: 'MX000777', telematicsId: 'CEH0777', deviceId: 'tcu-777', bmsId: 'Bms777', motorId: 'KE777' });
    expect(await store.store.find(sale, { productId: vehicleId }, 9)).toMatchObject([{ customerId: CUSTOMER_ID, phone: '6000077777', productStatus: 'Sold' }]);
    expect(await store.store.find(binding, { unitId: unitIdOf('tcu-777') }, 9)).toMatchObject([{ vehicleId }]);
    expect(await store.store.get(commissioningRecord, recordId)).toMatchObject({ kind: 'commissioned', technician: 'technician', vin: 'MX000777', customer: 'Nilgai Riders', bench: 'passed', detail: { checks } });
  });

  test('turns the stand-in frame of the unit into the vehicle and keeps its binding', async () => {
    await standIn(5);
    const { vehicleId } = await commission({ telematicsId: 'ceh05' });
    expect(vehicleId).toBe(idOf('vehicle 5'));
    expect(await store.store.get(product, vehicleId)).toMatchObject({ vin: 'MX000777', bmsId: 'Bms777', deviceId: 'tcu-5' });
    expect(await store.store.find(binding, { vehicleId, validTo: undefined }, 9)).toMatchObject([{ unitId: unitIdOf('tcu-5') }]);
  });

  test('takes battery and motor off a stand-in frame in the same change', async () => {
    await spare();
    await standIn(5, { bmsId: 'Bms777', motorId: 'KE777' });
    const { recordId } = await commission();
    expect(await store.store.get(product, idOf('vehicle 5'))).toMatchObject({ bmsId: 'CHH0005-B', motorId: 'CHH0005-M' });
    expect((await store.store.get(commissioningRecord, recordId))?.detail.released).toEqual([{ part: 'battery', vin: 'CHH0005' }, { part: 'motor', vin: 'CHH0005' }]);
  });

  test.each([
    ['the unit', { telematicsId: 'CEH01' }],
    ['the battery', { bmsId: 'bms1' }],
    ['the motor', { motorId: 'KE1' }],
    ['the frame', { vin: 'MX000001' }],
    ['the phone number', { phone: '+91 60000 00001' }],
  ])('refuses %s of another vehicle, names it, and leaves nothing behind', async (_what, values) => {
    await spare();
    await store.run('product.create', productArgs(1));
    const error = await appErrorOf(commission(values));
    expect(error.code).toBe('not-unique');
    expect(error.message).toContain('VIN No MX000001');
    expect(await store.store.find(commissioningRecord, {}, 9)).toEqual([]);
    expect(await store.store.find(product, {}, 9)).toHaveLength(1);
  });

  test('refuses a unit that nobody registered, a stand-in frame number and a check that did not pass', async () => {
    expect((await appErrorOf(commission())).message).toContain('Ask the supplier to configure it');
    await store.run('unit.seen', { deviceId: 'CEH0777', at: NOW });
    expect(await codeOf(commission())).toBe('invalid-input');
    await spare(778);
    expect((await appErrorOf(commission({ telematicsId: 'CEH0778', vin: 'EVH00012' }))).message).toContain('stands in');
    const failed = store.run('commission.vehicle', { input: input({ telematicsId: 'CEH0778' }), bench: { ...passed, checks: [{ check: 'gps', state: 'fail', reason: 'no-fix' }] } });
    expect(await codeOf(failed)).toBe('refused');
  });

  test('needs a reason for an override and a skip, and keeps it', async () => {
    await spare();
    const skipped = (reason: string) => store.run('commission.vehicle', { input: input(), bench: { result: 'skipped', reason } }, { principal: technician });
    expect(await codeOf(skipped(' '))).toBe('invalid-input');
    const { recordId } = await skipped('No network on the bench');
    expect(await store.store.get(commissioningRecord, recordId)).toMatchObject({ bench: 'skipped', reason: 'No network on the bench' });
  });

  test.each(['operation', 'operator', 'b2b'] as const)('is not open to %s, nor to a technician of one customer', async (role) => {
    await spare();
    expect(await codeOf(store.run('commission.vehicle', { input: input(), bench: passed }, { principal: principalOf(role) }))).toBe('forbidden');
    expect(await codeOf(store.run('commission.vehicle', { input: input(), bench: passed }, { principal: principalOf('technician', { scope: new Set([CUSTOMER_ID]) }) }))).toBe('forbidden');
  });
});

describe('undo', () => {
  const undo = (recordId: string) => store.run('commission.undo', { recordId, reason: 'Wrong frame' }, { principal: technician });

  test('of a new vehicle leaves the unit free', async () => {
    await spare();
    const { recordId, vehicleId } = await commission();
    await undo(recordId);
    expect(await store.store.get(product, vehicleId)).toBeUndefined();
    expect(await store.store.find(sale, {}, 9)).toEqual([]);
    expect(await store.store.find(binding, {}, 9)).toEqual([]);
    expect((await store.store.find(commissioningRecord, {}, 9)).map(({ kind }) => kind)).toEqual(['commissioned', 'undone']);
    await commission();
  });

  test('gives every stand-in frame back what it had', async () => {
    await standIn(4);
    await standIn(5, { bmsId: 'Bms777', motorId: 'KE777' });
    const before = [await store.store.get(product, idOf('vehicle 4')), await store.store.get(product, idOf('vehicle 5'))];
    const { recordId } = await commission({ telematicsId: 'CEH04' });
    await undo(recordId);
    const after = [await store.store.get(product, idOf('vehicle 4')), await store.store.get(product, idOf('vehicle 5'))];
    const facts = (rows: typeof before) => rows.map((row) => ({ ...row, revision: 0, updatedAt: 0 }));
    expect(facts(after)).toEqual(facts(before));
    expect(await store.store.find(sale, { productId: idOf('vehicle 4'), customerId: undefined, phone: undefined }, 1)).toMatchObject([{ productStatus: 'In Transit' }]);
  });

  test('is refused once, after a change, after a swap', async () => {
    await spare();
    const { recordId, vehicleId } = await commission();
    await spare(900);
    await store.run('swap.unit', { productId: vehicleId, unitId: unitIdOf('tcu-900'), communicationType: 'Cellular', modelId: MODEL_ID, reason: 'Unit is dead' }, { at: NOW + 1000 });
    expect((await appErrorOf(undo(recordId))).message).toContain('cannot be undone any more. Its product was changed since.');
    await spare(901);
    const second = await commission({ telematicsId: 'CEH0901', vin: 'MX000901', bmsId: 'Bms901', motorId: 'KE901', phone: '6000090100' });
    await undo(second.recordId);
    expect((await appErrorOf(undo(second.recordId))).message).toContain('undone already');
  });
});

describe('swapping', () => {
  const swapTo = (unitId: string | undefined, values: object = {}) =>
    store.run('swap.unit', { productId: idOf('vehicle 1'), ...(unitId === undefined ? {} : { unitId }), communicationType: 'Cellular', modelId: MODEL_ID, reason: 'Unit is dead', ...values }, { principal: technician, at: NOW + 1000 });

  test('ends the binding and begins the new one at the same instant, and writes the log', async () => {
    await store.run('product.create', productArgs(1, { values: { simNumber: '5754000001' } }));
    await spare(2);
    const { swapId } = await swapTo(unitIdOf('tcu-2'));
    expect(await store.store.find(binding, { vehicleId: idOf('vehicle 1') }, 9)).toMatchObject([
      { unitId: unitIdOf('tcu-1'), validTo: NOW + 1000 },
      { unitId: unitIdOf('tcu-2'), validFrom: NOW + 1000 },
    ]);
    expect(await store.store.find(binding, { vehicleId: idOf('vehicle 1'), validTo: undefined }, 9)).toHaveLength(1);
    expect(await store.store.get(product, idOf('vehicle 1'))).not.toHaveProperty('simNumber');
    expect(await store.store.get(product, idOf('vehicle 1'))).toMatchObject({ telematicsId: 'CEH02', deviceId: 'tcu-2' });
    expect(await store.store.get(swap, swapId)).toMatchObject({ author: 'technician', fromTelematicsId: 'CEH01', toTelematicsId: 'CEH02', reason: 'Unit is dead', vin: 'MX000001' });
    expect((await swapTo(unitIdOf('tcu-1'))).telematicsId).toBe('CEH01');
  });

  test('takes a unit from its stand-in frame, which goes, and from no other vehicle', async () => {
    await store.run('product.create', productArgs(1));
    await store.run('product.create', productArgs(3));
    await standIn(2);
    expect((await appErrorOf(swapTo(unitIdOf('tcu-3')))).message).toContain('VIN No MX000003');
    await swapTo(unitIdOf('tcu-2'));
    expect(await store.store.get(product, idOf('vehicle 2'))).toBeUndefined();
    expect(await store.store.get(product, idOf('vehicle 1'))).toMatchObject({ telematicsId: 'CEH02' });
  });

  test('brings the SIM of the stand-in frame along, and does not name the vehicle of another customer that holds the unit', async () => {
    await store.run('product.create', productArgs(1, { values: { simNumber: '5754000001' } }));
    await store.run('product.create', productArgs(3, { sale: { ...productArgs(3).sale, customerId: OTHER_CUSTOMER_ID } }));
    await standIn(2, { simNumber: '5754000002' });
    const own = principalOf('technician', { scope: new Set([CUSTOMER_ID]) });
    const args = { productId: idOf('vehicle 1'), communicationType: 'Cellular', modelId: MODEL_ID, reason: 'Unit is dead' } as const;
    const refused = await appErrorOf(store.run('swap.unit', { ...args, unitId: unitIdOf('tcu-3') }, { principal: own }));
    expect([refused.message, refused.details]).toEqual(['Unit CEH03 is in use. Choose another.', {}]);
    await swapTo(unitIdOf('tcu-2'));
    expect(await store.store.get(product, idOf('vehicle 1'))).toMatchObject({ simNumber: '5754000002' });
  });

  test('changes communication type alone, refuses no change, and hides vehicles of other customers', async () => {
    await store.run('product.create', productArgs(1));
    await swapTo(undefined, { communicationType: 'WiFi' });
    expect(await store.store.find(swap, {}, 9)).toMatchObject([{ fromCommunication: 'Cellular', toCommunication: 'WiFi', fromTelematicsId: 'CEH01', toTelematicsId: 'CEH01' }]);
    expect(await codeOf(swapTo(undefined, { communicationType: 'WiFi' }))).toBe('refused');
    const stranger = principalOf('technician', { scope: new Set([OTHER_CUSTOMER_ID]) });
    expect(await codeOf(store.run('swap.unit', { productId: idOf('vehicle 1'), communicationType: 'BLE', modelId: MODEL_ID, reason: 'Test' }, { principal: stranger }))).toBe('not-found');
  });
});

describe('logbook', () => {
  const write = (values: object = {}, role: 'technician' | 'operation' = 'technician') =>
    store.run('logbook.add', { productId: idOf('vehicle 1'), kind: 'repair', text: 'Brake pads\nreplaced', photos: [], ...values }, { principal: principalOf(role) });

  test('keeps entries and their corrections', async () => {
    await store.run('product.create', productArgs(1));
    const { entryId } = await write({ odometer: 1204.5 });
    await write({ text: 'Front pads only', corrects: entryId });
    expect(await store.store.get(logbookEntry, entryId)).toMatchObject({ author: 'technician', text: 'Brake pads\nreplaced', odometer: 1204.5, at: NOW });
    expect(await store.store.find(logbookEntry, { corrects: entryId }, 9)).toMatchObject([{ text: 'Front pads only' }]);
  });

  test('refuses the future, other vehicles’ entries and who may only read', async () => {
    await store.run('product.create', productArgs(1));
    expect(await codeOf(write({ at: NOW + 3_600_000 }))).toBe('invalid-input');
    expect(await codeOf(write({ corrects: idOf('nothing') }))).toBe('not-found');
    expect(await codeOf(write({}, 'operation'))).toBe('forbidden');
  });
});
