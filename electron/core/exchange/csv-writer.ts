import { finished } from 'node:stream/promises';
import { headingOf, wallClock, wordOf, type ExportCell, type ExportColumn, type GridDescription, type GridWriter } from './grid-file.ts';
import { fileStream } from './file-stream.ts';

/** By this mark spreadsheets know that the file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** A text field: what a spreadsheet would run as a formula is led by an apostrophe (OWASP, CSV injection); RFC 4180 quotes. */
export function csvText(value: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvCell(column: ExportColumn, value: ExportCell, toWall: (instant: number) => number): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return csvText(wordOf(column, value));
  if (typeof value === 'string') return csvText(value);
  if (!Number.isFinite(value)) return '';
  if (column.type === 'instant') return new Date(toWall(value)).toISOString().slice(0, 19).replace('T', ' ');
  return column.decimals === undefined ? String(value) : value.toFixed(column.decimals);
}

/** Writes a CSV file as a stream: UTF-8, comma, one heading line; instants as local `YYYY-MM-DD hh:mm:ss`. */
export function csvWriter(path: string, grid: GridDescription): GridWriter {
  const file = fileStream(path);
  const toWall = wallClock(grid.timeZone);
  file.stream.write(`${BYTE_ORDER_MARK}${grid.columns.map((column) => csvText(headingOf(column))).join(',')}\r\n`);
  return {
    async rows(batch) {
      const lines = batch.map((row) => `${grid.columns.map((column, index) => csvCell(column, row[index], toWall)).join(',')}\r\n`);
      file.stream.write(lines.join(''));
      await file.drained();
    },
    async end() {
      file.stream.end();
      await file.guard(finished(file.stream));
    },
    abort: () => file.destroy(),
  };
}
