import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '#shared/testing/operations.ts';
import { csvText, csvWriter } from './csv-writer.ts';
import { wallClock, type ExportColumn, type GridDescription } from './grid-file.ts';
import { sheetName, xlsxWriter } from './xlsx-writer.ts';

const COLUMNS: readonly ExportColumn[] = [
  { label: 'VIN', type: 'text', width: 170 },
  { label: 'SoC', type: 'number', unit: '%', decimals: 0 },
  { label: 'Last communication', type: 'instant' },
  { label: 'Purchase date', type: 'date' },
  { label: 'Ignition', type: 'boolean', words: ['On', 'Off'] },
];
const GRID: GridDescription = { title: 'Vehicles: all/every', columns: COLUMNS, timeZone: 'Asia/Kolkata' };
/** 6 February 2024, 09:21:07 UTC: 14:51:07 in Kolkata. */
const INSTANT = Date.UTC(2024, 1, 6, 9, 21, 7);

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  path = join(folder, 'grid');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function readBack(): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return workbook;
}

describe('the .xlsx writer', () => {
  test('types its cells: numbers as numbers, dates as dates in the wall-clock time of the zone', async () => {
    const writer = xlsxWriter(path, GRID);
    await writer.rows([['MX01', 87.5, INSTANT, '2024-02-29', true], ['MX02', undefined, undefined, undefined, false]]);
    await writer.rows([['MX03', Number.NaN, Number.NaN, 'soon', undefined]]);
    await writer.end();
    const sheet = (await readBack()).worksheets[0];
    expect(sheet?.name).toBe('Vehicles  all every');
    expect(sheet?.getRow(1).values).toEqual([undefined, 'VIN', 'SoC (%)', 'Last communication', 'Purchase date', 'Ignition']);
    const row = sheet?.getRow(2);
    expect(row?.getCell(2).value).toBe(87.5);
    expect(row?.getCell(3).value).toEqual(new Date(Date.UTC(2024, 1, 6, 14, 51, 7)));
    expect(row?.getCell(4).value).toEqual(new Date(Date.UTC(2024, 1, 29)));
    expect(row?.getCell(5).value).toBe('On');
    expect([row?.getCell(2).numFmt, row?.getCell(3).numFmt, row?.getCell(4).numFmt]).toEqual(['0', 'dd-mmm-yyyy hh:mm:ss AM/PM', 'dd-mmm-yyyy']);
    expect([2, 3, 4].map((column) => sheet?.getRow(3).getCell(column).value)).toEqual([null, null, null]);
    expect([2, 3, 4, 5].map((column) => sheet?.getRow(4).getCell(column).value)).toEqual([null, null, 'soon', null]);
  });

  test('freezes the heading, styles it and puts a filter on it', async () => {
    const writer = xlsxWriter(path, GRID);
    await writer.end();
    const sheet = (await readBack()).worksheets[0];
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
    expect(sheet?.autoFilter).toBe('A1:E1');
    expect(sheet?.getCell('A1').font?.bold).toBe(true);
    expect(sheet?.rowCount).toBe(1);
  });

  test.each(['=1+1', '+91 98450 12345', '-2', '@cmd', '\tx', '\rx', "'quoted", '<b> & "c"', 'मुंबई 🛺'])('keeps %j as text', async (text) => {
    const writer = xlsxWriter(path, GRID);
    await writer.rows([[text]]);
    await writer.end();
    const cell = (await readBack()).worksheets[0]?.getCell('A2');
    expect([cell?.value, cell?.type, cell?.numFmt]).toEqual([text.replaceAll('\r', '\n'), ExcelJS.ValueType.String, '@']);
  });

  test('any text makes a file that opens, whatever XML cannot hold', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), { numRuns: 200, seed: 42 });
    const writer = xlsxWriter(path, GRID);
    await writer.rows(texts.map((text) => [text]));
    await writer.end();
    const sheet = (await readBack()).worksheets[0];
    expect(sheet?.rowCount).toBe(201);
  });

  test('goes on in another sheet where one is full', async () => {
    const writer = xlsxWriter(path, GRID, 10);
    await writer.rows(Array.from({ length: 25 }, (_, n) => [`MX${n}`]));
    await writer.end();
    const { worksheets } = await readBack();
    expect(worksheets.map((sheet) => [sheet.name, sheet.rowCount, sheet.getCell('A1').value, sheet.getCell('A2').value])).toEqual([
      ['Vehicles  all every', 11, 'VIN', 'MX0'],
      ['Vehicles  all every 2', 11, 'VIN', 'MX10'],
      ['Vehicles  all every 3', 6, 'VIN', 'MX20'],
    ]);
  });

  test('a sheet name is one that spreadsheets accept', () => {
    expect(sheetName("'[a]:b*c?/\\'", 1)).toBe('a  b c');
    expect(sheetName('x'.repeat(60), 12)).toBe(`${'x'.repeat(28)} 12`);
    expect(sheetName('///', 1)).toBe('Sheet');
  });

  test('a full disk is told as such', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('needs the right to mount a tmpfs');
    }
    try {
      const writer = xlsxWriter(join(disk, 'grid'), GRID);
      const work = (async () => {
        for (let batch = 0; batch < 50; batch++) await writer.rows(Array.from({ length: 500 }, (_, n) => [`${Math.sin(n + batch)}`, Math.cos(n)]));
        await writer.end();
      })();
      expect(await codeOf(work)).toBe('store-full');
      writer.abort();
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });
});

describe('the CSV writer', () => {
  test('writes UTF-8 with a mark, local times, and quotes what needs it', async () => {
    const writer = csvWriter(path, GRID);
    await writer.rows([['a,"b"', 87.4, INSTANT, '2024-02-29', true], ['मुंबई', -5, undefined, undefined, false]]);
    await writer.end();
    expect(readFileSync(path, 'utf8')).toBe(['\ufeffVIN,SoC (%),Last communication,Purchase date,Ignition', '"a,""b""",87,2024-02-06 14:51:07,2024-02-29,On', 'मुंबई,-5,,,Off', ''].join('\r\n'));
  });

  test.each([['=1+1', "'=1+1"], ['+1', "'+1"], ['-2', "'-2"], ['@x', "'@x"], ['\tx', "'\tx"], ['\rx', '"\'\rx"'], ['\nx', '"\'\nx"'], ['a=b', 'a=b']])('makes %j harmless', (text, written) => {
    expect(csvText(text)).toBe(written);
  });
});

describe('wall-clock time', () => {
  test('agrees with the runtime for any instant and zone, over changes to and from summer time', () => {
    for (const timeZone of ['Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']) {
      const toWall = wallClock(timeZone);
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) }), (instant) => {
          expect(new Date(toWall(instant)).toISOString().slice(0, 19).replace('T', ' ')).toBe(format.format(instant));
        }),
        { numRuns: 300 },
      );
    }
  });
});
