import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fields, Resource } from '#shared/resources/define-resource.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { product } from '#shared/resources/product.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { sale } from '#shared/resources/sale.ts';
import { CUSTOMER_ID, idOf, LOCATION_ID, MODEL_ID, OTHER_CUSTOMER_ID, productArgs } from '#shared/testing/master-data.ts';
import { openTestWriter, type TestWriter } from '#shared/testing/operations.ts';
import { listRows, type ListQuery } from './list.ts';
import { dropListTables, ensureListTables, hasListTable, listTable } from './list-tables.ts';

let folder = '';
let path = '';
let store: TestWriter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'list-tables-'));
  path = join(folder, 'operations.db');
  store = await openTestWriter(path);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every list table as it was kept, and as it is when made anew from the rows. */
function keptAndMade(): { readonly kept: unknown; readonly made: unknown } {
  const database = openDatabase(path);
  const read = (): unknown => RESOURCES.filter(hasListTable).map((resource) => database.prepare(`SELECT * FROM ${listTable(resource)} ORDER BY id`).all());
  const kept = read();
  dropListTables(database);
  ensureListTables(database);
  const made = read();
  database.close();
  return { kept, made };
}

/** The resource without its list table: answered from its rows. */
const slow = <F extends Fields>(resource: Resource<F>): Resource<F> => ({ ...resource, rows: 'few' });

describe('list tables', () => {
  test('hold after any changes what they would hold if they were made anew', async () => {
    const vehicle = fc.integer({ min: 1, max: 6 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('create' as const), n: vehicle }),
      fc.record({ kind: fc.constant('delete' as const), n: vehicle }),
      fc.record({ kind: fc.constant('rename' as const), n: vehicle, text: fc.constantFrom('KA 01 A 1', 'MH02B2', 'tn 3') }),
      fc.record({ kind: fc.constant('sell' as const), n: vehicle, customer: fc.constantFrom(CUSTOMER_ID, OTHER_CUSTOMER_ID), status: fc.constantFrom('Sold' as const, 'Demo' as const) }),
      fc.record({ kind: fc.constant('customer' as const), text: fc.constantFrom('Éclair Riders', 'Nilgai Riders', 'Zebra') }),
      fc.record({ kind: fc.constant('city' as const), text: fc.constantFrom('Bengaluru', 'Mysuru') }),
      fc.record({ kind: fc.constant('model' as const), text: fc.constantFrom('Sprint', 'Courier') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        for (const one of steps) {
          // What a step refuses (a vehicle that is there already, a phone that is taken) changes nothing.
          await run(one).catch(() => undefined);
        }
        const { kept, made } = keptAndMade();
        expect(kept).toEqual(made);
      }),
      { numRuns: 15 },
    );

    async function run(one: typeof step extends fc.Arbitrary<infer T> ? T : never): Promise<unknown> {
      switch (one.kind) {
        case 'create':
          return store.run('product.create', productArgs(one.n));
        case 'delete':
          return store.run('product.delete', { id: idOf(`vehicle ${one.n}`) });
        case 'rename':
          return store.run('product.update', { id: idOf(`vehicle ${one.n}`), edit: { set: { registration: one.text } } });
        case 'sell': {
          const [sold] = await store.store.find(sale, { productId: idOf(`vehicle ${one.n}`) }, 1);
          return sold && store.run('sale.update', { id: sold.id, edit: { set: { customerId: one.customer, productStatus: one.status } } });
        }
        case 'customer':
          return store.run('customer.update', { id: CUSTOMER_ID, edit: { set: { name: one.text } } });
        case 'city':
          return store.run('location.update', { id: LOCATION_ID, edit: { set: { city: one.text } } });
        case 'model':
          return store.run('vehicle-model.update', { id: MODEL_ID, edit: { set: { name: one.text } } });
      }
    }
  });

  test('answer every question as the rows themselves do', async () => {
    for (let n = 1; n <= 30; n++) {
      const sold = n % 6 === 0 ? {} : { customerId: n % 4 === 0 ? OTHER_CUSTOMER_ID : CUSTOMER_ID, locationId: LOCATION_ID, userName: n % 5 === 0 ? 'Élodie Rao' : `Rider ${n}`, phone: `98450 ${10_000 + n}` };
      await store.run('product.create', productArgs(n, { values: { registration: n % 3 === 0 ? undefined : `KA ${n}` }, sale: { productStatus: n % 2 === 0 ? 'Sold' : 'Demo', ...sold } }));
    }
    const scope = fc.constantFrom('all' as const, new Set([CUSTOMER_ID]), new Set([OTHER_CUSTOMER_ID, CUSTOMER_ID]), new Set<string>());
    const query = (resource: Resource): fc.Arbitrary<ListQuery> =>
      fc.record(
        {
          search: fc.constantFrom('', 'mx', 'elodie', 'ka 1', '98450 10003', '0984501', 'nilgai', 'bengaluru', '100%', 'bms_', 'riders mx', 'sprint'),
          sort: fc.record({ column: fc.constantFrom(...(resource.grid ?? [])), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
          filter: fc.constantFrom<NonNullable<ListQuery['filter']>>({}, { productStatus: ['Sold'] }, { productStatus: ['Demo', 'Sold'] }, { productStatus: [] }),
          offset: fc.constantFrom(0, 7),
          limit: fc.constantFrom(5, 100),
        },
        { requiredKeys: ['offset', 'limit'] },
      ) as fc.Arbitrary<ListQuery>;
    for (const resource of [product, sale] as readonly Resource[]) {
      fc.assert(fc.property(query(resource), scope, (asked, customers) => {
        expect(listRows(store.database, resource, customers, asked)).toEqual(listRows(store.database, slow(resource), customers, asked));
      }), { numRuns: 150 });
    }
  });

  test('are left alone by a start with the same definitions, and made anew after others', () => {
    const database = openDatabase(path);
    const ids = () => database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sale_list'").pluck().get();
    const before = ids();
    ensureListTables(database);
    expect(ids()).toBe(before);
    for (const table of ['product_list', 'sale_list']) database.exec(`INSERT INTO ${table} (id, search) VALUES ('of before', '')`);
    database.exec("UPDATE list_table SET made_by = 'other' WHERE name = 'sale_list'");
    ensureListTables(database);
    expect(database.prepare('SELECT count(*) FROM list_table WHERE made_by = ?').pluck().get('other')).toBe(0);
    // Only the one that differs.
    expect(['product_list', 'sale_list'].map((table) => database.prepare(`SELECT count(*) FROM ${table} WHERE id = 'of before'`).pluck().get())).toEqual([1, 0]);
    database.close();
  });
});
