import { cellText } from '#shared/resources/import-cells.ts';
import { IMPORT_ROWS, REASON_HEADING, type ImportColumn, type ImportTemplate, type RawCell } from '#shared/resources/import-template.ts';
import type { Exchange, ExportedFile } from '../exchange/exchange.ts';
import type { ExportCell, ExportColumn, ExportRow } from '../exchange/grid-file.ts';
import type { FailedRow } from '../store/operations/local/bulk-uploads.ts';

const BATCH = 500;
const WIDTHS = { short: 120, usual: 170, long: 240 } as const;

function typeOf({ field }: ImportColumn): ExportColumn['type'] {
  switch (field.type) {
    case 'date':
      return 'date';
    case 'integer':
    case 'number':
      return 'number';
    default:
      return 'text';
  }
}

function columnOf(column: ImportColumn, list: readonly string[] | undefined): ExportColumn {
  const { field, heading } = column;
  const width = field.type === 'date' || field.type === 'integer' || field.type === 'number' ? WIDTHS.short : (field.max ?? 0) > 100 || field.type === 'reference' ? WIDTHS.long : WIDTHS.usual;
  const choices = list ?? (field.type === 'boolean' ? ['Yes', 'No'] : field.values?.map(({ label }) => label));
  return { label: heading, type: typeOf(column), width, ...(choices === undefined || choices.length === 0 ? {} : { list: choices }) };
}

function cellOf(column: ImportColumn, cell: RawCell): ExportCell {
  if (cell === undefined || typeof cell === 'string' || typeof cell === 'boolean') return cell === true || cell === false ? cellText(cell) : cell;
  return typeof cell === 'number' && typeOf(column) === 'number' ? cell : cellText(cell);
}

export interface TemplateFile {
  readonly template: ImportTemplate;
  /** What the cells of a column may name, by the column's key. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly timeZone: string;
}

/** Makes the file that a person fills in: exact column names, typed cells, drop-downs, sample rows. */
export function writeTemplate(exchange: Exchange, { template, lists, timeZone }: TemplateFile): Promise<ExportedFile> {
  const columns = template.columns.map((column) => columnOf(column, lists.get(column.key)));
  const rows = template.samples.map((sample): ExportRow => template.columns.map(({ key }) => sample[key]));
  return exchange.exportGrid({ title: template.title, columns, timeZone, rows: [rows], total: rows.length, listRows: IMPORT_ROWS });
}

/** The same with rows that failed and why; it can be corrected and uploaded as it is. */
export function writeFailedRows(exchange: Exchange, { template, lists, timeZone }: TemplateFile, failed: Iterable<FailedRow>, total: number): Promise<ExportedFile> {
  const columns = [...template.columns.map((column) => columnOf(column, lists.get(column.key))), { label: REASON_HEADING, type: 'text', width: 420 } as const];
  function* batches(): Generator<readonly ExportRow[]> {
    let batch: ExportRow[] = [];
    for (const { cells, reason } of failed) {
      batch.push([...template.columns.map((column, index) => cellOf(column, cells[index])), reason]);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
  return exchange.exportGrid({ title: template.title, columns, timeZone, rows: batches(), total, listRows: IMPORT_ROWS });
}
