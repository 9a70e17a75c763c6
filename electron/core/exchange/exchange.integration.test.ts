import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { appErrorOf, codeOf, testClock, testRng, testScheduler } from '#shared/testing/operations.ts';
import { Exchange, type GridExport } from './exchange.ts';

const COLUMNS = [{ label: 'VIN', type: 'text' }, { label: 'SoC', type: 'number', unit: '%' }] as const;

let folder = '';
let exchange: Exchange;
const files = (): string[] => readdirSync(join(folder, 'exports'));
const open = (): Exchange => new Exchange({ workerEntry: new URL('../../workers/files.ts', import.meta.url), dataFolder: folder, clock: testClock(), rng: testRng(), scheduler: testScheduler(), log: SILENT_LOG });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  exchange = open();
});
afterEach(async () => {
  await exchange.close();
  rmSync(folder, { recursive: true, force: true });
});

function* batches(count: number, size: number) {
  for (let batch = 0; batch < count; batch++) yield Array.from({ length: size }, (_, n) => [`MX${batch * size + n}`, n]);
}
const request = (extra: Partial<GridExport> = {}): GridExport => ({ title: 'Vehicles', columns: COLUMNS, timeZone: 'Asia/Kolkata', rows: batches(5, 200), total: 1000, ...extra });

describe('exports through the file worker', () => {
  test('make a file with every row, tell how far they are, and offer it once', async () => {
    const progress: number[] = [];
    const { url, fileName, rows } = await exchange.exportGrid(request({ onProgress: (done) => progress.push(done) }));
    expect([rows, progress, fileName]).toEqual([1000, [200, 400, 600, 800, 1000], 'Vehicles 2030-01-01 05.30.xlsx']);
    const file = exchange.takeDownload(url.replace('/files/', ''));
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(file?.path ?? '');
    expect([workbook.worksheets[0]?.rowCount, workbook.worksheets[0]?.getCell('A1001').value, file?.contentType]).toEqual([1001, 'MX999', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet']);
    expect(exchange.takeDownload(url.replace('/files/', ''))).toBeUndefined();
    if (process.platform !== 'win32') expect(statSync(file?.path ?? '').mode & 0o077).toBe(0);
  });

  test('with more rows than a sheet are CSV', async () => {
    const { url, fileName } = await exchange.exportGrid(request({ total: 1_048_576 }));
    expect(fileName).toMatch(/\.csv$/);
    expect(readFileSync(exchange.takeDownload(url.replace('/files/', ''))?.path ?? '', 'utf8').split('\r\n')).toHaveLength(1002);
  });

  test('that are cancelled leave no file, and the next one works', async () => {
    const controller = new AbortController();
    const cancelled = exchange.exportGrid(request({ rows: batches(1000, 100), signal: controller.signal, onProgress: (done) => done >= 300 && controller.abort() }));
    const next = exchange.exportGrid(request());
    expect(await codeOf(cancelled)).toBe('cancelled');
    expect((await next).rows).toBe(1000);
    expect(files()).toHaveLength(1);
  });

  test('whose rows cannot be read leave no file and pass the error on', async () => {
    async function* broken() {
      yield [['MX1', 1]];
      await Promise.resolve();
      throw new Error('the rows are gone');
    }
    await expect(exchange.exportGrid(request({ rows: broken() }))).rejects.toThrow('the rows are gone');
    expect(files()).toEqual([]);
  });

  test('beyond the bounds are refused in words', async () => {
    expect((await appErrorOf(exchange.exportGrid(request({ total: 6_000_000 })))).message).toBe('An export holds at most 5,000,000 rows. Narrow the filters.');
    expect(await codeOf(exchange.exportGrid(request({ timeZone: 'Mars/Olympus' })))).toBe('invalid-input');
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => exchange.exportGrid(request())));
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(2);
  });

  test('that wait when the program closes are refused, and no file is left', async () => {
    const waiting = [1, 2].map(() => exchange.exportGrid(request({ rows: batches(5_000, 100) })));
    const codes = Promise.all(waiting.map(codeOf));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await exchange.close();
    expect(await codes).toEqual(['unavailable', 'unavailable']);
    expect(files()).toEqual([]);
  });
});
