import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import ExcelJS from 'exceljs';
import { CELL_TEXT_LIMIT, SHEET_ROWS, headingOf, wallClock, wordOf, type ExportColumn, type ExportRow, type GridDescription, type GridWriter } from './grid-file.ts';
import { fileStream } from './file-stream.ts';

const HEADING_FILL = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE8ECF2' } } as const;
const SHEET_NAME_LIMIT = 31;

/** Name of the hidden sheet with what drop-downs offer. */
const LISTS_SHEET = 'Lists';

type SheetCell = string | number | Date | undefined;

/** Spreadsheet format of a column. Text is marked as text, so that editing a cell never turns `=1+1` into a formula. */
function formatOf(column: ExportColumn): string {
  switch (column.type) {
    case 'number':
      return column.decimals === undefined ? 'General' : column.decimals === 0 ? '0' : `0.${'0'.repeat(column.decimals)}`;
    case 'date':
      return 'dd-mmm-yyyy';
    case 'instant':
      return 'dd-mmm-yyyy hh:mm:ss AM/PM';
    default:
      return '@';
  }
}

function cellReader(column: ExportColumn, toWall: (instant: number) => number): (value: ExportRow[number]) => SheetCell {
  return (value) => {
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'boolean') return wordOf(column, value);
    if (column.type === 'instant' && typeof value === 'number') return Number.isFinite(value) ? new Date(toWall(value)) : undefined;
    if (column.type === 'date' && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return new Date(`${value}T00:00:00Z`);
    if (column.type === 'number' && typeof value === 'number') return Number.isFinite(value) ? value : undefined;
    return String(value).slice(0, CELL_TEXT_LIMIT);
  };
}

/** A sheet name that spreadsheets accept: at most 31 characters, without `[ ] : * ? / \` and quotes at the ends. */
export function sheetName(title: string, number: number): string {
  const suffix = number === 1 ? '' : ` ${number}`;
  const plain = title.replace(/[[\]:*?/\\\p{Cc}]/gu, ' ').replace(/^'+|'+$/g, '').trim() || 'Sheet';
  return plain.slice(0, SHEET_NAME_LIMIT - suffix.length).trimEnd() + suffix;
}

/** The zip's side of a sheet, as far as exceljs 4.4 with readable-stream 2 tells; newer streams say `writableNeedDrain`. */
interface ZipEntry extends NodeJS.EventEmitter {
  readonly writableNeedDrain?: boolean;
  readonly _writableState?: { readonly needDrain?: boolean };
}

/**
 * Waits until the zip has taken what the sheet wrote: exceljs writes into it without looking whether there is room, and the
 * whole sheet would wait in memory.
 */
async function taken(sheet: ExcelJS.Worksheet): Promise<void> {
  await setImmediate();
  const { stream } = sheet as unknown as { readonly stream?: { readonly pipes?: readonly ZipEntry[] } };
  for (const entry of stream?.pipes ?? []) if (entry.writableNeedDrain ?? entry._writableState?.needDrain) await once(entry, 'drain');
}

/** Column letters of a number from 1. */
function letters(column: number): string {
  return column > 26 ? letters(Math.floor((column - 1) / 26)) + letters(((column - 1) % 26) + 1) : String.fromCharCode(64 + column);
}

/** Drop-downs over the hidden sheet: lists inside a rule are limited to 255 characters (ECMA-376-1, 18.3.1.32). */
function offerLists(sheet: ExcelJS.Worksheet, lists: readonly (readonly string[])[], rows: number): void {
  const { dataValidations } = sheet as unknown as { readonly dataValidations: { add(address: string, validation: ExcelJS.DataValidation): void } };
  lists.forEach((list, index) => {
    if (list.length === 0) return;
    const column = letters(index + 1);
    dataValidations.add(`${column}2:${column}${rows + 1}`, { type: 'list', allowBlank: true, formulae: [`${LISTS_SHEET}!$${column}$1:$${column}$${list.length}`], showErrorMessage: true, errorStyle: 'stop', errorTitle: 'Not in the list', error: 'Choose one of the list, or leave the cell blank.' });
  });
}

async function writeLists(workbook: ExcelJS.stream.xlsx.WorkbookWriter, lists: readonly (readonly string[])[]): Promise<void> {
  const sheet = workbook.addWorksheet(LISTS_SHEET, { state: 'hidden' });
  sheet.columns = lists.map(() => ({ width: 30, style: { numFmt: '@' } }));
  const rows = Math.max(...lists.map((list) => list.length));
  for (let row = 0; row < rows; row++) {
    sheet.addRow(lists.map((list) => list[row])).commit();
    if (row % 1000 === 999) await taken(sheet);
  }
  sheet.commit();
}

/**
 * Writes an .xlsx file as a stream: typed cells, a frozen heading with a filter, as many sheets as the rows need.
 * `sheetRows` is lowered by tests only.
 */
export function xlsxWriter(path: string, grid: GridDescription, sheetRows: number = SHEET_ROWS): GridWriter {
  const file = fileStream(path);
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file.stream, useStyles: true, useSharedStrings: false });
  const toWall = wallClock(grid.timeZone);
  const readers = grid.columns.map((column) => cellReader(column, toWall));
  let sheet: ExcelJS.Worksheet | undefined;
  let sheets = 0;
  const lists = grid.columns.map((column) => column.list ?? []);
  const listed = lists.some((list) => list.length > 0);
  let inSheet = 0;

  function openSheet(): ExcelJS.Worksheet {
    sheet?.commit();
    sheets += 1;
    inSheet = 0;
    const opened = workbook.addWorksheet(sheetName(grid.title, sheets), { views: [{ state: 'frozen', ySplit: 1 }] });
    opened.columns = grid.columns.map((column) => ({ header: headingOf(column), width: Math.max(8, Math.min(60, Math.round((column.width ?? 120) / 7))), style: { numFmt: formatOf(column) } }));
    opened.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: Math.max(1, grid.columns.length) } };
    if (listed) offerLists(opened, lists, grid.listRows ?? sheetRows);
    const heading = opened.getRow(1);
    heading.eachCell((cell) => {
      cell.font = { bold: true };
      cell.fill = HEADING_FILL;
      cell.numFmt = '@';
    });
    heading.commit();
    return opened;
  }

  return {
    async rows(batch) {
      sheet ??= openSheet();
      for (const row of batch) {
        if (inSheet === sheetRows) sheet = openSheet();
        inSheet += 1;
        const values = readers.map((read, index) => read(row[index]));
        sheet.addRow(values).commit();
      }
      await file.guard(taken(sheet));
      await file.drained();
    },
    async end() {
      sheet ??= openSheet();
      sheet.commit();
      if (listed) await file.guard(writeLists(workbook, lists));
      await file.guard(workbook.commit());
    },
    abort: () => file.destroy(),
  };
}
