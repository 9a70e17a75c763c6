import type { Field } from './field.ts';
import { fieldOf, type Fields, type PatchOf, type Resource, type RowBase, type RowOf } from './define-resource.ts';
import { digitsOf, phoneKey, searchText, uniqueKey } from './normalise.ts';

export type SqlType = 'TEXT' | 'INTEGER' | 'REAL';
/** A value in a column; `null` is SQL's and stays on this side of the codec. */
export type Cell = string | number | null;

export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly notNull: boolean;
  readonly unique: boolean;
}

/** Column name of a key: `bmsId` → `bms_id`, `addressLine1` → `address_line1`. */
export function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const derivedKey = (key: string): string => `${snake(key)}_key`;
export const normColumn = (key: string): string => `${snake(key)}_norm`;

/** The column with a field's unique value in its normal form: its own column where that is the value as it is. */
export function keyColumn(resource: Resource, key: string): string {
  return resource.fields[key]?.unique === 'exact' ? snake(key) : derivedKey(key);
}

/** Whether a field has a normalised column, over which it is searched and sorted. */
export function hasNorm(field: Field): boolean {
  return field.searchable === true;
}

/** The column by which a field is sorted. */
export function sortColumn(resource: Resource, key: string): string {
  const field = resource.fields[key];
  return field !== undefined && hasNorm(field) ? normColumn(key) : snake(key);
}

function sqlType(field: Field): SqlType {
  switch (field.type) {
    case 'integer':
    case 'instant':
    case 'boolean':
      return 'INTEGER';
    case 'number':
      return 'REAL';
    default:
      return 'TEXT';
  }
}

/** Every column of the resource's table, in the order a migration creates them. */
export function columnsOf(resource: Resource): readonly Column[] {
  const columns: Column[] = [
    { name: 'id', type: 'TEXT', notNull: true, unique: false },
    { name: 'revision', type: 'INTEGER', notNull: true, unique: false },
    { name: 'created_at', type: 'INTEGER', notNull: true, unique: false },
    { name: 'updated_at', type: 'INTEGER', notNull: true, unique: false },
  ];
  for (const [key, field] of Object.entries(resource.fields)) {
    const notNull = field.mandatory === 'always';
    columns.push({ name: snake(key), type: sqlType(field), notNull, unique: field.unique === 'exact' });
    if (field.unique !== undefined && field.unique !== 'exact') columns.push({ name: derivedKey(key), type: 'TEXT', notNull, unique: true });
    if (hasNorm(field)) columns.push({ name: normColumn(key), type: 'TEXT', notNull, unique: false });
  }
  if (resource.uniqueTogether !== undefined) columns.push({ name: derivedKey(resource.uniqueTogether.key), type: 'TEXT', notNull: true, unique: true });
  return columns;
}

/** Normal form of a field's value for search and sort; a phone number is its digits with country code. */
export function normOf(field: Field, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (field.type === 'phone') return phoneKey(String(value)) || digitsOf(String(value));
  return searchText(String(value));
}

/** The value of `uniqueTogether` for a row. */
export function togetherKey(resource: Resource, values: Readonly<Record<string, unknown>>): string | undefined {
  return resource.uniqueTogether?.fields.map((key) => searchText(String(values[key] ?? ''))).join('\u001f');
}

function encode(field: Field, value: unknown): Cell {
  if (value === undefined) return null;
  if (field.type === 'boolean') return value === true ? 1 : 0;
  if (field.type === 'json') return JSON.stringify(value);
  return value as string | number;
}

/** A field's value from its column. */
export function decodeField(field: Field, cell: unknown): unknown {
  if (cell === null || cell === undefined) return undefined;
  if (field.type === 'boolean') return cell === 1;
  if (field.type === 'json') return JSON.parse(String(cell));
  return cell;
}

/** A whole row as columns, derived ones included. */
export function encodeRow<F extends Fields>(resource: Resource<F>, row: RowOf<F>): Record<string, Cell> {
  const { id, revision, createdAt, updatedAt } = row as RowBase;
  const cells: Record<string, Cell> = { id, revision, created_at: createdAt, updated_at: updatedAt };
  const values = row as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(resource.fields)) Object.assign(cells, encodeField(resource, key, values[key]));
  const together = togetherKey(resource, values);
  if (resource.uniqueTogether !== undefined && together !== undefined) cells[derivedKey(resource.uniqueTogether.key)] = together;
  return cells;
}

/** One field as columns: its value, its unique key, its normal form. */
export function encodeField(resource: Resource, key: string, value: unknown): Record<string, Cell> {
  const field = fieldOf(resource, key);
  const cells: Record<string, Cell> = { [snake(key)]: encode(field, value) };
  if (field.unique !== undefined && field.unique !== 'exact') cells[derivedKey(key)] = value === undefined ? null : uniqueKey(field.unique, String(value));
  if (hasNorm(field)) cells[normColumn(key)] = normOf(field, value) ?? null;
  return cells;
}

/** A row from its columns; derived columns are left out. */
export function decodeRow<F extends Fields>(resource: Resource<F>, cells: Readonly<Record<string, unknown>>): RowOf<F> {
  const row: Record<string, unknown> = { id: cells['id'], revision: cells['revision'], createdAt: cells['created_at'], updatedAt: cells['updated_at'] };
  for (const [key, field] of Object.entries(resource.fields)) {
    const value = decodeField(field, cells[snake(key)]);
    if (value !== undefined) row[key] = value;
  }
  return row as RowOf<F>;
}

/** The row with the patch applied; emptied members are gone. */
export function patchedRow<F extends Fields>(row: RowOf<F>, patch: PatchOf<F>): RowOf<F> {
  const next: Record<string, unknown> = { ...row };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return next as RowOf<F>;
}
