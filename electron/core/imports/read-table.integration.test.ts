import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import type { RawRow } from '#shared/resources/import-template.ts';
import { appErrorOf } from '#shared/testing/operations.ts';
import { deflatedZip, workbookParts, writeWorkbook, type PackedPart } from '#shared/testing/workbooks.ts';
import { readTable } from './read-table.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-table-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const batch of readTable({ workerEntry: new URL('../../workers/files.ts', import.meta.url), scheduler: systemScheduler, path, title: 'Rows' })) rows.push(...batch);
  return rows;
}
const readBytes = (bytes: Uint8Array | string): Promise<RawRow[]> => {
  writeFileSync(path, bytes);
  return read();
};
const readParts = (parts: readonly PackedPart[]): Promise<RawRow[]> => readBytes(deflatedZip(parts));
const messageOf = async (rows: Promise<unknown>): Promise<string> => (await appErrorOf(rows)).message;
const sheet = (cells: string): PackedPart[] => workbookParts(`<row r="1">${cells}</row>`);

describe('reading a workbook', () => {
  test('gives what its cells hold: of a formula the value, never the formula', async () => {
    await writeWorkbook(path, [
      ['VIN', 'Number', 'Date', 'Yes', 'Formula', 'Rich', 'Link', 'Error'],
      ['MX1', 9845012345, new Date(Date.UTC(2024, 1, 6)), true, { formula: 'HYPERLINK("http://x")', result: 'shown' }, { richText: [{ text: 'a' }, { text: 'b' }] }, { text: 'here', hyperlink: 'http://x' }, { error: '#REF!' }],
      [],
      ['=1+1', '', 1.5],
    ]);
    const [heading, first, last] = await read();
    expect(heading?.cells[0]).toBe('VIN');
    expect(first).toEqual({ line: 2, cells: ['MX1', 9845012345, { date: Date.UTC(2024, 1, 6) }, true, 'shown', 'ab', 'here', { error: '#REF!' }] });
    expect(last).toEqual({ line: 4, cells: ['=1+1', undefined, 1.5] });
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('takes the sheet of the template, wherever it is, else the first that is not hidden', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('Notes', { state: 'hidden' }).addRow(['hidden']);
    workbook.addWorksheet('Other').addRow(['other']);
    await workbook.xlsx.writeFile(path);
    expect((await read())[0]?.cells).toEqual(['other']);
    workbook.addWorksheet('Rows').addRow(['right']);
    await workbook.xlsx.writeFile(path);
    expect((await read())[0]?.cells).toEqual(['right']);
  });

  test('of twenty thousand rows takes memory for some hundreds', async () => {
    await writeWorkbook(path, [['VIN'], ...Array.from({ length: 20_000 }, (_, n) => [`MX${n}`, 'Sold', `Rider ${n}`, n])]);
    const before = process.memoryUsage().heapUsed;
    let rows = 0;
    let most = 0;
    for await (const batch of readTable({ workerEntry: new URL('../../workers/files.ts', import.meta.url), scheduler: systemScheduler, path, title: 'Rows' })) {
      rows += batch.length;
      most = Math.max(most, batch.length);
    }
    expect([rows, most]).toEqual([20_001, 500]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * 1_048_576);
  });

  test('stops at more rows than are taken, and says how many', async () => {
    await writeWorkbook(path, Array.from({ length: 20_002 }, (_, n) => [`MX${n}`]));
    expect(await messageOf(read())).toBe('The file has more than 20,000 rows. Split it and upload the parts one after the other.');
  });
});

describe('what is no template', () => {
  const zeros = '<row r="1">' + '0'.repeat(30_000_000) + '</row>';

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a zip bomb by its ratio', () => readParts(workbookParts(zeros)), /^The file unpacks to more than .*times its packed size/],
    ['a bomb that lies about its size', () => readParts(workbookParts(zeros).map((part) => (part.bytes.length > 1_000_000 ? { ...part, size: 900_000 } : part))), /^The file is damaged/],
    ['many small parts that are large together', () => readParts(Array.from({ length: 120 }, (_, n) => ({ name: `xl/media/${n}.xml`, bytes: Buffer.alloc(1_000_000, String(n)) }))), /unpacks to more than .*114 MB/],
    ['too many parts', () => readParts(Array.from({ length: 501 }, (_, n) => ({ name: `p${n}`, bytes: Buffer.from('x') }))), /501 parts/],
    ['macros by their part', () => readParts(workbookParts('', { 'xl/vbaProject.bin': 'x' })), /contains macros/],
    ['macros by the content type', () => readParts(workbookParts('', { '[Content_Types].xml': '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>' })), /contains macros/],
    ['links to other workbooks', () => readParts(workbookParts('', { 'xl/externalLinks/externalLink1.xml': '<x/>' })), /refers to other workbooks/],
    ['an encrypted part', () => readParts(workbookParts('').map((part) => ({ ...part, encrypted: true }))), /protected by a password/],
    ['a workbook with a password', () => readBytes(Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')])), /protected by a password/],
    ['an old .xls', () => readBytes(Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])), /old \.xls format/],
    ['another archive', () => readParts([{ name: 'readme.txt', bytes: Buffer.from('hello') }]), /archive is no workbook/],
    ['a truncated file', () => readBytes(deflatedZip(workbookParts('')).subarray(0, 300)), /damaged/],
    ['a picture', () => readBytes(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')), /neither an \.xlsx nor a CSV/],
    ['an empty file', () => readBytes(''), /The file is empty/],
    ['XML that is cut off', () => readParts(workbookParts('').map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, bytes: Buffer.from('<worksheet><sheetData><row r="1"><c r=') } : part))), /cannot be read/],
  ])('%s is refused in words', async (_name, work, words) => {
    expect(await messageOf(work())).toMatch(words);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('an entity of its own is never expanded', async () => {
    const parts = sheet('<c r="A1" t="inlineStr"><is><t>&big;</t></is></c>').map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, bytes: Buffer.concat([Buffer.from('<!DOCTYPE x [<!ENTITY big "boom">]>'), part.bytes]) } : part));
    const outcome = await readParts(parts).catch((error: unknown) => error);
    expect(JSON.stringify(outcome)).not.toContain('boom');
  });
});

