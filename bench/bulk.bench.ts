import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exchange } from '#core/exchange/exchange.ts';
import { Imports, type Preview } from '#core/imports/imports.ts';
import { importSources } from '#core/imports/sources.ts';
import { writeFailedRows } from '#core/imports/template-file.ts';
import { exportResource } from '#core/resources/export.ts';
import { openOperations, OPERATIONS_FILE, type Operations } from '#core/store/operations/operations.ts';
import { columnNames } from '#shared/store/sql.ts';
import { systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { openDatabase, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { encodeRow } from '#shared/resources/columns.ts';
import { customer } from '#shared/resources/customer.ts';
import type { Fields, Resource, RowOf } from '#shared/resources/define-resource.ts';
import { SALES_DATA_UPDATE } from '#shared/resources/import-sales-data.ts';
import { location } from '#shared/resources/location.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { vehicleModel } from '#shared/resources/vehicle-model.ts';
import type { Stopwatch } from './measure.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const ROWS = { quick: 1_000, full: 20_000 };
const VEHICLES = { quick: 2_000, full: 100_000 };
const CUSTOMERS = 1_000;
const MEGABYTE = 1_048_576;
const USER: Principal = { ...systemPrincipal('bench'), userId: 'bench', email: 'bench@example.com', sessionId: 'bench', role: 'admin' };
const NOW = 1_893_456_000_000;

export const bulkBench: Bench = {
  name: 'bulk',
  describe: 'bulk upload of 20,000 records and export of 100,000 products, on 100,000 products and sales of 1,000 customers',
  async run(context) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-bulk-'));
    try {
      return await measure(context, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** CPU time of all threads: reading and storing are other threads' work. */
const processTime: Stopwatch = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const idOf = (kind: number, n: number): string => `00000000-0000-5000-8${String(kind).padStart(3, '0')}-${n.toString(16).padStart(12, '0')}`;
const vinOf = (n: number): string => `MX${String(n).padStart(8, '0')}`;

function filler<F extends Fields>(database: SqliteDatabase, resource: Resource<F>): (id: string, values: object) => void {
  const names = columnNames(resource);
  const insert = database.prepare(`INSERT INTO ${resource.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
  return (id, values) => {
    const cells = encodeRow(resource, { id, revision: 1, createdAt: NOW, updatedAt: NOW, ...values } as unknown as RowOf<F>);
    insert.run(...names.map((name) => cells[name] ?? null));
  };
}

function fill(path: string, vehicles: number): void {
  const database = openDatabase(path);
  database.transaction(() => {
    filler(database, location)(idOf(1, 0), { city: 'Bengaluru', district: 'Bengaluru Urban', state: 'Karnataka', country: 'India', zone: 'South', latitude: 12.97, longitude: 77.59 });
    filler(database, vehicleModel)(idOf(2, 0), { name: 'Nilgai Sprint', wheels: '2W', batteryModels: ['52-AH'], dbc: [] });
    const addCustomer = filler(database, customer);
    for (let n = 0; n < CUSTOMERS; n++) addCustomer(idOf(3, n), { name: `Customer ${n}`, address: 'Road 1', locationId: idOf(1, 0), pinCode: '560011', phone: `60000${10_000 + n}`, email: `c${n}@example.com` });
    const addProduct = filler(database, product);
    const addSale = filler(database, sale);
    for (let n = 0; n < vehicles; n++) {
      addProduct(idOf(4, n), { telematicsId: `CEH${n}`, deviceId: `tcu-${n}`, vin: vinOf(n), motorId: `KE${n}`, bmsId: `Bms${n}`, registration: `KA 01 ${n}`, simNumber: String(8_991_000_000 + n), modelId: idOf(2, 0), batteryModel: '52-AH', communicationType: 'Cellular' });
      addSale(idOf(5, n), { productId: idOf(4, n), customerId: idOf(3, n % CUSTOMERS), locationId: idOf(1, 0), userName: `Rider ${n}`, phone: String(7_000_000_000 + n), productStatus: 'In Stock' });
    }
  })();
  database.exec('ANALYZE');
  database.close();
}

/** CPU time in ms, and by how much the memory of the process grew meanwhile, MB. */
async function weigh<T>(work: () => Promise<T>): Promise<{ result: T; cpu: number; wall: number; memory: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = systemScheduler.every(50, () => (most = Math.max(most, process.memoryUsage.rss())));
  const [cpu, wall] = [processTime(), performance.now()];
  try {
    const result = await work();
    return { result, cpu: processTime() - cpu, wall: performance.now() - wall, memory: (most - before) / MEGABYTE };
  } finally {
    watch.dispose();
  }
}

async function measure(context: BenchContext, folder: string): Promise<BenchResult[]> {
  const [rows, vehicles] = context.quick ? [ROWS.quick, VEHICLES.quick] : [ROWS.full, VEHICLES.full];
  const open = () => openOperations({ dataFolder: folder, workerEntry: new URL('../electron/workers/operations-writer.ts', import.meta.url), clock: systemClock, rng: systemRng, log: SILENT_LOG, nodeId: 'bench' });
  await (await open()).close();
  context.say(`${vehicles.toLocaleString('en-US')} products and sales`);
  fill(join(folder, OPERATIONS_FILE), vehicles);
  const operations = await open();
  const parts = { dataFolder: folder, workerEntry: new URL('../electron/workers/files.ts', import.meta.url), clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG };
  const imports = new Imports({ ...parts, operations, sources: importSources(operations) });
  const exchange = new Exchange(parts);
  try {
    return [...(await upload(context, imports, exchange, rows)), ...(await download(context, operations, exchange, vehicles))];
  } finally {
    await imports.close();
    await exchange.close();
    await operations.close();
  }
}

async function upload(context: BenchContext, imports: Imports, exchange: Exchange, rows: number): Promise<BenchResult[]> {
  context.say(`a file of ${rows.toLocaleString('en-US')} records`);
  const file = { template: SALES_DATA_UPDATE, lists: new Map<string, readonly string[]>(), timeZone: 'Asia/Kolkata' };
  const records = Array.from({ length: rows }, (_, n) => ({ line: n + 2, reason: '', cells: [vinOf(n), `CEH${n}`, `KA 02 ${n}`, 'Sold', 'Bengaluru', `Customer ${(n + 1) % CUSTOMERS}`, `Rider ${n} new`, String(8_000_000_000 + n)] }));
  const { url } = await writeFailedRows(exchange, file, records, rows);
  const bytes = readFileSync(exchange.takeDownload(url.replace('/files/', ''))?.path ?? '');
  const name = SALES_DATA_UPDATE.name;
  const previewed = await weigh(async (): Promise<Preview> => {
    const uploadId = await imports.upload(USER, { template: name, fileName: 'bench.xlsx', size: bytes.length });
    for (let at = 0; at < bytes.length; at += 262_144) await imports.uploads.append(uploadId, USER.sessionId, at, bytes.subarray(at, at + 262_144));
    return imports.preview(USER, { uploadId, template: name }, { aborted: false }, () => undefined);
  });
  const failed = previewed.result.rows.find(({ outcome }) => outcome !== 'change');
  if (failed !== undefined) throw new Error(`row ${failed.line}: ${failed.outcome} ${failed.reasons.join('; ')}`);
  const applied = await weigh(() => imports.apply(previewed.result, () => undefined));
  if (applied.result.passed !== rows) throw new Error(`${applied.result.failed} records failed`);
  return [
    judge({ name: `validate ${rows} records`, value: previewed.cpu, unit: 'ms', goals: [{ of: 'value', atMost: 10_000 }], note: `CPU time of all threads; ${Math.round(previewed.wall)} ms by the wall, +${Math.round(previewed.memory)} MB` }),
    judge({ name: `apply ${rows} records`, value: applied.cpu, unit: 'ms', goals: [{ of: 'value', atMost: 10_000 }], note: `CPU time of all threads; ${Math.round(applied.wall)} ms by the wall, +${Math.round(applied.memory)} MB` }),
  ];
}

async function download(context: BenchContext, operations: Operations, exchange: Exchange, vehicles: number): Promise<BenchResult[]> {
  context.say(`export of ${vehicles.toLocaleString('en-US')} products`);
  const { cpu, wall, memory } = await weigh(
    () =>
      new Promise<void>((resolve, reject) => {
        const sink = { push: ({ state }: { state: string }) => state === 'ready' && resolve(), source: () => undefined, ready: () => undefined, end: () => undefined, fail: reject };
        exportResource({ read: operations.read, exchange }, product, USER, { columns: product.grid ?? [], timeZone: 'Asia/Kolkata' }, sink as never);
      }),
  );
  return [
    judge({ name: `export ${vehicles} products`, value: cpu, unit: 'ms', goals: [{ of: 'value', atMost: 20_000 }], note: `CPU time of all threads; ${Math.round(wall)} ms by the wall` }),
    judge({ name: 'memory of that export', value: memory, unit: 'MB', goals: [{ of: 'value', atMost: 300 }], note: 'by how much the process grew, file thread included' }),
  ];
}
