import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { takeTurns } from '#shared/platform-node/turns.ts';
import { duplicatesOf, isSample, matchHeadings, readRow, type ImportRow } from '#shared/resources/import-cells.ts';
import type { ImportTemplate, RawRow } from '#shared/resources/import-template.ts';
import { failedRow, type PlannedRow, type RowPlanner } from './planned.ts';

/** What is done for a template: what may be named in it, and how its rows are planned. */
export interface ImportSource {
  readonly template: ImportTemplate;
  /** What the cells of a column may name, by the column's key, as the principal sees it. */
  lists(principal: Principal): ReadonlyMap<string, readonly string[]>;
  planner(principal: Principal): RowPlanner;
}

export interface PlannedFile {
  readonly rows: readonly PlannedRow[];
  /** Sample rows that were left out. */
  readonly samples: number;
}

export interface PlanProgress {
  readonly phase: 'reading' | 'checking';
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
}

export interface PlanOptions {
  readonly source: ImportSource;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly signal: { readonly aborted: boolean };
  onProgress(progress: PlanProgress): void;
}

function stopIfAborted(signal: { readonly aborted: boolean }): void {
  if (signal.aborted) throw new AppError('cancelled', 'The upload was cancelled. Nothing was changed.');
}

/** Reads every row of a file by the template. Throws AppError for a file that is not of the template or has no rows. */
async function readRows(batches: AsyncIterable<readonly RawRow[]>, { source, signal, onProgress }: PlanOptions): Promise<{ rows: ImportRow[]; samples: number }> {
  const { template } = source;
  const rows: ImportRow[] = [];
  let samples = 0;
  let at: ReadonlyMap<string, number> | undefined;
  for await (const batch of batches) {
    stopIfAborted(signal);
    for (const raw of batch) {
      if (at === undefined) {
        at = matchHeadings(template, raw.cells);
        continue;
      }
      const row = readRow(template, at, raw);
      if (row === undefined) continue;
      if (isSample(template, row)) samples += 1;
      else rows.push(row);
    }
    onProgress({ phase: 'reading', done: rows.length, total: 0 });
  }
  if (at === undefined) throw new AppError('invalid-input', `The file has no heading row. Download the template “${template.title}” and fill that in.`);
  if (rows.length === 0) throw new AppError('invalid-input', samples > 0 ? 'The file holds nothing but the sample rows, which are never applied. Fill in rows of your own.' : 'The file has no rows below its headings. Fill in the template and upload it again.');
  return { rows, samples };
}

/** What a whole file will do, row by row; nothing is written. */
export async function planFile(batches: AsyncIterable<readonly RawRow[]>, options: PlanOptions): Promise<PlannedFile> {
  const { source, principal, clock, signal, onProgress } = options;
  const { rows, samples } = await readRows(batches, options);
  const duplicates = duplicatesOf(source.template, rows);
  const planner = source.planner(principal);
  const planned: PlannedRow[] = [];
  const turn = takeTurns(clock);
  for (const row of rows) {
    const twice = duplicates.get(row.line);
    const plan = await planner.plan(row);
    planned.push(twice === undefined ? plan : failedRow(source.template, row, [...plan.reasons, ...twice]));
    if (planned.length % 500 === 0) onProgress({ phase: 'checking', done: planned.length, total: rows.length });
    await turn();
    stopIfAborted(signal);
  }
  return { rows: planned, samples };
}
