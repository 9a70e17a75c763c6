import { encodeField, keyColumn, snake, togetherKey } from '../../resources/columns.ts';
import { fieldOf, type Fields, type Resource, type RowOf } from '../../resources/define-resource.ts';
import { uniqueKey } from '../../resources/normalise.ts';
import type { RowStore, WhereOf } from '../tx.ts';
import type { RowImage } from './protocol.ts';
import type { Touched } from './replica-ports.ts';

type Values = Readonly<Record<string, unknown>>;

/** Key of a row. */
export const rowKeyOf = (resource: string, id: string): string => `${resource}:${id}`;
const uniqueMark = (resource: string, column: string, value: string): string => `${resource}#${column}=${value}`;
const linkMark = (resource: string, key: string, value: unknown): string => `${resource}?${key}=${String(value)}`;
const anyMark = (resource: string): string => `${resource}?`;

interface Shape {
  readonly unique: readonly { readonly key: string; readonly column: string }[];
  readonly links: readonly string[];
}

const SHAPES = new WeakMap<Resource, Shape>();

function shapeOf(resource: Resource): Shape {
  let shape = SHAPES.get(resource);
  if (shape === undefined) {
    const keys = Object.keys(resource.fields);
    shape = {
      unique: keys.filter((key) => fieldOf(resource, key).unique !== undefined).map((key) => ({ key, column: keyColumn(resource, key) })),
      links: keys.filter((key) => fieldOf(resource, key).type === 'reference'),
    };
    SHAPES.set(resource, shape);
  }
  return shape;
}

/** Unique columns of a row with their values in the form in which they are compared. */
export function uniqueValues(resource: Resource, row: object): readonly { readonly column: string; readonly value: string }[] {
  const values = row as Values;
  const found: { column: string; value: string }[] = [];
  for (const { key, column } of shapeOf(resource).unique) {
    const value = values[key];
    if (value !== undefined) found.push({ column, value: uniqueKey(fieldOf(resource, key).unique ?? 'exact', String(value)) });
  }
  const joint = togetherKey(resource, values);
  if (resource.uniqueTogether !== undefined && joint !== undefined) found.push({ column: keyColumn(resource, resource.uniqueTogether.key), value: joint });
  return found;
}

export function uniqueMarks(resource: Resource, row: object): string[] {
  return uniqueValues(resource, row).map(({ column, value }) => uniqueMark(resource.name, column, value));
}

/** Everything under which a reader may have looked for this row: its id, unique values, references, its resource. */
export function marksOf(resource: Resource, row: RowImage): string[] {
  const marks = [rowKeyOf(resource.name, row.id), anyMark(resource.name), ...uniqueMarks(resource, row)];
  for (const key of shapeOf(resource).links) {
    const value = (row as Values)[key];
    if (value !== undefined) marks.push(linkMark(resource.name, key, value));
  }
  return marks;
}

function findMark(resource: Resource, where: Values): string {
  const link = shapeOf(resource).links.find((key) => where[key] !== undefined);
  return link === undefined ? anyMark(resource.name) : linkMark(resource.name, link, where[link]);
}

/** A row store that notes what is read and written through it. */
export class RecordingStore implements RowStore {
  readonly #rows: RowStore;
  readonly #reads = new Set<string>();
  readonly #marks = new Set<string>();
  /** Rows as they were before the first write. */
  readonly before = new Map<string, { readonly resource: Resource; readonly id: string; readonly row: RowImage | undefined }>();

  constructor(rows: RowStore) {
    this.#rows = rows;
  }

  /** What was touched; with `failed` the writes are gone again and only the reads count. */
  touched(failed = false): Touched {
    return { reads: [...this.#reads], writes: failed ? [] : [...this.before.keys()], marks: failed ? [] : [...this.#marks] };
  }

  get<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F> | undefined> {
    this.#reads.add(rowKeyOf(resource.name, id));
    return this.#rows.get(resource, id);
  }

  find<F extends Fields>(resource: Resource<F>, where: WhereOf<F>, limit: number): Promise<readonly RowOf<F>[]> {
    this.#reads.add(findMark(resource, where));
    return this.#rows.find(resource, where, limit);
  }

  count<F extends Fields>(resource: Resource<F>, where: WhereOf<F>): Promise<number> {
    this.#reads.add(findMark(resource, where));
    return this.#rows.count(resource, where);
  }

  findByColumn<F extends Fields>(resource: Resource<F>, column: string, value: string): Promise<RowOf<F> | undefined> {
    this.#reads.add(uniqueMark(resource.name, column, value));
    return this.#rows.findByColumn(resource, column, value);
  }

  async insert<F extends Fields>(resource: Resource<F>, row: RowOf<F>): Promise<void> {
    await this.#note(resource, row.id);
    await this.#rows.insert(resource, row);
    this.#mark(resource, row as RowImage);
  }

  async update<F extends Fields>(resource: Resource<F>, row: RowOf<F>, keys: readonly string[]): Promise<void> {
    await this.#note(resource, row.id);
    await this.#rows.update(resource, row, keys);
    this.#mark(resource, row as RowImage);
  }

  async delete(resource: Resource, id: string): Promise<void> {
    await this.#note(resource, id);
    await this.#rows.delete(resource, id);
  }

  /** Whether others changed the same fields is decided by the authority, which knows them all. */
  fieldsChangedSince(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async #note(resource: Resource, id: string): Promise<void> {
    const row = (await this.#rows.get(resource, id)) as RowImage | undefined;
    if (row !== undefined) this.#mark(resource, row);
    const key = rowKeyOf(resource.name, id);
    if (!this.before.has(key)) this.before.set(key, { resource, id, row });
  }

  #mark(resource: Resource, row: RowImage): void {
    for (const mark of marksOf(resource, row)) this.#marks.add(mark);
  }
}

/** Keys of every column that an update of the whole row writes. */
export function fieldKeys(resource: Resource): readonly string[] {
  return Object.keys(resource.fields);
}

/** Whether two images of a row are stored alike. */
export function sameImage(resource: Resource, a: RowImage | undefined, b: RowImage | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.revision !== b.revision || a.updatedAt !== b.updatedAt || a.createdAt !== b.createdAt) return false;
  return fieldKeys(resource).every((key) => {
    const column = snake(key);
    return encodeField(resource, key, (a as Values)[key])[column] === encodeField(resource, key, (b as Values)[key])[column];
  });
}
