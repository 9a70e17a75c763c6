import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Operations } from '#core/store/operations/operations.ts';
import { FleetDirectory } from '#core/store/operations/directory/directory.ts';
import { readFreeUnits } from '#core/store/operations/free-units.ts';
import { DEFAULT_PATTERNS } from '#shared/domain/commissioning/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { SILENT_LOG, type Clock } from '#shared/kernel/ports.ts';
import { CUSTOMER_ID, groundMutations, idOf, LOCATION_ID, MODEL_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { codeOf, openTestOperations, testClock, testScheduler } from '#shared/testing/operations.ts';
import type { MutationCall } from '#core/store/operations/operations.ts';
import { NumberDesk } from './numbers.ts';
import { commissioningHandlers } from './handlers.ts';
import { photoTypeOf, PhotoStore } from './photo-store.ts';
import { PhotoSweep } from './photo-sweep.ts';

let folder = '';
let operations: Operations;
let directory: FleetDirectory;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commissioning-'));
  operations = openTestOperations(folder);
  for (const { name, args } of groundMutations()) await operations.commit({ principal: SYSTEM, mutations: [{ name, args } as MutationCall] });
  directory = new FleetDirectory({ operations, clock: testClock(), log: SILENT_LOG });
});
afterEach(async () => {
  directory.dispose();
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

const heard = new Set<string>();
const desk = () => new NumberDesk({ operations, directory, registry: { byDevice: (id: string) => (heard.has(id) ? {} : undefined), byUnitId: () => undefined } as never });
const register = (n: number) => operations.mutate(SYSTEM, 'unit.register', { deviceId: `tcu-${n}`, telematicsId: `CEH0${n}` });
const standIn = (n: number) => operations.mutate(SYSTEM, 'product.create', productArgs(n, { values: { vin: `CHH000${n}` }, sale: { customerId: undefined, locationId: undefined, userName: undefined, phone: undefined, productStatus: 'In Transit' } }));

describe('scanned numbers', () => {
  test('a unit is found by its number with a prefix, or by its device id, and says where it is', async () => {
    await register(7);
    await standIn(8);
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    const numbers = desk();
    expect(numbers.check('vcu', ' vcu: ceh07 \r', false)).toMatchObject({ number: 'CEH07', state: 'free', available: true, unit: { deviceId: 'tcu-7' } });
    expect(numbers.check('vcu', 'tcu-7', false)).toMatchObject({ number: 'CEH07', state: 'free' });
    expect(numbers.check('vcu', 'CEH08', false)).toMatchObject({ state: 'placeholder', available: true, holder: { vin: 'CHH0008' }, unit: { communicationType: 'Cellular' } });
    expect(numbers.check('vcu', 'CEH01', false)).toMatchObject({ state: 'bound', available: false, holder: { vin: 'MX000001', customer: 'Nilgai Riders' } });
    expect(numbers.check('vcu', 'CEH0999', false)).toMatchObject({ state: 'unknown', available: false });
    heard.add('CEH0998');
    expect(numbers.check('vcu', 'CEH0998', false)).toMatchObject({ state: 'heard' });
  });

  test('battery, motor, frame and phone name who has them', async () => {
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    await standIn(8);
    await operations.mutate(SYSTEM, 'group-member.create', { values: { phone: '6000099999', userName: 'Ravi', productId: productArgs(1).id ?? '' } });
    const numbers = desk();
    const states = (['battery Bms1', 'battery Bms8', 'battery Bms99', 'motor KE1', 'frame MX000001', 'frame MX9', 'frame CHH0009', 'phone +91 6000000001', 'phone 6000099999', 'phone 6000011111', 'motor Bms5', 'phone abc'] as const).map((line) => {
      const [kind = 'vcu', ...number] = line.split(' ');
      return numbers.check(kind as 'vcu', number.join(' '), false).state;
    });
    expect(states).toEqual(['bound', 'placeholder', 'free', 'bound', 'bound', 'free', 'stand-in', 'bound', 'member', 'free', 'wrong-kind', 'invalid']);
  });
});

test('free units are those in no vehicle and on stand-in frames, found by part of a number', async () => {
  await register(7);
  await standIn(8);
  await operations.mutate(SYSTEM, 'product.create', productArgs(1));
  const found = (search: string) => readFreeUnits(operations.read.database, { search, standIns: DEFAULT_PATTERNS.placeholder, limit: 9 }).map(({ telematicsId, vin }) => `${telematicsId} ${vin ?? ''}`.trim());
  expect(found('')).toEqual(['CEH07', 'CEH08 CHH0008']);
  expect(found('tcu-8')).toEqual(['CEH08 CHH0008']);
  expect(found('%')).toEqual([]);
});

describe('photos', () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3);
  const photoStore = (clock: Clock = testClock()): PhotoStore => new PhotoStore({ dataFolder: folder, clock });
  const pathOf = (hash: string): string => join(folder, 'photos', hash.slice(0, 2), hash);

  test('are known by their first bytes, whatever they are called', () => {
    expect(photoTypeOf(jpeg)).toBe('image/jpeg');
    expect(photoTypeOf(new TextEncoder().encode('<svg onload="x"/>'))).toBeUndefined();
    expect(photoTypeOf(new TextEncoder().encode('RIFF....AVI '))).toBeUndefined();
  });

  test('are stored once by their content, and one that was changed on the disk is not given out', async () => {
    const store = photoStore();
    const photo = await store.add(jpeg, jpeg);
    expect(photo).toMatchObject({ type: 'image/jpeg', bytes: 7, thumbnail: photo.hash });
    expect((await store.read(photo.hash))?.content).toEqual(jpeg);
    writeFileSync(join(folder, 'photos', photo.hash.slice(0, 2), photo.hash), Uint8Array.of(0xff, 0xd8, 0xff, 9));
    expect(await store.read(photo.hash)).toBeUndefined();
    await expect(store.add(new TextEncoder().encode('nothing'), undefined)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('that cannot be written say why', async () => {
    writeFileSync(join(folder, 'photos'), 'a file where the folder belongs');
    await expect(photoStore().add(jpeg, undefined)).rejects.toMatchObject({ code: 'store-unwritable' });
  });

  test('that no logbook names, and half written ones, go after a day; one that is added again stays another', async () => {
    const clock = testClock(Date.now());
    const store = photoStore(clock);
    const { id: productId } = await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    const [named, unnamed, again] = [await store.add(jpeg, Uint8Array.of(0xff, 0xd8, 0xff, 1)), await store.add(Uint8Array.of(0xff, 0xd8, 0xff, 2), undefined), await store.add(Uint8Array.of(0xff, 0xd8, 0xff, 3), undefined)];
    const partial = `${pathOf(unnamed.hash)}.7.partial`;
    writeFileSync(partial, 'x');
    const sweep = new PhotoSweep({ operations, photos: store, clock, scheduler: testScheduler(), log: SILENT_LOG });
    clock.time += 2 * 24 * 3_600_000;
    // A database that names no photo at all may be about to be restored.
    expect(await sweep.run()).toBe(0);
    await operations.mutate(SYSTEM, 'logbook.add', { productId, kind: 'repair', text: 'Brake', photos: [named] });
    await store.add(Uint8Array.of(0xff, 0xd8, 0xff, 3), undefined);
    expect(await sweep.run()).toBe(2);
    expect([store.has(named.hash), store.has(named.thumbnail ?? ''), store.has(unnamed.hash), existsSync(partial), store.has(again.hash)]).toEqual([true, true, false, false, true]);
    sweep.dispose();
  });
});

describe('a commissioning that is sent again', () => {
  test('is answered as the first time, though its bench check is forgotten', async () => {
    await register(7);
    const input = { telematicsId: 'CEH07', bmsId: 'BMS7', motorId: 'KE7', vin: 'MX000007', modelId: MODEL_ID, batteryModel: '52-AH - Urban', communicationType: 'Cellular', customerId: CUSTOMER_ID, locationId: LOCATION_ID, userName: 'Asha', phone: '6000012345', productStatus: 'Sold' } as const;
    const requestId = idOf('request');
    const principal = principalOf('technician');
    const first = await operations.mutate(principal, 'commission.vehicle', { input, bench: { result: 'passed', checks: [{ check: 'gps', state: 'pass', reason: 'ok' }], checkedAt: 1 } }, { id: requestId });
    const handlers = commissioningHandlers({ operations, directory, registry: { byDevice: () => undefined, byUnitId: () => undefined }, clock: testClock(), timeZone: 'Asia/Kolkata' } as never);
    const commit = async (who: Principal, values: object = {}): Promise<unknown> => handlers['commission.commit']({ input: { ...input, ...values }, bench: { result: 'passed', benchId: idOf('bench') }, requestId }, { principal: who } as never);
    expect(await commit(principal)).toEqual(first);
    expect(await codeOf(commit(principal, { motorId: 'KE8' }))).toBe('not-found');
    expect(await codeOf(commit(principalOf('technician', { scope: new Set([CUSTOMER_ID]) })))).toBe('forbidden');
  });
});
