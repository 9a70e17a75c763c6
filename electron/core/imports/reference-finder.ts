import type { Principal } from '#shared/domain/access/principal.ts';
import { keyColumn } from '#shared/resources/columns.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import { uniqueKey } from '#shared/resources/normalise.ts';
import type { RowStore } from '#shared/sync/tx.ts';
import type { Operations } from '../store/operations/operations.ts';
import { NameBook, type Named } from './names.ts';

/** Rows of a resource that are read whole, to be named in a drop-down; more are looked up one by one. */
const BOOK = 5_000;

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** Finds the rows that cells name, as far as the principal may see them. */
export class ReferenceFinder {
  readonly #operations: Operations;
  readonly #store: RowStore;
  readonly #principal: Principal;
  readonly #books = new Map<string, NameBook | undefined>();
  readonly #found = new Map<string, Named>();

  constructor(operations: Operations, store: RowStore, principal: Principal) {
    this.#operations = operations;
    this.#store = store;
    this.#principal = principal;
  }

  /** Names for a drop-down; undefined where there are too many. */
  names(resource: Resource): readonly string[] | undefined {
    return this.#book(resource)?.names;
  }

  /** The row of this name. */
  async find(resource: Resource, name: string): Promise<Named> {
    const book = this.#book(resource);
    if (book !== undefined) return book.find(name);
    const key = `${resource.name}\u001f${name}`;
    let found = this.#found.get(key);
    if (found === undefined) this.#found.set(key, (found = await this.#lookUp(resource, name)));
    return found;
  }

  /** The title of a row by its id. */
  async titleOf(resource: Resource, id: string): Promise<string | undefined> {
    const known = this.#book(resource)?.nameOf(id);
    if (known !== undefined) return known;
    const row = await this.#store.get(resource, id);
    return row === undefined ? undefined : String((row as Row)[resource.title] ?? '');
  }

  /** The title alone, without what tells namesakes apart. */
  async plainTitleOf(resource: Resource, id: string): Promise<string | undefined> {
    const row = await this.#store.get(resource, id);
    return row === undefined ? undefined : String((row as Row)[resource.title] ?? '');
  }

  async #lookUp(resource: Resource, name: string): Promise<Named> {
    const missing = { problem: `there is no ${resource.label.one.toLowerCase()} “${name.slice(0, 60)}”` };
    const { unique } = fieldOf(resource, resource.title);
    if (unique === undefined) return missing;
    const row = await this.#store.findByColumn(resource, keyColumn(resource, resource.title), uniqueKey(unique, name));
    if (row === undefined || this.#operations.read.inScope(resource, this.#principal.scope, [row.id]).length === 0) return missing;
    return { id: row.id, name: String((row as Row)[resource.title]) };
  }

  #book(resource: Resource): NameBook | undefined {
    if (!this.#books.has(resource.name)) {
      const { read } = this.#operations;
      const small = read.count(resource) <= BOOK;
      const rows = small ? read.list(resource, this.#principal.scope, { offset: 0, limit: BOOK }).rows.map(({ row }) => row) : [];
      const apart = resource.uniqueTogether?.fields.filter((key) => key !== resource.title && fieldOf(resource, key).type !== 'reference');
      this.#books.set(resource.name, small ? new NameBook(resource, rows, apart) : undefined);
    }
    return this.#books.get(resource.name);
  }
}
