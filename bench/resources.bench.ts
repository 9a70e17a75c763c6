import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOperations, OPERATIONS_FILE, type Operations } from '#core/store/operations/operations.ts';
import type { ListQuery } from '#core/store/operations/list.ts';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { customer } from '#shared/resources/customer.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { threadTime } from './measure.ts';
import { fillStore, idOf } from './resources-fill.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const FIRST_PAGE = 50;
const SEARCH = 100;
const SORT = 150;
const PAGE = { offset: 0, limit: 100 };

export const resourcesBench: Bench = {
  name: 'resources',
  describe: '100,000 products, 100,000 sales and 1,000 customers: pages, searches and sorts of the resource engine',
  async run(context) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-resources-'));
    try {
      const open = () => openOperations({ dataFolder: folder, workerEntry: new URL('../electron/workers/operations-writer.ts', import.meta.url), clock: systemClock, rng: systemRng, log: SILENT_LOG, nodeId: 'bench' });
      await (await open()).close();
      const products = context.quick ? 5_000 : 100_000;
      context.say(`filling the store with ${products.toLocaleString('en-US')} products and sales`);
      fillStore(join(folder, OPERATIONS_FILE), { products, customers: 1_000, locations: 300 });
      const operations = await open();
      try {
        return measure(context, operations);
      } finally {
        await operations.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** 95th percentile of the thread's CPU time for a page, ms, over rounds of several questions. */
function p95(context: BenchContext, operations: Operations, resource: Resource, queries: readonly Partial<ListQuery>[], scope: CustomerScope = 'all'): { readonly ms: number; readonly worst: string } {
  const times: { readonly ms: number; readonly query: string }[] = [];
  for (let round = 0; round < (context.quick ? 2 : 6); round++) {
    for (const query of queries) {
      const begun = threadTime();
      operations.read.list(resource, scope, { ...PAGE, ...query });
      times.push({ ms: threadTime() - begun, query: JSON.stringify(query) });
    }
  }
  times.sort((a, b) => a.ms - b.ms);
  const at = times[Math.ceil(times.length * 0.95) - 1] ?? { ms: Number.NaN, query: '' };
  return { ms: at.ms, worst: at.query };
}

function measure(context: BenchContext, operations: Operations): BenchResult[] {
  const result = (name: string, goal: number, resource: Resource, queries: readonly Partial<ListQuery>[], scope?: CustomerScope): BenchResult => {
    const { ms, worst } = p95(context, operations, resource, queries, scope);
    return judge({ name, value: ms, unit: 'ms', goals: [{ of: 'value', atMost: goal }], note: `p95, CPU time; slowest ${worst}` });
  };
  const sorts = (resource: Resource): Partial<ListQuery>[] => (resource.grid ?? []).flatMap((column) => (['asc', 'desc'] as const).map((direction) => ({ sort: { column, direction } })));
  const typed = (text: string): Partial<ListQuery>[] => Array.from({ length: text.length }, (_, n) => ({ search: text.slice(0, n + 1) }));
  const few = new Set([idOf(2, 3)]);
  const many = new Set(Array.from({ length: 200 }, (_, n) => idOf(2, n)));
  return [
    ...[product, sale, customer].flatMap((resource) => [
      result(`first page of ${resource.label.many}`, FIRST_PAGE, resource, [{}, { limit: 20 }]),
      result(`${resource.label.many} by any column`, SORT, resource, sorts(resource)),
      result(`searched as typed in ${resource.label.many}`, SEARCH, resource, [...typed('MXEV2WSN0007'), ...typed('nilgai 12'), ...typed('Bms2WS99'), ...typed('zz none')]),
    ]),
    result('filtered products', FIRST_PAGE, product, [{ filter: { productStatus: ['Sold'] } }, { filter: { modelId: [idOf(3, 1)] } }, { filter: { communicationType: ['BLE'] } }]),
    result('filtered sales', FIRST_PAGE, sale, [{ filter: { productStatus: ['Demo'] } }, { filter: { customerId: [idOf(2, 5)] } }]),
    result('last page of products', SORT, product, [{ offset: Math.max(0, operations.read.count(product) - 100) }]),
    ...([['one customer', few], ['200 customers', many]] as const).flatMap(([who, scope]) => [
      result(`first page of sales for ${who}`, FIRST_PAGE, sale, [{}], scope),
      result(`sales by any column for ${who}`, SORT, sale, sorts(sale), scope),
      result(`searched products for ${who}`, SEARCH, product, typed('MXEV2WSN0007'), scope),
    ]),
  ];
}
