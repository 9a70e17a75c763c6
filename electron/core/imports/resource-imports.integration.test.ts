import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTRACT_RESOURCES } from '#shared/contract/resources.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { isImportable, resourceTemplate, templateName } from '#shared/resources/import-resource.ts';
import { location } from '#shared/resources/location.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { station } from '#shared/resources/station.ts';
import { CUSTOMER_ID, groundMutations, idOf, LOCATION_ID, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations } from '#shared/testing/operations.ts';
import { Exchange } from '../exchange/exchange.ts';
import { exportResource } from '../resources/export.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { Imports, type Preview } from './imports.ts';
import { importSources } from './sources.ts';
import { writeTemplate } from './template-file.ts';

const IMPORTABLE = CONTRACT_RESOURCES.filter(isImportable);
const ADMIN = principalOf('admin');
const LIMITED: Principal = { ...principalOf('admin', { scope: new Set([CUSTOMER_ID]), userId: idOf('limited') }), sessionId: idOf('limited session') };
const LEASE = { expiryDate: '2031-01-01', lastRenewal: '2030-12-01', leaseType: 'Rental', description: 'Monthly', orderStatus: 'Success', paymentStatus: 'Success', lockOnExpiry: true } as const;

let folder = '';
let operations: Operations;
let imports: Imports;
let exchange: Exchange;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'resource-imports-'));
  operations = openTestOperations(folder);
  const ground = groundMutations().map(({ name, args }) => ({ name, args }) as MutationCall);
  const lease = resourceTemplate(IMPORTABLE.find(({ name }) => name === 'lease') ?? product);
  const duration = lease.columns.find(({ key }) => key === 'duration')?.field.values?.[0]?.value;
  const more = [
    // A namesake in another state: exports name a city by its title alone.
    { name: 'location.create', args: { values: { city: 'Bengaluru', district: 'Elsewhere', state: 'Kerala', country: 'India', zone: 'South', latitude: 9.5, longitude: 76.25 } } },
    ...[0, 1, 2].map((n) => ({ name: 'product.create', args: productArgs(n, { sale: { customerId: n === 2 ? OTHER_CUSTOMER_ID : CUSTOMER_ID, purchaseDate: '2029-05-01', address1: '=1+1' } }) })),
    { name: 'battery-model.create', args: { values: { name: '60-AH', capacity: 60 } } },
    { name: 'group-member.create', args: { values: { phone: '+91 60001 11111', userName: 'Second', productId: idOf('vehicle 0') } } },
    { name: 'lease.create', args: { values: { ...LEASE, productId: idOf('vehicle 0'), duration } } },
    { name: 'station.create', args: { id: idOf('station'), values: { name: 'North', locationId: LOCATION_ID, address: 'A 1', latitude: 12.9715987, longitude: 77.5945627, slots: 4, status: 'Open' } } },
    { name: 'station-slot.create', args: { values: { stationId: idOf('station'), slot: 1, bmsId: 'BMSSLOT1', soc: 50.5, state: 'Ready' } } },
  ] as unknown as MutationCall[];
  for (const call of [...ground, ...more]) await operations.commit({ principal: SYSTEM, mutations: [call] });
  const parts = { dataFolder: folder, workerEntry: new URL('../../workers/files.ts', import.meta.url), clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG };
  imports = new Imports({ ...parts, operations, sources: importSources(operations) });
  exchange = new Exchange(parts);
});
afterAll(async () => {
  await imports.close();
  await exchange.close();
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the Download button of a page gives: its grid, every row. */
function exported(resource: Resource, principal: Principal = ADMIN): Promise<string> {
  return new Promise((resolve, reject) => {
    const sink = {
      push: (item: { state: string; url?: string }) => item.state === 'ready' && resolve(exchange.takeDownload((item.url ?? '').replace('/files/', ''))?.path ?? ''),
      source: () => undefined, ready: () => undefined, end: () => undefined, fail: reject,
    };
    exportResource({ read: operations.read, exchange }, resource, principal, { columns: resource.grid ?? [], timeZone: 'Asia/Kolkata' }, sink as never);
  });
}

async function preview(resource: Resource, path: string, principal: Principal = ADMIN): Promise<Preview> {
  const bytes = readFileSync(path);
  const template = templateName(resource);
  const uploadId = await imports.upload(principal, { template, fileName: 'rows.xlsx', size: bytes.length });
  await imports.uploads.append(uploadId, principal.sessionId, 0, bytes);
  return imports.preview(principal, { uploadId, template }, { aborted: false }, () => undefined);
}

/** A workbook of the resource's template with these rows, by column. */
async function filledIn(resource: Resource, rows: readonly Readonly<Record<string, unknown>>[]): Promise<string> {
  const template = resourceTemplate(resource);
  const lists = imports.knownSource(template.name).lists(ADMIN);
  const path = exchange.takeDownload((await writeTemplate(exchange, { template, lists, timeZone: 'Asia/Kolkata' })).url.replace('/files/', ''))?.path ?? '';
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  const sheet = workbook.getWorksheet(template.title);
  rows.forEach((row, n) => template.columns.forEach(({ key }, column) => row[key] !== undefined && sheet && (sheet.getCell(n + 2, column + 1).value = row[key] as ExcelJS.CellValue)));
  await workbook.xlsx.writeFile(path);
  return path;
}

describe.each(IMPORTABLE.map((resource) => [resource.name, resource] as const))('rows of %s', (_name, resource) => {
  test('come back as they were exported: nothing fails and nothing changes', async () => {
    const planned = await preview(resource, await exported(resource));
    expect(planned.rows.length).toBe(operations.read.count(resource));
    expect(planned.rows.map(({ outcome, reasons, changes }) => [outcome, ...reasons, ...changes])).toEqual(planned.rows.map(() => ['same']));
  });

  test('have a template whose headings are all different', () => {
    const headings = resourceTemplate(resource).columns.map(({ heading }) => heading);
    expect(new Set(headings).size).toBe(headings.length);
  });
});

describe('a file of rows', () => {
  test('adds what is not there and changes what is, by the rules of the resource', async () => {
    const path = await filledIn(station, [
      { name: 'north', address: 'B 2', status: 'closed' },
      { name: 'South', locationId: 'Bengaluru, Bengaluru Urban', address: 'C 3', latitude: 12.5, longitude: '77.25', slots: 2, status: 'Open' },
      { name: 'West', address: 'D 4' },
      { name: 'East', locationId: 'Bengaluru', address: 'E 5', latitude: 91, longitude: 77, slots: 2, status: 'Open' },
    ]);
    const planned = await preview(station, path);
    expect(planned.rows.map(({ outcome, reasons }) => [outcome, ...reasons])).toEqual([
      ['change'],
      ['add'],
      ['failed', ...['City', 'Latitude (°)', 'Longitude (°)', 'Slots', 'Status'].map((heading) => `${heading}: the cell is blank, and a new swapping station needs it`)],
      ['failed', 'Latitude (°): At most 90.', 'City: 2 locations are named “Bengaluru”. Write “Bengaluru, Bengaluru Urban” or “Bengaluru, Elsewhere”.'],
    ]);
    expect(planned.rows[0]?.changes).toEqual([{ label: 'Address', from: 'A 1', to: 'B 2' }, { label: 'Status', from: 'Open', to: 'Closed' }]);
    expect(await imports.apply(planned, () => undefined)).toMatchObject({ passed: 2, failed: 2, status: 'COMPLETED' });
    expect(operations.read.findUnique(station, 'name', 'South')).toMatchObject({ locationId: LOCATION_ID, slots: 2, longitude: 77.25 });
    expect(operations.read.findUnique(station, 'name', 'North')).toMatchObject({ address: 'B 2', status: 'Closed' });
  });

  test('changes no number that identifies a unit, and takes no number of another vehicle', async () => {
    const path = await filledIn(product, [{ vin: 'MX000000', telematicsId: 'CEH09' }, { vin: 'mx000001', bmsId: 'Bms0' }, { vin: 'MX000000', motorId: 'KE77' }].slice(0, 2));
    expect((await preview(product, path)).rows.map(({ outcome, reasons }) => [outcome, ...reasons])).toEqual([['failed', 'VCU ID: it cannot be changed here'], ['failed', 'BMS ID: it belongs to MX000000 already']]);
  });

  test('answers for other customers’ rows as for missing ones', async () => {
    const path = await filledIn(sale, [{ productId: 'MX000002', userName: 'X' }, { productId: 'NOBODY', userName: 'X' }, { productId: 'MX000001', customerId: 'Saral Delivery' }]);
    const planned = await preview(sale, path, LIMITED);
    expect(planned.rows.map(({ outcome, reasons }) => [outcome, ...reasons])).toEqual([['failed', 'VIN No: there is no product “MX000002”'], ['failed', 'VIN No: there is no product “NOBODY”'], ['failed', 'Customer Name: there is no customer “Saral Delivery”']]);
  });

  test('of shared rows from who does not see all customers fails when it is applied, row by row', async () => {
    const path = await filledIn(location, [{ city: 'Mysuru', district: 'Mysuru', state: 'Karnataka', country: 'India', zone: 'South', latitude: 12.3, longitude: 76.6 }]);
    const planned = await preview(location, path, LIMITED);
    expect(await imports.apply(planned, () => undefined)).toMatchObject({ passed: 0, failed: 1 });
    expect(operations.read.count(location)).toBe(2);
  });
});
