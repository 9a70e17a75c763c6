import { AppError } from '../kernel/error.ts';
import type { ImportColumn, ImportTemplate, RawCell, RawRow } from './import-template.ts';
import { REASON_HEADING } from './import-template.ts';
import { uniqueKey, searchText } from './normalise.ts';

/** A row whose cells were read by their columns: `values` has no blank ones; references are still names. */
export interface ImportRow {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** What is wrong, column by column, in words. */
  readonly problems: readonly string[];
  /** As they were in the file, in the order of the template. */
  readonly cells: readonly RawCell[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Days as spreadsheets count them, 1954 to 2119: a date whose cell is not formatted as one (ECMA-376-1, 18.17.4.1). */
const FIRST_SERIAL = 20_000;
const LAST_SERIAL = 80_000;
const SERIAL_OF_1970 = 25_569;
const DAY = 86_400_000;
/** Shown of a value that is wrong. */
const QUOTED = 40;
/** Headings that are listed in a message. */
const LISTED = 12;

/** What a cell holds, as text; undefined where it is blank. */
export function cellText(cell: RawCell): string | undefined {
  if (cell === undefined) return undefined;
  if (typeof cell === 'string') return cell.trim() === '' ? undefined : cell;
  if (typeof cell === 'object') return 'date' in cell ? new Date(cell.date).toISOString().slice(0, 10) : cell.error;
  return typeof cell === 'boolean' ? (cell ? 'Yes' : 'No') : String(cell);
}

const quote = (text: string): string => `“${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}”`;

class Problem {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function dateOf(cell: Exclude<RawCell, undefined>): unknown {
  if (typeof cell === 'object' && 'date' in cell) return new Date(cell.date).toISOString().slice(0, 10);
  if (typeof cell === 'number' && cell >= FIRST_SERIAL && cell <= LAST_SERIAL) return new Date((Math.floor(cell) - SERIAL_OF_1970) * DAY).toISOString().slice(0, 10);
  const text = typeof cell === 'string' ? cell.trim() : '';
  const named = /^(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ](\d{4})$/.exec(text);
  const month = MONTHS.indexOf(named?.[2]?.toLowerCase() ?? '');
  const iso = named !== null && month >= 0 ? `${named[3]}-${String(month + 1).padStart(2, '0')}-${named[1]?.padStart(2, '0')}` : text;
  // 31 February is of the right shape and no date.
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso) && !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString().startsWith(iso)) return iso;
  return new Problem(`${quote(cellText(cell) ?? '')} is no date. Write it as 2024-02-06 or 06-Feb-2024.`);
}

function typed(column: ImportColumn, cell: Exclude<RawCell, undefined>): unknown {
  const { field } = column;
  if (typeof cell === 'object' && 'error' in cell) return new Problem(`the cell holds the error ${cell.error}`);
  const text = (cellText(cell) ?? '').trim();
  switch (field.type) {
    case 'date':
      return dateOf(cell);
    case 'integer':
    case 'number':
    case 'instant':
      if (typeof cell === 'number') return cell;
      return typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : new Problem(`${quote(text)} is no number`);
    case 'boolean':
      if (typeof cell === 'boolean') return cell;
      if (/^(yes|true)$/i.test(text)) return true;
      return /^(no|false)$/i.test(text) ? false : new Problem(`${quote(text)} is neither Yes nor No`);
    case 'enum': {
      const found = field.values?.find(({ value, label }) => searchText(value) === searchText(text) || searchText(label) === searchText(text));
      return found?.value ?? new Problem(`${quote(text)} is not in the list. Choose ${(field.values ?? []).map(({ label }) => label).join(', ')}.`);
    }
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return new Problem(`${quote(text)} cannot be read. Leave this column as it was exported.`);
      }
    default:
      if (typeof cell === 'boolean' || typeof cell === 'object') return new Problem(`the cell holds ${typeof cell === 'boolean' ? 'Yes or No' : 'a date'} where text belongs. Format it as text.`);
      return text;
  }
}

/** The value of a cell that is not blank, or what is wrong with it. A reference gives the name as it stands. */
export function readCell(column: ImportColumn, cell: Exclude<RawCell, undefined>): { readonly value: unknown } | { readonly problem: string } {
  const value = typed(column, cell);
  if (value instanceof Problem) return { problem: `${column.heading}: ${value.text}` };
  if (column.field.type === 'reference') return { value };
  const parsed = column.field.schema.safeParse(value);
  return parsed.success ? { value: parsed.data } : { problem: `${column.heading}: ${parsed.error.issues[0]?.message ?? 'Check the value.'}` };
}

