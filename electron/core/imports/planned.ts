import type { MutationCall, RowExpectation } from '../store/operations/operations.ts';
import type { ImportRow } from '#shared/resources/import-cells.ts';
import type { ImportOutcome, ImportTemplate, RawCell } from '#shared/resources/import-template.ts';

/** One field of a row before and after, in words. */
export interface PlannedChange {
  readonly label: string;
  readonly from?: string;
  readonly to?: string;
}

/** What a row of a file will do, or why it cannot. */
export interface PlannedRow {
  readonly line: number;
  /** What the row is about, such as its VIN. */
  readonly title: string;
  readonly outcome: ImportOutcome;
  readonly changes: readonly PlannedChange[];
  readonly reasons: readonly string[];
  /** As they were in the file, for the file of failed rows. */
  readonly cells: readonly RawCell[];
  /** Writes that carry it out, all or none. */
  readonly mutations: readonly MutationCall[];
  /** What must still be as it was when this was planned. */
  readonly expect: readonly RowExpectation[];
}

/** Plans the rows of a file of one template, for one principal. Reads only. */
export interface RowPlanner {
  plan(row: ImportRow): Promise<PlannedRow>;
}

/** A row that cannot be carried out. */
export function failedRow(template: ImportTemplate, row: ImportRow, reasons: readonly string[]): PlannedRow {
  return { line: row.line, title: titleOf(template, row), outcome: 'failed', changes: [], reasons, cells: row.cells, mutations: [], expect: [] };
}

export function titleOf(template: ImportTemplate, row: ImportRow): string {
  const value = row.values[template.key[0] ?? ''];
  return value === undefined ? '' : String(value);
}
