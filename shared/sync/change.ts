import type { Fields, PatchOf, Resource, RowOf } from '../resources/define-resource.ts';

/** What happened to one field. `withheld`: it changed, the values are not kept. */
export type FieldChange = { readonly from?: unknown; readonly to?: unknown } | { readonly withheld: true };

/** One change of one row, as a mutation made it. */
export interface RowChange {
  /** Name of the resource. */
  readonly resource: string;
  readonly rowId: string;
  readonly operation: 'insert' | 'update' | 'delete';
  /** The row's revision after the change; for a delete, its last one. */
  readonly revision: number;
  readonly fields: Readonly<Record<string, FieldChange>>;
  /** The row as it is now; absent after a delete. */
  readonly row?: Readonly<Record<string, unknown>>;
}

/** A change as the log keeps it: with its place in this node's order, who, when, where and by which mutation. */
export interface LoggedChange extends RowChange {
  readonly sequence: number;
  readonly mutationId: string;
  readonly userId: string;
  readonly nodeId: string;
  /** Epoch ms. */
  readonly at: number;
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

/** The members of a patch that differ from the row. */
export function changedFields<F extends Fields>(row: RowOf<F>, patch: PatchOf<F>): PatchOf<F> {
  const before = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(patch).filter(([key, value]) => !same(before[key], value))) as PatchOf<F>;
}

/** Old and new value of each of `keys`, for the change log. */
export function describeFields(resource: Resource, keys: readonly string[], before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Record<string, FieldChange> {
  const fields: Record<string, FieldChange> = {};
  for (const key of keys) {
    if (resource.history === 'fields' || resource.fields[key]?.withheld === true) {
      fields[key] = { withheld: true };
      continue;
    }
    const from = before[key];
    const to = after[key];
    fields[key] = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }
  return fields;
}
