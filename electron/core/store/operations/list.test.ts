import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Resource } from '#shared/resources/define-resource.ts';
import { customer } from '#shared/resources/customer.ts';
import { location } from '#shared/resources/location.ts';
import { product } from '#shared/resources/product.ts';
import { compareKeys, searchText } from '#shared/resources/normalise.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { sale } from '#shared/resources/sale.ts';
import { batterySwap } from '#shared/resources/station.ts';
import { unit } from '#shared/resources/unit.ts';
import { CUSTOMER_ID, groundMutations, idOf, LOCATION_ID, MODEL_ID, OTHER_CUSTOMER_ID, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { appErrorOf, openTestOperations } from '#shared/testing/operations.ts';
import { listRows } from './list.ts';
import type { Operations } from './operations.ts';

let folder = '';
let operations: Operations;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'list-'));
  operations = openTestOperations(folder);
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
  for (let n = 1; n <= 40; n++) {
    const values = { vin: `${n % 2 === 0 ? 'mx' : 'CH1-'}${String(100 - n).padStart(4, '0')}`, registration: n % 4 === 0 ? undefined : `KA 01 EV ${n}`, bmsId: n === 7 ? 'Odd_Serial' : `Bms${n}` };
    const sold = { customerId: n % 5 === 0 ? OTHER_CUSTOMER_ID : n % 7 === 0 ? undefined : CUSTOMER_ID, productStatus: n % 3 === 0 ? 'In Stock' : 'Sold', userName: n === 9 ? 'Élodie Rao' : `Rider ${n}`, purchaseDate: n % 2 === 0 ? `2029-01-${String((n % 28) + 1).padStart(2, '0')}` : undefined } as const;
    await operations.mutate(SYSTEM, 'product.create', productArgs(n, { values, sale: sold }));
  }
});
afterAll(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

const page = { offset: 0, limit: 100 };
const vins = (query: Partial<Parameters<typeof listRows>[3]>, scope: 'all' | Set<string> = 'all') => operations.read.list(product, scope, { ...page, ...query }).rows.map(({ row }) => row.vin);

describe('a list', () => {
  test('is sorted by normal form over all rows, and its pages fit together', () => {
    const all = vins({});
    expect(all).toEqual([...all].sort((a, b) => compareKeys(searchText(a), searchText(b))));
    const pages = [0, 15, 30, 45].map((offset) => operations.read.list(product, 'all', { offset, limit: 15 }));
    expect(pages.map((one) => [one.total, one.rows.length])).toEqual([[40, 15], [40, 15], [40, 10], [40, 0]]);
    expect(pages.flatMap((one) => one.rows.map(({ row }) => row.vin))).toEqual(all);
  });

  test('breaks ties by id and puts empty values last in both directions', () => {
    const rows = (direction: 'asc' | 'desc') => operations.read.list(sale, 'all', { ...page, sort: { column: 'purchaseDate', direction } }).rows.map(({ row }) => row);
    for (const direction of ['asc', 'desc'] as const) {
      const found = rows(direction);
      const dates = found.map((row) => row.purchaseDate);
      expect(dates.slice(20)).toEqual(Array.from({ length: 20 }, () => undefined));
      expect(dates.slice(0, 20)).toEqual([...dates.slice(0, 20)].sort((a, b) => (direction === 'asc' ? 1 : -1) * String(a).localeCompare(String(b))));
      const empty = found.slice(20).map((row) => row.id);
      expect(empty).toEqual([...empty].sort());
    }
  });

  test('shows and sorts by what other rows hold', () => {
    const first = operations.read.list(sale, 'all', { ...page, limit: 1, sort: { column: 'vin', direction: 'desc' } }).rows[0];
    expect(first?.joined).toMatchObject({ vin: 'mx0098', customer: 'Nilgai Riders', telematicsId: 'CEH02', city: 'Bengaluru' });
    expect(operations.read.list(product, 'all', { ...page, limit: 1 }).rows[0]?.joined).toMatchObject({ model: 'Nilgai Sprint', productStatus: expect.any(String) as unknown });
  });

  test.each([
    ['mx0098', 1],
    ['MX00', 20],
    ['elodie', 0],
    ['odd_serial', 1],
    ['bms_', 0],
    ['100%', 0],
    ['nilgai sprint', 40],
    ['', 40],
    ['   ', 40],
  ])('of products finds %j in %i rows', (search, total) => {
    expect(operations.read.list(product, 'all', { ...page, search }).total).toBe(total);
  });

  test.each([
    ['elodie', 1],
    ['60000 00009', 1],
    ['06000000009', 1],
    ['916000000009', 1],
    ['saral', 8],
    ['bengalūru', 40],
  ])('of sales finds %j in %i rows', (search, total) => {
    expect(operations.read.list(sale, 'all', { ...page, search }).total).toBe(total);
  });

  test('filters by own and joined columns, together', () => {
    expect(operations.read.list(product, 'all', { ...page, filter: { modelId: MODEL_ID, productStatus: ['Sold'] } }).total).toBe(27);
    expect(operations.read.list(product, 'all', { ...page, filter: { productStatus: ['Sold', 'In Stock'] } }).total).toBe(40);
    expect(operations.read.list(product, 'all', { ...page, filter: { productStatus: [] } }).total).toBe(0);
    expect(operations.read.list(sale, 'all', { ...page, filter: { customerId: OTHER_CUSTOMER_ID }, search: 'mx' }).total).toBe(4);
  });

  test('a range of time takes its beginning and leaves its end, in the list and in what is exported, and asks for a time', async () => {
    for (const [n, at] of [1_000, 2_000, 3_000].entries()) await operations.mutate(SYSTEM, 'unit.seen', { deviceId: `range-${n}`, at });
    const found = (range: { from?: number; to?: number }) => operations.read.list(unit, 'all', { ...page, search: 'range-', range: { firstSeenAt: range } }).rows.map(({ row }) => row.deviceId);
    expect(found({ from: 2_000 })).toEqual(['range-1', 'range-2']);
    expect(found({ to: 2_000 })).toEqual(['range-0']);
    expect(found({ from: 1_000, to: 3_000 })).toEqual(['range-0', 'range-1']);
    expect(found({})).toHaveLength(3);
    expect(operations.read.sortedIds(unit, 'all', { range: { firstSeenAt: { from: 2_000, to: 3_000 } } })).toHaveLength(1);
    const error = await appErrorOf(Promise.resolve().then(() => operations.read.list(unit, 'all', { ...page, range: { deviceId: { from: 1 } } })));
    expect(error.code).toBe('invalid-input');
  });

  test('an unknown column is refused, whatever it looks like', async () => {
    for (const name of ['nope', 'vin"; drop table product', 'constructor']) {
      const error = await appErrorOf(Promise.resolve().then(() => operations.read.list(product, 'all', { ...page, sort: { column: name, direction: 'asc' } })));
      expect(error.code).toBe('invalid-input');
    }
  });
});

describe('the scope of a list', () => {
  test.each([
    [[OTHER_CUSTOMER_ID], 8],
    [[CUSTOMER_ID, OTHER_CUSTOMER_ID], 36],
    [[idOf('nobody')], 0],
    [[], 0],
  ])('limits products and sales to the customers %j: %i rows, also when searched', (customers, total) => {
    const scope = new Set(customers);
    expect(operations.read.list(product, scope, page).total).toBe(total);
    expect(operations.read.list(sale, scope, page).total).toBe(total);
    expect(operations.read.list(product, scope, { ...page, search: 'nilgai' }).total).toBe(total);
  });

  test('shows only the own customers, every location, and no unit, user or setting', () => {
    const scope = new Set([CUSTOMER_ID]);
    expect(operations.read.list(customer, scope, page).rows.map(({ row }) => row.name)).toEqual(['Nilgai Riders']);
    expect(operations.read.list(location, scope, page).total).toBe(1);
    expect(operations.read.list(unit, scope, page).total).toBe(0);
    for (const resource of RESOURCES) if (resource.scope === 'none') expect(operations.read.list(resource, scope, page).total).toBe(0);
  });
});

describe('the plan of a list', () => {
  test('reaches every joined row by an index', () => {
    for (const resource of [product, sale, customer] as readonly Resource[]) {
      const seen: string[] = [];
      const database = { prepare: (text: string) => (seen.push(text), operations.read.database.prepare(text)) } as unknown as typeof operations.read.database;
      listRows(database, resource, new Set([CUSTOMER_ID]), { ...page, search: 'x' });
      const plans = seen.flatMap((text) => operations.read.database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...Array.from({ length: (text.match(/\?/g) ?? []).length }, () => 1)) as { detail: string }[]);
      expect(plans.map((step) => step.detail).filter((detail) => /^SCAN (j_|s\b)|AUTOMATIC/.test(detail))).toEqual([]);
    }
  });
});