const listed = (names: readonly string[]): string => names.slice(0, LISTED).map((name) => `“${name}”`).join(', ') + (names.length > LISTED ? ` and ${names.length - LISTED} more` : '');

/**
 * Where each column of the template is in the sheet, from its heading row. Throws AppError invalid-input that names every column
 * which is missing, is spelled otherwise, stands there twice or does not belong to the template.
 */
export function matchHeadings(template: ImportTemplate, heading: readonly RawCell[]): ReadonlyMap<string, number> {
  const names = heading.map((cell) => cellText(cell)?.trim());
  const at = new Map<string, number>();
  const missing: string[] = [];
  const renamed: string[] = [];
  const used = new Set<number>();
  for (const { key, heading: wanted } of template.columns) {
    const index = names.indexOf(wanted);
    const similar = index >= 0 ? -1 : names.findIndex((name) => name !== undefined && searchText(name) === searchText(wanted));
    if (index >= 0) at.set(key, index);
    else if (similar >= 0) renamed.push(`“${names[similar]}” must be “${wanted}”`);
    else if (template.partial !== true || template.key.includes(key)) missing.push(wanted);
    used.add(index).add(similar);
  }
  const unknown = names.filter((name, index): name is string => name !== undefined && name !== REASON_HEADING && template.ignored?.includes(name) !== true && !used.has(index));
  if (missing.length + renamed.length + unknown.length === 0) return at;
  if (at.size === 0 && renamed.length === 0) throw new AppError('invalid-input', `This is not the template “${template.title}”: its first row has none of the column names. Download the template and fill that in.`, { missing, unknown });
  const parts = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(renamed.length > 0 ? [renamed.slice(0, LISTED).join(', ')] : []),
    ...(unknown.length > 0 ? [`not in the template, or there twice: ${listed(unknown)}`] : []),
  ];
  throw new AppError('invalid-input', `The column names are not those of “${template.title}”: ${parts.join('; ')}. Put them right and upload the file again.`, { missing, unknown });
}

/** Reads a row by its columns; undefined where every cell is blank. */
export function readRow(template: ImportTemplate, at: ReadonlyMap<string, number>, row: RawRow): ImportRow | undefined {
  const cells = template.columns.map(({ key }) => row.cells[at.get(key) ?? -1]);
  if (cells.every((cell) => cellText(cell) === undefined)) return undefined;
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  template.columns.forEach((column, index) => {
    const cell = cells[index];
    if (cell === undefined || cellText(cell) === undefined) {
      if (column.required === true) problems.push(`${column.heading}: the cell is blank`);
      return;
    }
    const read = readCell(column, cell);
    if ('problem' in read) problems.push(read.problem);
    else values[column.key] = read.value;
  });
  return { line: row.line, values, problems, cells };
}

/** Whether a row is one of the template's samples, as they were. */
export function isSample(template: ImportTemplate, row: ImportRow): boolean {
  return template.samples.some((sample) => template.columns.every(({ key }, index) => (cellText(row.cells[index]) ?? '').trim() === String(sample[key] ?? '')));
}

/** Rows of a file that say the same of what only one may have: by line, in words. */
export function duplicatesOf(template: ImportTemplate, rows: readonly ImportRow[]): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  const together = template.columns.filter(({ key }) => template.distinct.includes(key));
  const alone = template.columns.filter(({ key, field }) => field.unique !== undefined && !template.key.includes(key));
  for (const columns of [together, ...alone.map((column) => [column])]) {
    const heading = columns.map((column) => column.heading).join(', ');
    const lines = new Map<string, number[]>();
    for (const { line, values } of rows) {
      if (columns.some(({ key }) => values[key] === undefined)) continue;
      const name = columns.map(({ key, field }) => uniqueKey(field.type === 'reference' ? 'text' : (field.unique ?? 'text'), String(values[key]))).join('\u001f');
      const list = lines.get(name);
      if (list === undefined) lines.set(name, [line]);
      else list.push(line);
    }
    for (const same of lines.values()) {
      if (same.length < 2) continue;
      for (const line of same) {
        const others = same.filter((other) => other !== line);
        const text = `${heading}: also in row${others.length > 1 ? 's' : ''} ${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and more' : ''} of this file. Keep one of them.`;
        found.set(line, [...(found.get(line) ?? []), text]);
      }
    }
  }
  return found;
}
