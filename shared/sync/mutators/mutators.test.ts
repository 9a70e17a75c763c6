import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unitIdOf } from '../../kernel/ids.ts';
import { binding } from '../../resources/binding.ts';
import { customer } from '../../resources/customer.ts';
import { lease } from '../../resources/lease.ts';
import { product } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { batterySwap, stationSlot } from '../../resources/station.ts';
import { unit } from '../../resources/unit.ts';
import { user } from '../../resources/user.ts';
import { CUSTOMER_ID, idOf, LOCATION_ID, MODEL_ID, NOW, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '../../testing/master-data.ts';
import { appErrorOf, codeOf, openTestWriter, type TestWriter } from '../../testing/operations.ts';

let folder = '';
let store: TestWriter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mutators-'));
  store = await openTestWriter(join(folder, 'operations.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('products', () => {
  test('a product comes with its sale, its unit and the binding between them', async () => {
    const { id } = await store.run('product.create', productArgs(1));
    expect(await store.store.find(sale, { productId: id }, 9)).toMatchObject([{ customerId: CUSTOMER_ID, phone: '6000000001', productStatus: 'Sold', revision: 1 }]);
    expect(await store.store.get(unit, unitIdOf('tcu-1'))).toMatchObject({ deviceId: 'tcu-1', telematicsId: 'CEH01', source: 'registered' });
    expect(await store.store.find(binding, { unitId: unitIdOf('tcu-1') }, 9)).toMatchObject([{ vehicleId: id, validFrom: NOW }]);
  });

  test.each([
    ['vin', 'VIN No'],
    ['motorId', 'Motor ID'],
    ['bmsId', 'BMS ID'],
    ['telematicsId', 'Telematics ID'],
    ['deviceId', 'Device ID'],
  ] as const)('the %s of another product is refused with the name of that product, however it is written', async (field, label) => {
    await store.run('product.create', productArgs(1));
    const taken = productArgs(1).values[field].toLowerCase();
    const error = await appErrorOf(store.run('product.create', productArgs(2, { values: { [field]: taken }, sale: { phone: '6000000099' } })));
    expect(error.code).toBe('not-unique');
    expect(error.message).toContain(field === 'vin' ? 'Another product has VIN No MX000001 already' : `${label} ${taken} already belongs to VIN No MX000001`);
    expect(error.details).toMatchObject({ field, ownerId: idOf('vehicle 1') });
    expect(await store.store.get(product, idOf('vehicle 2'))).toBeUndefined();
  });

  test('a phone number belongs to one vehicle, which the refusal names', async () => {
    await store.run('product.create', productArgs(1));
    const error = await appErrorOf(store.run('product.create', productArgs(2, { sale: { phone: '+91 60000 00001' } })));
    expect(error.message).toContain('already belongs to VIN No MX000001');
    expect(await store.store.find(unit, { deviceId: 'tcu-2' }, 1)).toEqual([]);
  });

  test('a unit that the broker heard first is completed, and its earlier data belongs to the vehicle', async () => {
    await store.run('unit.seen', { deviceId: 'tcu-1', at: NOW - 5_000 });
    await store.run('product.create', productArgs(1));
    expect(await store.store.get(unit, unitIdOf('tcu-1'))).toMatchObject({ telematicsId: 'CEH01', source: 'registered', firstSeenAt: NOW - 5_000 });
    expect(await store.store.find(binding, { unitId: unitIdOf('tcu-1') }, 9)).toMatchObject([{ validFrom: NOW - 5_000 }]);
  });

  test('hearing a unit again changes nothing', async () => {
    await store.run('unit.seen', { deviceId: 'tcu-9', at: NOW });
    store.announced.length = 0;
    await store.run('unit.seen', { deviceId: 'tcu-9', at: NOW + 1 });
    expect(store.announced).toEqual([]);
  });

  test('deleting a product ends its binding and frees its numbers; the unit stays', async () => {
    await store.run('product.create', productArgs(1));
    await store.run('product.delete', { id: idOf('vehicle 1') }, { at: NOW + 1000 });
    expect(await store.store.find(binding, {}, 9)).toMatchObject([{ validFrom: NOW, validTo: NOW + 1000, revision: 2 }]);
    expect(await store.store.find(sale, {}, 9)).toEqual([]);
    await store.run('product.create', { ...productArgs(1), id: idOf('again') }, { at: NOW + 2000 });
    expect(await store.store.find(binding, { vehicleId: idOf('again') }, 9)).toMatchObject([{ validFrom: NOW + 2000 }]);
  });

  test('bindings of one unit never overlap', async () => {
    await store.run('product.create', productArgs(1));
    await store.run('product.delete', { id: idOf('vehicle 1') }, { at: NOW + 1000 });
    expect(await codeOf(store.run('product.create', { ...productArgs(1, { boundFrom: NOW + 500 }), id: idOf('again') }, { at: NOW + 2000 }))).toBe('conflict');
  });

  test('a battery that the model does not take is refused, on adding and on changing', async () => {
    expect((await appErrorOf(store.run('product.create', productArgs(1, { values: { batteryModel: 'Brick' } })))).details).toEqual({ issues: [{ path: 'batteryModel', message: 'Nilgai Sprint takes 52-AH - Urban. Choose one of these.' }] });
    await store.run('product.create', productArgs(1));
    expect(await codeOf(store.run('product.update', { id: idOf('vehicle 1'), edit: { set: { batteryModel: 'Brick' } } }))).toBe('invalid-input');
    expect(await store.store.get(product, idOf('vehicle 1'))).toMatchObject({ batteryModel: '52-AH - Urban', revision: 1 });
  });
});

describe('sales and customers', () => {
  test('an edit changes what it sets, empties what it clears and leaves the rest', async () => {
    await store.run('product.create', productArgs(1, { sale: { address1: '1 Lake Road', purchaseDate: '2029-05-01' } }));
    const [row] = await store.store.find(sale, {}, 1);
    await store.run('sale.update', { id: row?.id ?? '', edit: { set: { userName: 'Asha Rao' }, clear: ['address1'] } });
    const after = await store.store.get(sale, row?.id ?? '');
    expect(after).toMatchObject({ userName: 'Asha Rao', purchaseDate: '2029-05-01', revision: 2 });
    expect(after).not.toHaveProperty('address1');
    expect(store.announced.at(-1)).toMatchObject({ operation: 'update', fields: { userName: { from: 'Rider 1', to: 'Asha Rao' }, address1: { from: '1 Lake Road' } } });
  });

  test('a warranty cannot end before the purchase', async () => {
    await store.run('product.create', productArgs(1, { sale: { purchaseDate: '2029-05-01' } }));
    const [row] = await store.store.find(sale, {}, 1);
    expect(await codeOf(store.run('sale.update', { id: row?.id ?? '', edit: { set: { warrantyEnd: '2029-04-30' } } }))).toBe('invalid-input');
  });

  test('what is in use is not deleted', async () => {
    await store.run('product.create', productArgs(1));
    expect(await codeOf(store.run('customer.delete', { id: CUSTOMER_ID }))).toBe('refused');
    expect(await codeOf(store.run('location.delete', { id: LOCATION_ID }))).toBe('refused');
    expect(await codeOf(store.run('vehicle-model.delete', { id: MODEL_ID }))).toBe('refused');
    await store.run('customer.delete', { id: OTHER_CUSTOMER_ID });
    expect(await store.store.get(customer, OTHER_CUSTOMER_ID)).toBeUndefined();
  });

  test('a customer name and a place exist once', async () => {
    const values = { name: 'nilgai  RIDERS', address: 'x', locationId: LOCATION_ID, pinCode: '560011', phone: '6000099902', email: 'x@y.example' };
    expect(await codeOf(store.run('customer.create', { values }))).toBe('not-unique');
    const place = { city: 'BENGALURU', district: 'Bengaluru Urban', state: 'Karnataka', country: 'India', zone: 'South', latitude: 1, longitude: 1 };
    expect((await appErrorOf(store.run('location.create', { values: place }))).message).toContain('Another location has City Bengaluru already');
  });

  test('an administrator of one customer neither sees nor moves vehicles of another', async () => {
    const admin = principalOf('admin', { scope: new Set([CUSTOMER_ID]) });
    await store.run('product.create', productArgs(1));
    await store.run('product.create', productArgs(2, { sale: { customerId: OTHER_CUSTOMER_ID } }));
    const [own] = await store.store.find(sale, { productId: idOf('vehicle 1') }, 1);
    const [foreign] = await store.store.find(sale, { productId: idOf('vehicle 2') }, 1);
    const edit = { set: { userName: 'New Name' } };
    await store.run('sale.update', { id: own?.id ?? '', edit }, { principal: admin });
    expect(await codeOf(store.run('sale.update', { id: foreign?.id ?? '', edit }, { principal: admin }))).toBe('not-found');
    expect(await codeOf(store.run('sale.update', { id: own?.id ?? '', edit: { set: { customerId: OTHER_CUSTOMER_ID } } }, { principal: admin }))).toBe('invalid-input');
    expect(await codeOf(store.run('product.update', { id: idOf('vehicle 2'), edit: { set: { vin: 'MX9' } } }, { principal: admin }))).toBe('not-found');
    expect(await codeOf(store.run('product.delete', { id: idOf('vehicle 2') }, { principal: admin }))).toBe('not-found');
    expect(await codeOf(store.run('location.delete', { id: LOCATION_ID }, { principal: admin }))).toBe('forbidden');
  });

  test.each(['operation', 'b2b', 'operator', 'technician'] as const)('%s changes no master data', async (role) => {
    const principal = principalOf(role);
    expect(await codeOf(store.run('product.create', productArgs(1), { principal }))).toBe('forbidden');
    expect(await codeOf(store.run('customer.delete', { id: OTHER_CUSTOMER_ID }, { principal }))).toBe('forbidden');
    expect(await codeOf(store.run('unit.seen', { deviceId: 'x1', at: 1 }, { principal }))).toBe('forbidden');
  });
});

describe('users', () => {
  const values = { email: 'a@example.com', name: 'A', misRole: 'USER', role: 'operation', account: 'Command Centre', customers: 'all' } as const;
  const status = 'active';

  test('only a Super Admin makes, changes or deletes a Super Admin', async () => {
    const { id } = await store.run('user.create', { values: { ...values, role: 'super-admin' } }, { principal: principalOf('super-admin') });
    const admin = { principal: principalOf('admin') };
    expect(await codeOf(store.run('user.create', { values: { ...values, email: 'b@example.com', role: 'super-admin' } }, admin))).toBe('refused');
    expect(await codeOf(store.run('user.update', { id, edit: { set: { name: 'X' } } }, admin))).toBe('refused');
    expect(await codeOf(store.run('user.delete', { id }, admin))).toBe('refused');
    const { id: other } = await store.run('user.create', { values: { ...values, email: 'c@example.com' } }, admin);
    expect(await codeOf(store.run('user.update', { id: other, edit: { set: { role: 'super-admin' } } }, admin))).toBe('refused');
  });

  test('the last Super Admin cannot be deleted, demoted or disabled', async () => {
    const { id } = await store.run('user.create', { values: { ...values, role: 'super-admin' }, status });
    // One who was invited cannot sign in yet.
    await store.run('user.create', { values: { ...values, email: 'i@example.com', role: 'super-admin' } });
    expect(await codeOf(store.run('user.delete', { id }))).toBe('refused');
    expect(await codeOf(store.run('user.update', { id, edit: { set: { role: 'admin' } } }))).toBe('refused');
    for (const to of ['disabled', 'locked'] as const) expect(await codeOf(store.run('user.update', { id, edit: { set: { status: to } } }))).toBe('refused');
    await store.run('user.create', { values: { ...values, email: 'b@example.com', role: 'super-admin' }, status });
    await store.run('user.delete', { id });
    expect(await store.store.get(user, id)).toBeUndefined();
  });

  test('an administrator of one customer grants no wider sight than his own', async () => {
    const admin = { principal: principalOf('admin', { scope: new Set([CUSTOMER_ID]) }) };
    expect(await codeOf(store.run('user.create', { values }, admin))).toBe('refused');
    expect(await codeOf(store.run('user.create', { values: { ...values, customers: [CUSTOMER_ID, OTHER_CUSTOMER_ID] } }, admin))).toBe('refused');
    const { id } = await store.run('user.create', { values: { ...values, customers: [CUSTOMER_ID] } }, admin);
    expect(await codeOf(store.run('user.update', { id, edit: { set: { customers: 'all' } } }, admin))).toBe('refused');
  });

  test('an e-mail address belongs to one user, in any case', async () => {
    await store.run('user.create', { values });
    expect(await codeOf(store.run('user.create', { values: { ...values, email: 'A@Example.com' } }))).toBe('not-unique');
  });

  test('the first user is made once', async () => {
    await store.run('user.create-first', { id: idOf('first'), email: 'a@example.com', name: 'A' });
    expect(await codeOf(store.run('user.create-first', { id: idOf('second'), email: 'b@example.com', name: 'B' }))).toBe('refused');
  });

  test('a preference is its owner’s, is replaced, removed and bounded, and its value is not in the change log', async () => {
    const principal = principalOf('operation');
    await store.run('preference.set', { key: 'columns', value: ['vin'] }, { principal });
    await store.run('preference.set', { key: 'columns', value: ['vin', 'soc'] }, { principal });
    expect(store.announced.at(-1)).toMatchObject({ operation: 'update', fields: { value: { withheld: true } }, row: { userId: principal.userId, value: ['vin', 'soc'] } });
    expect(await codeOf(store.run('preference.set', { key: 'columns', value: 'x'.repeat(20_000) }, { principal }))).toBe('too-large');
    await store.run('preference.set', { key: 'columns' }, { principal });
    expect(store.announced.at(-1)?.operation).toBe('delete');
    for (let n = 0; n < 200; n++) await store.run('preference.set', { key: `key ${n}`, value: n }, { principal });
    expect(await codeOf(store.run('preference.set', { key: 'one more', value: 1 }, { principal }))).toBe('too-large');
    await store.run('preference.set', { key: 'key 7', value: 'changed' }, { principal });
  });
});

describe('group members', () => {
  const member = (phone: string, n = 1) => ({ values: { phone, userName: 'Second rider', productId: idOf(`vehicle ${n}`) } });

  test('a phone number belongs to one vehicle across sales and members, and each refusal names it', async () => {
    await store.run('product.create', productArgs(1));
    await store.run('product.create', productArgs(2));
    expect((await appErrorOf(store.run('group-member.create', member('+91 60000 00002')))).message).toContain('already belongs to VIN No MX000002');
    const { id } = await store.run('group-member.create', member('6000077777'));
    const taken = await appErrorOf(store.run('product.create', productArgs(3, { sale: { phone: '06000077777' } })));
    expect([taken.code, taken.message.includes('VIN No MX000001'), taken.details?.['field']]).toEqual(['not-unique', true, 'phone']);
    const [second] = await store.store.find(sale, { productId: idOf('vehicle 2') }, 1);
    expect(await codeOf(store.run('sale.update', { id: second!.id, edit: { set: { phone: '6000077777' } } }))).toBe('not-unique');
    // Who may not see the vehicle that has it is not told which one it is.
    await store.run('product.create', productArgs(4, { sale: { customerId: OTHER_CUSTOMER_ID, phone: '6000000044' } }));
    const limited = principalOf('admin', { scope: new Set([OTHER_CUSTOMER_ID]) });
    const [fourth] = await store.store.find(sale, { productId: idOf('vehicle 4') }, 1);
    const hidden = await appErrorOf(store.run('sale.update', { id: fourth!.id, edit: { set: { phone: '6000077777' } } }, { principal: limited }));
    expect([hidden.code, hidden.message.includes('MX000001'), hidden.details?.['ownerId']]).toEqual(['not-unique', false, undefined]);
    // Of its own vehicle it may be both.
    const [first] = await store.store.find(sale, { productId: idOf('vehicle 1') }, 1);
    await store.run('sale.update', { id: first!.id, edit: { set: { phone: '6000077777' } } });
    expect(await codeOf(store.run('group-member.update', { id, edit: { set: { productId: idOf('vehicle 2') } } }))).toBe('not-unique');
  });

  test('a vehicle with members is not deleted, and who is limited to another customer does not see them', async () => {
    await store.run('product.create', productArgs(1));
    const { id } = await store.run('group-member.create', member('6000077777'));
    expect((await appErrorOf(store.run('product.delete', { id: idOf('vehicle 1') }))).message).toMatch(/1 group member/);
    const stranger = principalOf('admin', { scope: new Set([OTHER_CUSTOMER_ID]) });
    expect(await codeOf(store.run('group-member.update', { id, edit: { set: { userName: 'X' } } }, { principal: stranger }))).toBe('not-found');
    expect(await codeOf(store.run('group-member.create', member('6000077778'), { principal: stranger }))).toBe('invalid-input');
  });
});

describe('leases', () => {
  const values = { productId: idOf('vehicle 1'), expiryDate: '2030-01-20', lastRenewal: '2029-12-21', duration: '30', leaseType: 'Rental', description: 'Rental', orderStatus: 'Success', paymentStatus: 'Pending', lockOnExpiry: true } as const;

  test('the states follow from expiry and payment, at once and by the daily check', async () => {
    await store.run('product.create', productArgs(1));
    const { id } = await store.run('lease.create', { values });
    const states = async (): Promise<unknown> => {
      const row = await store.store.get(lease, id);
      return [row?.leaseStatus, row?.lockStatus];
    };
    expect(await states()).toEqual(['Active', 'Unlocked']);
    expect(await store.run('lease.check', { today: '2030-01-15', ids: [id] }, { principal: SYSTEM })).toEqual({ changed: 1 });
    expect(await states()).toEqual(['Expiring', 'Unlocked']);
    await store.run('lease.check', { today: '2030-01-21', ids: [id] }, { principal: SYSTEM });
    expect(await states()).toEqual(['Expired', 'Lock due']);
    expect(await store.run('lease.check', { today: '2030-01-21', ids: [id] }, { principal: SYSTEM })).toEqual({ changed: 0 });
    await store.run('lease.update', { id, edit: { set: { paymentStatus: 'Success', expiryDate: '2030-02-19', lastRenewal: '2030-01-20' } } });
    expect(await states()).toEqual(['Active', 'Unlocked']);
    expect(await codeOf(store.run('lease.check', { today: '2030-01-21', ids: [id] }, { principal: principalOf('super-admin') }))).toBe('forbidden');
  });

  test('one vehicle has one lease, which does not expire before it was renewed', async () => {
    await store.run('product.create', productArgs(1));
    expect(await codeOf(store.run('lease.create', { values: { ...values, expiryDate: '2029-12-01' } }))).toBe('invalid-input');
    await store.run('lease.create', { values });
    expect(await codeOf(store.run('lease.create', { values }))).toBe('not-unique');
  });
});

describe('swapping stations', () => {
  async function stationWith(slots: readonly { slot: number; bmsId: string; state?: 'Ready' | 'Faulty' }[]): Promise<string[]> {
    await store.run('product.create', productArgs(1));
    const { id } = await store.run('station.create', { values: { name: 'Swap Point', locationId: LOCATION_ID, address: 'Station Road', latitude: 12.9, longitude: 77.6, slots: 4, status: 'Open' } });
    const made: string[] = [id];
    for (const { slot, bmsId, state } of slots) made.push((await store.run('station-slot.create', { values: { stationId: id, slot, bmsId, state: state ?? 'Ready' } })).id);
    return made;
  }

  test('a swap changes vehicle and slot together, and is written down', async () => {
    const [, slot] = await stationWith([{ slot: 1, bmsId: 'BmsFull' }]);
    const { id } = await store.run('station.swap', { slotId: slot!, productId: idOf('vehicle 1'), soc: 12 });
    expect((await store.store.get(product, idOf('vehicle 1')))?.bmsId).toBe('BmsFull');
    expect(await store.store.get(stationSlot, slot!)).toMatchObject({ bmsId: 'Bms1', soc: 12, state: 'Charging' });
    expect(await store.store.get(batterySwap, id)).toMatchObject({ batteryOut: 'Bms1', batteryIn: 'BmsFull', slot: 1, at: NOW });
  });

  test('an operator and a technician swap, who may not change the slot by hand', async () => {
    const [, first, second] = await stationWith([{ slot: 1, bmsId: 'BmsFull' }, { slot: 2, bmsId: 'BmsOther' }]);
    const swap = (slotId: string, role: Parameters<typeof principalOf>[0]) => store.run('station.swap', { slotId, productId: idOf('vehicle 1') }, { principal: principalOf(role) });
    await swap(first!, 'operator');
    await swap(second!, 'technician');
    expect((await store.store.get(product, idOf('vehicle 1')))?.bmsId).toBe('BmsOther');
    expect(await codeOf(swap(first!, 'operation'))).toBe('forbidden');
    expect(await codeOf(store.run('station-slot.update', { id: first!, edit: { set: { soc: 50 } } }, { principal: principalOf('operator') }))).toBe('forbidden');
  });

  test('a battery is in a vehicle or in a slot, never in both, and a slot takes one', async () => {
    const [stationId] = await stationWith([{ slot: 1, bmsId: 'BmsFull' }]);
    const add = (slot: number, bmsId: string) => codeOf(store.run('station-slot.create', { values: { stationId: stationId!, slot, bmsId, state: 'Ready' } }));
    expect([await add(2, 'bms1'), await add(1, 'BmsOther'), await add(5, 'BmsOther'), await add(2, 'BMSFULL')]).toEqual(['not-unique', 'not-unique', 'invalid-input', 'not-unique']);
    expect((await appErrorOf(store.run('product.update', { id: idOf('vehicle 1'), edit: { set: { bmsId: 'BmsFull' } } }))).message).toContain('slot 1 of Swap Point');
    expect(await codeOf(store.run('station.delete', { id: stationId! }))).toBe('refused');
  });

  test('a faulty battery goes into no vehicle, and a station keeps the slots that hold one', async () => {
    const [stationId, slot] = await stationWith([{ slot: 3, bmsId: 'BmsBad', state: 'Faulty' }]);
    expect(await codeOf(store.run('station.swap', { slotId: slot!, productId: idOf('vehicle 1') }))).toBe('refused');
    expect(await codeOf(store.run('station.update', { id: stationId!, edit: { set: { slots: 2 } } }))).toBe('invalid-input');
  });
});

describe('battery models', () => {
  test('one that a vehicle model takes or a vehicle has is not deleted', async () => {
    const { id } = await store.run('battery-model.create', { values: { name: '52-AH - Urban', capacity: 52 } });
    expect((await appErrorOf(store.run('battery-model.delete', { id }))).message).toContain('Nilgai Sprint takes this battery');
    const other = await store.run('battery-model.create', { values: { name: '20-AH - Urban' } });
    await store.run('battery-model.delete', { id: other.id });
    expect(await codeOf(store.run('battery-model.update', { id, edit: { set: { name: 'x' } } as never }))).toBe('invalid-input');
  });
});