test('battery swaps are found by vehicle and time, with what the list table holds', async () => {
  const { id: stationId } = await operations.mutate(SYSTEM, 'station.create', { values: { name: 'Swap Point', locationId: LOCATION_ID, address: 'Station Road', latitude: 12.9, longitude: 77.6, slots: 4, status: 'Open' } });
  const { id: slotId } = await operations.mutate(SYSTEM, 'station-slot.create', { values: { stationId, slot: 1, bmsId: 'BmsFull', state: 'Ready' } });
  const vehicle = idOf('vehicle 1');
  await operations.mutate(SYSTEM, 'station.swap', { slotId, productId: vehicle });
  const list = (query: Partial<Parameters<typeof listRows>[3]>) => operations.read.list(batterySwap, 'all', { ...page, ...query });
  const at = list({}).rows[0]?.row.at ?? 0;
  expect(at).toBeGreaterThan(0);
  const found = (productId: string, range: { from?: number; to?: number }) => list({ filter: { productId: [productId] }, range: { at: range } }).total;
  expect([found(vehicle, { from: at }), found(vehicle, { from: at, to: at + 1 }), found(vehicle, { to: at }), found(vehicle, { from: at + 1 }), found(idOf('vehicle 2'), {})]).toEqual([1, 1, 0, 0, 0]);
});
