import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#shared/domain/access/principal.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { bulkUpload } from '#shared/resources/bulk-upload.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { CUSTOMER_ID, groundMutations, idOf, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { appErrorOf, codeOf, openTestOperations } from '#shared/testing/operations.ts';
import { writeWorkbook } from '#shared/testing/workbooks.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { ApplyResult } from './apply.ts';
import { readFailures } from '../store/operations/local/bulk-uploads.ts';
import { localStep, type MutationCall, type Operations } from '../store/operations/operations.ts';
import { Imports, type Preview } from './imports.ts';
import { importSources } from './sources.ts';
import { writeFailedRows, writeTemplate } from './template-file.ts';

const TEMPLATE = 'sales-data-update';
const HEADINGS = ['VIN No', 'VCU ID', 'Registration Number', 'Product Status', 'Vehicle Location', 'Customer Name', 'User Name', 'User Mobile Number'];
const VEHICLES = 6;
const ADMIN = principalOf('admin');
/** Sees the vehicles of one customer. */
const LIMITED: Principal = { ...principalOf('admin', { scope: new Set([CUSTOMER_ID]), userId: idOf('limited') }), sessionId: idOf('limited session') };

let folder = '';
let operations: Operations;
let imports: Imports;
let exchange: Exchange;
const workerEntry = new URL('../../workers/files.ts', import.meta.url);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imports-'));
  operations = openTestOperations(folder);
  const ground = groundMutations().map(({ name, args }) => ({ name, args }) as MutationCall);
  const vehicles = Array.from({ length: VEHICLES }, (_, n): MutationCall => ({ name: 'product.create', args: productArgs(n, { sale: { customerId: n === 5 ? OTHER_CUSTOMER_ID : CUSTOMER_ID } }) }));
  await operations.commit({ principal: SYSTEM, mutations: [...ground, ...vehicles] });
  const parts = { dataFolder: folder, workerEntry, clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG };
  imports = new Imports({ ...parts, operations, sources: importSources(operations) });
  exchange = new Exchange(parts);
});
afterEach(async () => {
  await imports.close();
  await exchange.close();
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(path: string, principal: Principal = ADMIN): Promise<string> {
  const bytes = readFileSync(path);
  const id = await imports.upload(principal, { template: TEMPLATE, fileName: 'sales.xlsx', size: bytes.length });
  for (let at = 0; at < bytes.length; at += 10_000) await imports.uploads.append(id, principal.sessionId, at, bytes.subarray(at, at + 10_000));
  return id;
}

async function previewFile(path: string, principal: Principal = ADMIN): Promise<Preview> {
  return imports.preview(principal, { uploadId: await send(path, principal), template: TEMPLATE }, { aborted: false }, () => undefined);
}

async function preview(rows: readonly (readonly unknown[])[], principal: Principal = ADMIN, headings: readonly string[] = HEADINGS): Promise<Preview> {
  const path = join(folder, 'sales.xlsx');
  await writeWorkbook(path, [headings, ...rows], 'Sales Data Update');
  return previewFile(path, principal);
}

const apply = (planned: Preview): Promise<ApplyResult> => imports.apply(planned, () => undefined);
const vin = (n: number): string => `MX${String(n).padStart(6, '0')}`;
const row = (n: number, ...cells: readonly unknown[]): readonly unknown[] => [vin(n), `CEH0${n}`, ...cells];
const saleOf = (n: number) => operations.read.findUnique(sale, 'productId', idOf(`vehicle ${n}`));
const outcomes = (planned: Preview) => planned.rows.map(({ outcome, reasons }) => [outcome, ...reasons]);

describe('the preview of a Sales Data Update', () => {
  test('says per row what will change, in words, and writes nothing', async () => {
    const planned = await preview([row(0, 'KA 01 AB 1', 'Demo', 'Bengaluru', 'Saral Delivery', 'Asha Rao', '+91 98450 00001'), row(1, undefined, 'Sold'), row(2)]);
    expect(planned.rows[0]).toMatchObject({
      line: 2, title: vin(0), outcome: 'change',
      changes: [
        { label: 'Registration Number', to: 'KA 01 AB 1' },
        { label: 'Product Status', from: 'Sold', to: 'Demo' },
        { label: 'Customer Name', from: 'Nilgai Riders', to: 'Saral Delivery' },
        { label: 'User Name', from: 'Rider 0', to: 'Asha Rao' },
        { label: 'User Mobile Number', from: '6000000000', to: '+91 98450 00001' },
      ],
    });
    expect(outcomes(planned).slice(1)).toEqual([['same'], ['same']]);
    expect([saleOf(0)?.revision, operations.read.count(bulkUpload)]).toEqual([1, 0]);
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
  });

  test('names everything that is wrong with a row', async () => {
    const planned = await preview([
      ['NOBODY', 'CEH01'],
      [vin(1), 'CEH02'],
      [undefined, 'CEH02', 'KA 1'],
      row(2, 'x'.repeat(21), 'Gone', 'Atlantis', 'Nobody', 'y'.repeat(101), 'call me'),
      row(3, undefined, undefined, undefined, undefined, undefined, '6000000004'),
      row(4, '=1+1'),
    ]);
    expect(outcomes(planned)).toEqual([
      ['failed', 'VIN No: there is no vehicle NOBODY'],
      ['failed', `VCU ID: CEH02 does not belong to ${vin(1)}, which has CEH01`],
      ['failed', 'VIN No: the cell is blank'],
      [
        'failed', 'Registration Number: At most 20 characters.', 'Product Status: “Gone” is not in the list. Choose Sold, Demo, Factory, Testing, In Transit, In Stock.', 'User Name: At most 100 characters.',
        'User Mobile Number: Digits, spaces and a leading + only.', 'Customer Name: there is no customer “Nobody”', 'Vehicle Location: there is no location “Atlantis”',
      ],
      ['failed', `User Mobile Number: it belongs to VIN ${vin(4)} already`],
      ['failed', 'Registration Number: Letters, digits and - . _ / only.'],
    ]);
  });

  test('refuses rows of one file that contradict each other, whatever the spelling', async () => {
    const planned = await preview([row(0, 'KA 1'), [vin(0).toLowerCase(), 'CEH00', 'KA 2'], row(1, undefined, undefined, undefined, undefined, undefined, '98450 00001'), row(2, undefined, undefined, undefined, undefined, undefined, '+91 9845000001')]);
    expect(outcomes(planned)).toEqual([
      ['failed', 'VIN No: also in row 3 of this file. Keep one of them.'],
      ['failed', 'VIN No: also in row 2 of this file. Keep one of them.'],
      ['failed', 'User Mobile Number: also in row 5 of this file. Keep one of them.'],
      ['failed', 'User Mobile Number: also in row 4 of this file. Keep one of them.'],
    ]);
  });

  test('answers for other customers as for what does not exist', async () => {
    const planned = await preview([row(5, 'KA 1'), ['NOBODY', 'CEH05'], row(0, undefined, undefined, undefined, 'Saral Delivery'), row(1, undefined, undefined, undefined, undefined, undefined, '6000000005')], LIMITED);
    expect(outcomes(planned)).toEqual([['failed', `VIN No: there is no vehicle ${vin(5)}`], ['failed', 'VIN No: there is no vehicle NOBODY'], ['failed', 'Customer Name: there is no customer “Saral Delivery”'], ['failed', 'User Mobile Number: it belongs to another vehicle already']]);
  });

  test('takes the value of a formula and never the formula', async () => {
    const planned = await preview([row(0, { formula: 'HYPERLINK("http://x","y")', result: 'KA 01' }, undefined, undefined, undefined, { formula: '1/0', result: { error: '#DIV/0!' } })]);
    expect(outcomes(planned)).toEqual([['failed', 'User Name: the cell holds the error of its formula']]);
    expect((await preview([row(0, { formula: 'HYPERLINK("http://x","y")', result: 'KA 01' })])).rows[0]?.changes).toEqual([{ label: 'Registration Number', to: 'KA 01' }]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['another file', ['Name', 'Address'], /^This is not the template “Sales Data Update”/],
    ['missing, renamed and unknown columns', ['vin no', ...HEADINGS.slice(1, 7), 'Colour'], /“vin no” must be “VIN No”; .*“Colour”|missing: “User Mobile Number”; “vin no” must be “VIN No”; not in the template, or there twice: “Colour”/],
    ['a column that is there twice', [...HEADINGS, 'VIN No'], /there twice: “VIN No”/],
  ])('refuses %s, naming the columns', async (_name, headings, words) => {
    expect((await appErrorOf(preview([row(0)], ADMIN, headings))).message).toMatch(words);
  });

  test('takes columns in any order, and with the column of reasons', async () => {
    const planned = await preview([['KA 7', 'CEH00', vin(0), 'why', undefined, undefined, undefined, undefined, undefined]], ADMIN, ['Registration Number', 'VCU ID', 'VIN No', 'Why it failed', ...HEADINGS.slice(3)]);
    expect(planned.rows[0]?.changes).toEqual([{ label: 'Registration Number', to: 'KA 7' }]);
  });
});

describe('a preview that nobody waits for any more', () => {
  test('ends with its reading, and leaves neither file nor preview', async () => {
    const path = join(folder, 'sales.xlsx');
    await writeWorkbook(path, [HEADINGS, ...Array.from({ length: 3000 }, (_, n) => [`MY${n}`, `CEX${n}`])], 'Sales Data Update');
    const signal = { aborted: false };
    const running = imports.preview(ADMIN, { uploadId: await send(path), template: TEMPLATE }, signal, () => (signal.aborted = true));
    expect(await codeOf(running)).toBe('cancelled');
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
  });
});

describe('files that are imported at a time', () => {
  test('are two: a third upload, and a third preview, wait for the next attempt', async () => {
    const path = join(folder, 'sales.xlsx');
    await writeWorkbook(path, [HEADINGS, row(0, 'KA 1')], 'Sales Data Update');
    const people = [0, 1, 2].map((n): Principal => ({ ...ADMIN, sessionId: idOf(`session ${n}`) }));
    const uploads = await Promise.all(people.map(async (principal) => ({ principal, input: { uploadId: await send(path, principal), template: TEMPLATE } })));
    const previewed = (one: (typeof uploads)[number]): Promise<Preview> => imports.preview(one.principal, one.input, { aborted: false }, () => undefined);
    const started = uploads.map(previewed);
    expect(await codeOf(started[2]!)).toBe('unavailable');
    const previews = [await started[0]!, await started[1]!, await previewed(uploads[2]!)];
    const applied = previews.map(apply);
    expect(await codeOf(applied[2]!)).toBe('unavailable');
    await Promise.all(applied.slice(0, 2));
    expect(await apply(previews[2]!)).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('applying a preview', () => {
  test('changes each record whole or not at all, and keeps the history with what failed', async () => {
    const planned = await preview([row(0, 'KA 1', 'Demo'), row(1, undefined, 'Sold'), row(2, 'KA 2', 'Gone'), row(3, undefined, 'Testing')]);
    expect(await apply(planned)).toMatchObject({ passed: 3, failed: 1, status: 'COMPLETED' });
    expect([operations.read.get(product, idOf('vehicle 0'))?.registration, saleOf(0)?.productStatus, saleOf(3)?.productStatus]).toEqual(['KA 1', 'Demo', 'Testing']);
    expect(operations.read.get(product, idOf('vehicle 2'))?.registration).toBeUndefined();
    const [entry] = operations.read.all(bulkUpload);
    expect(entry).toMatchObject({ title: 'Sales Data Update', fileName: 'sales.xlsx', rows: 4, passed: 3, failed: 1, status: 'COMPLETED', updatedBy: 'admin@example.com' });
    expect(readFailures(operations.read.database, entry?.id ?? '', 0, 10)).toEqual([{ line: 4, cells: [vin(2), 'CEH02', 'KA 2', 'Gone', undefined, undefined, undefined, undefined], reason: expect.stringContaining('“Gone” is not in the list') as string }]);
    expect(operations.read.history(product, idOf('vehicle 0'), { limit: 1 })[0]).toMatchObject({ userId: ADMIN.userId, fields: { registration: { to: 'KA 1' } } });
  });

  test('fails the rows that somebody changed since the preview, and only those', async () => {
    const planned = await preview([row(0, 'KA 1', 'Demo'), row(1, 'KA 2'), row(2, 'KA 3')]);
    await operations.mutate(SYSTEM, 'sale.update', { id: saleOf(0)?.id ?? '', edit: { set: { userName: 'Somebody' } } });
    await operations.mutate(SYSTEM, 'product.delete', { id: idOf('vehicle 1') });
    expect(await apply(planned)).toMatchObject({ passed: 1, failed: 2 });
    expect(operations.read.get(product, idOf('vehicle 0'))?.registration).toBeUndefined();
    const failures = readFailures(operations.read.database, operations.read.all(bulkUpload)[0]?.id ?? '', 0, 10);
    expect(failures.map(({ reason }) => reason)).toEqual(['This sale was changed by somebody else since the preview. Upload the row again.', 'This product was deleted meanwhile. Leave the row out.']);
  });

  test('works once, and for the session that uploaded it', async () => {
    const planned = await preview([row(0, 'KA 1')]);
    expect(() => imports.find(planned.id, LIMITED)).toThrow('This preview is over');
    const both = await Promise.allSettled([apply(planned), apply(planned)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(() => imports.find(planned.id, ADMIN)).toThrow('This preview is over');
  });

  test('stops between slices when its session ends; what was not applied is in the failed rows', async () => {
    const planned = await preview([row(0, 'KA 1'), row(1, 'KA 2')]);
    await imports.endSession(LIMITED.sessionId, 'ended');
    expect(imports.find(planned.id, ADMIN)).toBe(planned);
    const running = apply(planned);
    await imports.endSession(ADMIN.sessionId, 'ended');
    const { bulkUploadId, passed, failed, status } = await running;
    expect([passed, failed, status]).toEqual([0, 2, 'STOPPED']);
    expect(readFailures(operations.read.database, bulkUploadId, 0, 10)[0]?.reason).toBe('Not applied: the session of its user ended');
    expect(() => imports.find(planned.id, ADMIN)).toThrow();
  });

  test('stops when the rights of its user change, and says so', async () => {
    const running = apply(await preview([row(0, 'KA 1')]));
    await imports.endSession(ADMIN.sessionId, 'rights');
    expect(readFailures(operations.read.database, (await running).bulkUploadId, 0, 10)[0]?.reason).toBe('Not applied: the rights of its user changed');
  });

  test('an upload that the program did not survive is marked at the next start', async () => {
    await operations.mutate(ADMIN, 'bulk-upload.begin', { template: TEMPLATE, title: 'Sales Data Update', fileName: 'a.xlsx', rows: 2, passed: 1, failed: 0 });
    await imports.recover();
    expect(operations.read.all(bulkUpload)[0]).toMatchObject({ status: 'INTERRUPTED', passed: 1 });
  });

  test('is refused to roles that change nothing, before and while it runs', async () => {
    const operator = principalOf('operator');
    expect(() => imports.source(TEMPLATE, operator)).toThrow('Your role does not allow this');
    expect(await codeOf(operations.commit({ principal: operator, expect: [{ resource: 'product', id: idOf('vehicle 0'), revision: 1 }], mutations: [{ name: 'product.update', args: { id: idOf('vehicle 0'), edit: { set: { registration: 'KA 1' } } } }] }))).toBe('forbidden');
  });

  test('the failed rows of all but the newest uploads are forgotten', async () => {
    await apply(await preview([row(0, 'KA 1', 'Gone'), row(1, 'KA 2')]));
    const id = operations.read.all(bulkUpload)[0]?.id ?? '';
    await operations.commit({ principal: SYSTEM, local: [localStep('bulk-upload.failures-prune', { uploads: 1 })] });
    expect(readFailures(operations.read.database, id, 0, 10)).toHaveLength(1);
    await operations.commit({ principal: SYSTEM, local: [localStep('bulk-upload.failures-prune', { uploads: 0 })] });
    expect(readFailures(operations.read.database, id, 0, 10)).toEqual([]);
  });
});

describe('the template', () => {
  const file = (): { template: ReturnType<typeof imports.knownSource>['template']; lists: ReadonlyMap<string, readonly string[]>; timeZone: string } => {
    const source = imports.knownSource(TEMPLATE);
    return { template: source.template, lists: source.lists(ADMIN), timeZone: 'Asia/Kolkata' };
  };
  const pathOf = (url: string): string => exchange.takeDownload(url.replace('/files/', ''))?.path ?? '';

  test('has the exact names, typed cells, drop-downs, samples and a frozen heading, and is no file of rows by itself', async () => {
    const path = pathOf((await writeTemplate(exchange, file())).url);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    const [sheet, lists] = workbook.worksheets;
    expect([sheet?.name, sheet?.getRow(1).values, sheet?.views[0]?.state, lists?.state]).toEqual(['Sales Data Update', [undefined, ...HEADINGS], 'frozen', 'hidden']);
    expect(sheet?.getCell('D2').dataValidation).toMatchObject({ type: 'list', formulae: ['Lists!$D$1:$D$6'] });
    expect(sheet?.getCell('F20001').dataValidation).toMatchObject({ formulae: ['Lists!$F$1:$F$2'] });
    expect(lists?.getColumn(6).values.slice(1)).toEqual(['Nilgai Riders', 'Saral Delivery']);
    expect(sheet?.getCell('H2').numFmt).toBe('@');
    expect((await appErrorOf(previewFile(path))).message).toMatch(/nothing but the sample rows/);
  });

  test('shows a limited user no other customer', () => {
    expect(imports.knownSource(TEMPLATE).lists(LIMITED).get('customerId')).toEqual(['Nilgai Riders']);
  });

  test('comes back with the failed rows and their reasons, and is taken again when they are corrected', async () => {
    const { bulkUploadId } = await apply(await preview([row(0, 'KA 1', 'Gone', undefined, undefined, '=cmd', '9845012345'), row(1, 'KA 2'), row(2, 'KA 3', 'Demo', 'Atlantis')]));
    const failed = readFailures(operations.read.database, bulkUploadId, 0, 10);
    const path = pathOf((await writeFailedRows(exchange, file(), failed, failed.length)).url);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    const sheet = workbook.getWorksheet('Sales Data Update');
    expect([sheet?.rowCount, sheet?.getCell('I1').value, sheet?.getCell('G2').value, sheet?.getCell('H2').value]).toEqual([3, 'Why it failed', '=cmd', '9845012345']);
    expect(String(sheet?.getCell('I3').value)).toContain('Atlantis');
    if (sheet === undefined) throw new Error('no sheet');
    sheet.getCell('D2').value = 'Demo';
    sheet.getCell('E3').value = 'bengaluru';
    await workbook.xlsx.writeFile(path);
    expect(await apply(await previewFile(path))).toMatchObject({ passed: 2, failed: 0 });
    expect([saleOf(0)?.productStatus, saleOf(0)?.userName, operations.read.get(product, idOf('vehicle 2'))?.registration]).toEqual(['Demo', '=cmd', 'KA 3']);
    expect(existsSync(path)).toBe(true);
  });
});
