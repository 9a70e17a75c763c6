import { open } from 'node:fs/promises';
import { AppError } from '#shared/kernel/error.ts';
import { StoredZip, readDirectory, unpackText, type ZipEntry, type ZipLimits } from './zip.ts';

/** A workbook of 20,000 rows has some 15 parts and unpacks to about 20 MB, at a ratio of 10 to 30. */
export const WORKBOOK_LIMITS: ZipLimits = { entries: 500, inflated: 100 * 1_048_576, ratio: 100, ratioFrom: 1_048_576 };
/** Texts that cells share; exceljs keeps them all in memory. */
const SHARED_STRINGS_LIMIT = 24 * 1_048_576;
const STYLES_LIMIT = 4 * 1_048_576;
const PART_LIMIT = 1_048_576;
const NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

export type FileKind = 'xlsx' | 'csv';

const refuse = (message: string): AppError => new AppError('invalid-input', message);

/** What a file is by its first bytes, whatever its name says. Throws AppError invalid-input for what is not taken. */
export async function kindOf(path: string): Promise<FileKind> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const start = head.subarray(0, bytesRead);
    if (start.length === 0) throw refuse('The file is empty. Fill in the template and upload it again.');
    if (start.readUInt16BE(0) === 0x504b) return 'xlsx';
    // Compound File Binary: the old .xls, and every workbook with a password ([MS-CFB] 2.2, [MS-OFFCRYPTO] 2.3.4.4).
    if (start.length >= 8 && start.readUInt32BE(0) === 0xd0cf11e0) {
      const { size } = await file.stat();
      const all = Buffer.alloc(Math.min(size, 1_048_576));
      await file.read(all, 0, all.length, 0);
      throw all.includes(Buffer.from('EncryptedPackage', 'utf16le'))
        ? refuse('The workbook is protected by a password. Save it without one and upload it again.')
        : refuse('This is a workbook of the old .xls format. Save it as .xlsx and upload it again.');
    }
    if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) throw refuse('This text file is UTF-16. Save it as “CSV UTF-8” or .xlsx and upload it again.');
    if (start.includes(0)) throw refuse('This is neither an .xlsx nor a CSV file. Fill in the template and upload that.');
    return 'csv';
  } finally {
    await file.close();
  }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return (value?.[1] ?? value?.[2])?.replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Path of the sheet to read: the one of this title, else the first that is not hidden. */
function sheetPath(workbook: string, relations: string, title: string): { readonly path: string; readonly name: string } | undefined {
  const sheets = [...workbook.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].map(([tag]) => ({ name: attribute(tag, 'name') ?? '', id: attribute(tag, '(?:\\w+:)id'), hidden: (attribute(tag, 'state') ?? 'visible') !== 'visible' }));
  const chosen = sheets.find((sheet) => sheet.name === title) ?? sheets.find((sheet) => !sheet.hidden);
  const relation = [...relations.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)].find(([tag]) => attribute(tag, 'Id') === chosen?.id)?.[0];
  const target = relation === undefined ? undefined : attribute(relation, 'Target');
  if (chosen === undefined || target === undefined) return undefined;
  return { path: target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`, name: chosen.name };
}

function refuseActive(entries: readonly ZipEntry[], types: string): void {
  const names = entries.map(({ name }) => name.toLowerCase());
  if (entries.some(({ encrypted }) => encrypted)) throw refuse('The workbook is protected by a password. Save it without one and upload it again.');
  if (names.some((name) => name.includes('vbaproject') || name.includes('/macrosheets/') || name.includes('/activex/')) || /macroEnabled/i.test(types)) throw refuse('The workbook contains macros. Save it as .xlsx, without macros, and upload it again.');
  if (names.some((name) => name.includes('/externallinks/'))) throw refuse('The workbook refers to other workbooks. Paste its cells as values into the template and upload that.');
  if (names.some((name) => name.endsWith('.bin') && name.includes('/worksheets/sheet'))) throw refuse('This is a binary workbook (.xlsb). Save it as .xlsx and upload it again.');
}

/**
 * Checks a workbook and copies what is read of it, unpacked and counted, into `target`: an archive that exceljs can read without
 * meeting anything else. Throws AppError invalid-input or too-large in words for the person who uploaded it. Returns the sheet's name.
 */
export async function cleanWorkbook(source: string, target: string, title: string): Promise<string> {
  const entries = await readDirectory(source, WORKBOOK_LIMITS);
  const part = (path: string): ZipEntry | undefined => entries.find(({ name }) => name.toLowerCase() === path.toLowerCase());
  const types = part('[Content_Types].xml');
  const workbook = part('xl/workbook.xml');
  const relations = part('xl/_rels/workbook.xml.rels');
  refuseActive(entries, types === undefined || types.encrypted ? '' : await unpackText(source, types, PART_LIMIT));
  if (types === undefined || workbook === undefined || relations === undefined) throw refuse('This archive is no workbook. Fill in the template and upload that.');
  const workbookText = await unpackText(source, workbook, PART_LIMIT);
  const sheet = sheetPath(workbookText, await unpackText(source, relations, PART_LIMIT), title);
  const rows = sheet === undefined ? undefined : part(sheet.path);
  if (sheet === undefined || rows === undefined) throw refuse('The workbook has no sheet that can be read. Fill in the template and upload that.');
  const strings = part('xl/sharedStrings.xml');
  const styles = part('xl/styles.xml');
  if ((strings?.size ?? 0) > SHARED_STRINGS_LIMIT || (styles?.size ?? 0) > STYLES_LIMIT) throw new AppError('too-large', 'The workbook holds more text than the rows of a template need. Copy its rows into a new template and upload that.');

  const file = await open(target, 'wx', 0o600);
  try {
    const zip = new StoredZip(file);
    await zip.addText('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>');
    await zip.addText('xl/workbook.xml', `<workbook ${NAMESPACE}><workbookPr${/date1904\s*=\s*["'](?:1|true)["']/.test(workbookText) ? ' date1904="1"' : ''}/></workbook>`);
    if (styles !== undefined && styles.size > 0) await zip.copy('xl/styles.xml', source, styles);
    // exceljs puts sheets aside in temporary files until it has met the shared texts.
    if (strings !== undefined && strings.size > 0) await zip.copy('xl/sharedStrings.xml', source, strings);
    else await zip.addText('xl/sharedStrings.xml', `<sst ${NAMESPACE}/>`);
    const tail = await zip.copy('xl/worksheets/sheet1.xml', source, rows);
    // exceljs takes a sheet that breaks off for one that ends.
    if (!/<\/(?:\w+:)?worksheet>\s*$/.test(tail)) throw refuse('The sheet cannot be read: it breaks off. Save the file anew as .xlsx and upload it again.');
    await zip.end();
  } finally {
    await file.close();
  }
  return sheet.name;
}
