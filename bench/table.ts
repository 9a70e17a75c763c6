import type { BenchGoal, BenchResult } from './types.ts';

/** Three significant digits, thousands separated: 1,234; 12.3; 0.0123. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function goalText({ of, atLeast, atMost }: BenchGoal): string {
  const bound = atLeast === undefined ? `≤ ${figure(atMost ?? Number.NaN)}` : `≥ ${figure(atLeast)}`;
  return of === 'ratio' ? `${bound}×` : bound;
}

/** One line per result, in columns: name, figure, baseline, ratio, goal. */
export function resultTable(results: readonly BenchResult[]): string {
  const rows = results.map(({ name, value, unit, baseline, ratio, goals, reached, note }) => [
    name,
    `${figure(value)} ${unit}`,
    baseline === undefined ? '' : `${baseline.name} ${figure(baseline.value)}`,
    ratio === undefined ? '' : `${figure(ratio)}×`,
    goals === undefined ? '' : `${goals.map(goalText).join(', ')} ${reached === true ? 'reached' : 'NOT REACHED'}`,
    note ?? '',
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => (column === 1 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd()).join('\n');
}
