import { encodeRow, snake } from '../../resources/columns.ts';
import type { Fields, Resource, RowOf } from '../../resources/define-resource.ts';
import { uniqueValues } from '../../sync/replication/touched.ts';
import type { RowStore, WhereOf } from '../../sync/tx.ts';

/** Undo steps of the open transaction; what was committed survives a crash. */
export class Journal {
  #undo: (() => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();

  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Runs one transaction after the other; one that throws leaves nothing. */
  transaction<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      try {
        const value = await run();
        this.#undo = [];
        return value;
      } catch (error) {
        this.#back(0);
        throw error;
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async savepoint<T>(run: () => Promise<T>): Promise<T> {
    const mark = this.#undo.length;
    try {
      return await run();
    } catch (error) {
      this.#back(mark);
      throw error;
    }
  }

  #back(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }
}

/** A map whose changes are undone with its journal. */
export class JournalMap<V> {
  readonly #journal: Journal;
  readonly #map = new Map<string, V>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    const had = this.#map.has(key);
    const before = this.#map.get(key);
    this.#journal.note(() => void (had ? this.#map.set(key, before as V) : this.#map.delete(key)));
    this.#map.set(key, value);
  }

  delete(key: string): void {
    if (!this.#map.has(key)) return;
    const before = this.#map.get(key) as V;
    this.#journal.note(() => void this.#map.set(key, before));
    this.#map.delete(key);
  }

  keys(): string[] {
    return [...this.#map.keys()];
  }

  values(): V[] {
    return [...this.#map.values()];
  }
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** A row store in memory with the unique columns of the tables. */
export class MemoryRows implements RowStore {
  readonly #journal: Journal;
  readonly #tables = new Map<string, JournalMap<Row>>();
  readonly #unique: JournalMap<string>;
  /** Writes that broke a unique column. */
  readonly violations: string[] = [];

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#unique = new JournalMap(journal);
  }

  table(name: string): JournalMap<Row> {
    let table = this.#tables.get(name);
    if (table === undefined) this.#tables.set(name, (table = new JournalMap(this.#journal)));
    return table;
  }

  async get<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F> | undefined> {
    return this.table(resource.name).get(id) as unknown as RowOf<F> | undefined;
  }

  async find<F extends Fields>(resource: Resource<F>, where: WhereOf<F>, limit: number): Promise<readonly RowOf<F>[]> {
    return this.#matching(resource, where).sort(byId).slice(0, limit) as unknown as RowOf<F>[];
  }

  async count<F extends Fields>(resource: Resource<F>, where: WhereOf<F>): Promise<number> {
    return this.#matching(resource, where).length;
  }

  async findByColumn<F extends Fields>(resource: Resource<F>, column: string, value: string): Promise<RowOf<F> | undefined> {
    const id = this.#unique.get(uniqueName(resource, column, value));
    if (id !== undefined) return this.get(resource, id);
    return this.table(resource.name).values().find((row) => encodeRow(resource, row as unknown as RowOf<F>)[column] === value) as unknown as RowOf<F> | undefined;
  }

  async insert<F extends Fields>(resource: Resource<F>, row: RowOf<F>): Promise<void> {
    if (this.table(resource.name).get(row.id) !== undefined) this.#refuse(`${resource.name} ${row.id} twice`);
    this.#put(resource, stored(resource, row as unknown as Row));
  }

  async update<F extends Fields>(resource: Resource<F>, row: RowOf<F>, keys: readonly string[]): Promise<void> {
    const before = this.table(resource.name).get(row.id);
    if (before === undefined) return;
    const given = row as unknown as Row;
    const next: Record<string, unknown> = { ...before, revision: given['revision'], updatedAt: given['updatedAt'] };
    for (const key of keys) next[key] = given[key];
    for (const { column, value } of uniqueValues(resource, before)) this.#unique.delete(uniqueName(resource, column, value));
    this.#put(resource, stored(resource, next as Row));
  }

  async delete(resource: Resource, id: string): Promise<void> {
    const before = this.table(resource.name).get(id);
    if (before === undefined) return;
    for (const { column, value } of uniqueValues(resource, before)) this.#unique.delete(uniqueName(resource, column, value));
    this.table(resource.name).delete(id);
  }

  async fieldsChangedSince(): Promise<readonly string[]> {
    return [];
  }

  #put(resource: Resource, row: Row): void {
    for (const { column, value } of uniqueValues(resource, row)) {
      const name = uniqueName(resource, column, value);
      const holder = this.#unique.get(name);
      if (holder !== undefined && holder !== row.id) this.#refuse(name);
      this.#unique.set(name, row.id);
    }
    this.table(resource.name).set(row.id, row);
  }

  #refuse(what: string): never {
    this.violations.push(what);
    throw new Error(`UNIQUE constraint failed: ${what}`);
  }

  #matching(resource: Resource, where: object): Row[] {
    const tests = Object.entries(where);
    return this.table(resource.name).values().filter((row) => tests.every(([key, value]) => row[key] === value || JSON.stringify(row[key]) === JSON.stringify(value)));
  }
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const uniqueName = (resource: Resource, column: string, value: string): string => `${resource.name}.${snake(column)}=${value}`;

/** A row as a table keeps it: its own columns, nothing that is empty. */
function stored(resource: Resource, row: Row): Row {
  const kept: Record<string, unknown> = { id: row.id, revision: row['revision'], createdAt: row['createdAt'], updatedAt: row['updatedAt'] };
  for (const key of Object.keys(resource.fields)) if (row[key] !== undefined) kept[key] = row[key];
  return kept as Row;
}