describe('reading CSV', () => {
  test('by comma, semicolon or tab, with quotes, line breaks and a mark in front', async () => {
    expect(await readBytes('\ufeffVIN,Name\r\nMX1,"Rao, Asha"\r\n\r\n"MX""2","two\nlines"\r\nMX3')).toEqual([
      { line: 1, cells: ['VIN', 'Name'] },
      { line: 2, cells: ['MX1', 'Rao, Asha'] },
      { line: 4, cells: ['MX"2', 'two\nlines'] },
      { line: 6, cells: ['MX3'] },
    ]);
    rmSync(path);
    expect(await readBytes('VIN;Name\nMX1;a,b')).toMatchObject([{ cells: ['VIN', 'Name'] }, { cells: ['MX1', 'a,b'] }]);
    rmSync(path);
    expect(await readBytes('VIN\tName\nMX1\tमुंबई')).toMatchObject([{ cells: ['VIN', 'Name'] }, { cells: ['MX1', 'मुंबई'] }]);
  });

  test('takes off the apostrophe with which an export keeps formulas from running', async () => {
    expect(await readBytes("Phone,Note\n'+91 98450,'quoted'")).toMatchObject([{}, { cells: ['+91 98450', "'quoted'"] }]);
  });

  test('in another encoding or with an open quotation mark is refused in words', async () => {
    expect(await messageOf(readBytes(Buffer.from([0x56, 0x49, 0x4e, 0x0a, 0xe9])))).toMatch(/not UTF-8/);
    expect(await messageOf(readBytes(Buffer.from('\ufeffVIN', 'utf16le')))).toMatch(/UTF-16/);
    expect(await messageOf(readBytes('VIN\n"MX1'))).toMatch(/quotation mark in row 2 is never closed/);
  });
});
