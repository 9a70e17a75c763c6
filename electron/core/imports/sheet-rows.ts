import { createReadStream } from 'node:fs';
import ExcelJS from 'exceljs';
import { AppError } from '#shared/kernel/error.ts';
import type { RawCell, RawRow } from '#shared/resources/import-template.ts';

/** Columns that are looked at; no template has as many. */
export const COLUMNS_READ = 100;
/** A longer text is cut: every field's own limit is below it, so the row fails all the same. */
export const TEXT_READ = 5_000;

/** What a cell of its own holds. */
function rawCell(value: unknown): RawCell {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : value.slice(0, TEXT_READ);
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? { error: 'no date' } : { date: value.getTime() };
  if ('error' in value) return { error: String(value.error) };
  if ('richText' in value && Array.isArray(value.richText)) return rawCell(value.richText.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join(''));
  return undefined;
}

/** Of a formula what the spreadsheet last computed, never the formula. */
function cellValue(cell: ExcelJS.Cell): RawCell {
  if (cell.type !== ExcelJS.ValueType.Formula) return rawCell(cell.value);
  const result: unknown = cell.result;
  // exceljs reads the error that a formula came to as a number that is none.
  return result === undefined || Number.isNaN(result) ? { error: 'of its formula' } : rawCell(result);
}

/** The rows of the sheet of a cleaned workbook, one after the other; blank ones are left out. */
export async function* sheetRows(path: string): AsyncGenerator<RawRow> {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(createReadStream(path), { worksheets: 'emit', sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore', entries: 'ignore' });
  try {
    for await (const sheet of reader) {
      for await (const row of sheet) {
        const cells: RawCell[] = [];
        const count = Math.min(row.cellCount, COLUMNS_READ);
        for (let column = 1; column <= count; column++) cells[column - 1] = cellValue(row.getCell(column));
        if (cells.some((cell) => cell !== undefined)) yield { line: row.number, cells };
      }
    }
  } catch (error) {
    throw new AppError('invalid-input', 'The sheet cannot be read. Save the file anew as .xlsx and upload it again.', undefined, { cause: error });
  }
}
