import { inScope, type CustomerScope } from '#shared/domain/access/principal.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { searchText } from '#shared/resources/normalise.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** A row found by the name that a cell has, or why not. */
export type Named = { readonly id: string; readonly name: string } | { readonly problem: string };

/** The rows of a small resource by the names that people write: title alone, or with what tells namesakes apart. */
export class NameBook {
  readonly #label: string;
  readonly #rows = new Map<string, Row[]>();
  readonly #names = new Map<string, string>();
  /** Name of every row, each found again by it, in alphabetical order. */
  readonly names: readonly string[];

  /** `apart`: fields that tell rows of one title apart. */
  constructor(resource: Resource, rows: readonly object[], apart: readonly string[] = []) {
    this.#label = resource.label.one.toLowerCase();
    const all = rows as readonly Row[];
    const add = (name: string, row: Row): void => {
      const key = searchText(name);
      const found = this.#rows.get(key);
      if (found === undefined) this.#rows.set(key, [row]);
      else if (!found.includes(row)) found.push(row);
    };
    const forms = (row: Row): string[] => {
      const parts = [resource.title, ...apart].map((key) => String(row[key] ?? ''));
      return parts.map((_part, index) => parts.slice(0, index + 1).join(', '));
    };
    for (const row of all) for (const name of forms(row)) add(name, row);
    for (const row of all) this.#names.set(row.id, forms(row).find((name) => this.#rows.get(searchText(name))?.length === 1) ?? forms(row).at(-1) ?? '');
    this.names = [...this.#names.values()].sort((a, b) => a.localeCompare(b, 'en'));
  }

  find(name: string): Named {
    const found = this.#rows.get(searchText(name)) ?? [];
    const [row] = found;
    if (row === undefined) return { problem: `there is no ${this.#label} “${name.slice(0, 60)}”` };
    if (found.length > 1) return { problem: `${found.length} ${this.#label}s are named “${name.slice(0, 60)}”. Write ${found.map((one) => `“${this.nameOf(one.id) ?? ''}”`).sort().slice(0, 3).join(' or ')}.` };
    return { id: row.id, name: this.nameOf(row.id) ?? name };
  }

  /** The name by which the row is found. */
  nameOf(id: string): string | undefined {
    return this.#names.get(id);
  }
}

/** The customers that a scope shows; the others are as if they were not there. */
export function customersInScope<R extends { readonly id: string }>(rows: readonly R[], scope: CustomerScope): readonly R[] {
  return rows.filter(({ id }) => inScope(scope, id));
}
