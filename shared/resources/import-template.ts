import type { Permission } from '../domain/access/permissions.ts';
import type { Field } from './field.ts';

/** Rows below the heading that one file may have; more are uploaded in several files. */
export const IMPORT_ROWS = 20_000;
/** Largest file that is taken, bytes: 20,000 rows of a template are some 2 MB. */
export const IMPORT_FILE_LIMIT = 10 * 1024 * 1024;
/** A column that files of failed rows have beside the template's own; it is never read. */
export const REASON_HEADING = 'Why it failed';

/** One column of a template. */
export interface ImportColumn {
  readonly key: string;
  /** Exact name in the heading row. */
  readonly heading: string;
  /** Says what a cell may hold; for a reference the cell holds the other row's name. */
  readonly field: Field;
  /** The cell must not be blank in a row that changes something that is there. */
  readonly required?: boolean;
  /** The cell must not be blank in a row that adds something. */
  readonly requiredToAdd?: boolean;
}

/** What a person fills in and uploads. Derived from resource definitions, so that headings, types and lists are those of the forms. */
export interface ImportTemplate {
  /** Names it in procedures and in the history. */
  readonly name: string;
  /** Name for people, of the file and of its sheet. */
  readonly title: string;
  readonly columns: readonly ImportColumn[];
  /** Columns by which the row is found; the first is what it is called by. */
  readonly key: readonly string[];
  /** Columns whose values, in normal form, occur together once in a file. */
  readonly distinct: readonly string[];
  /** Columns may be left out, but for those of the key; a column that is not there changes nothing. */
  readonly partial?: boolean;
  /** Further headings that exports have and imports pass over. */
  readonly ignored?: readonly string[];
  /** Rows that show how it is filled in; never applied while untouched. */
  readonly samples: readonly Readonly<Record<string, string | number>>[];
  readonly permission: Permission;
}

/** What a cell holds in the file: a date has epoch ms of its wall-clock time read as UTC; `error` is a spreadsheet's, such as #REF!. */
export type RawCell = string | number | boolean | { readonly date: number } | { readonly error: string } | undefined;

export interface RawRow {
  /** Row of the sheet as spreadsheets number it. */
  readonly line: number;
  readonly cells: readonly RawCell[];
}

/** What a row came to when it was checked. */
export const IMPORT_OUTCOMES = ['add', 'change', 'same', 'failed'] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

export function importColumn(template: ImportTemplate, key: string): ImportColumn {
  const found = template.columns.find((column) => column.key === key);
  if (found === undefined) throw new Error(`template ${template.name} has no column ${key}`);
  return found;
}
