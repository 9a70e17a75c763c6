import type { Permission } from '../domain/access/permissions.ts';
import type { Field } from './field.ts';

export type Fields = Readonly<Record<string, Field>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;
type AlwaysKeys<F extends Fields> = { [K in keyof F]: F[K]['mandatory'] extends 'always' ? K : never }[keyof F];

/** The values of the fields as a row holds them. */
export type ValuesOf<F extends Fields> = { readonly [K in AlwaysKeys<F>]: ValueOf<F[K]> } & { readonly [K in Exclude<keyof F, AlwaysKeys<F>>]?: ValueOf<F[K]> | undefined };

/** What every row has beside its fields. */
export interface RowBase {
  readonly id: string;
  /** Grows by one with every change of the row. */
  readonly revision: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type RowOf<F extends Fields> = RowBase & ValuesOf<F>;
/** A change of a row: a member that is `undefined` and present empties the field; an absent member leaves it. */
export type PatchOf<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> | undefined };

/**
 * A column that belongs to another row. `through` follows a reference of this row; `by` finds the one row of another resource
 * whose reference `by` points here, or, with `on`, to the same row as this row's reference `on`.
 */
export interface JoinedColumn {
  /** Name of the resource that has the field. */
  readonly resource: string;
  readonly field: string;
  readonly through?: string;
  readonly by?: string;
  readonly on?: string;
  /** Defaults to the field's label. */
  readonly label?: string;
  readonly searchable?: boolean;
}

/** Which rows a principal limited to customers sees: `all`, `none`, or by the customer id found on the row or through a joined row. */
export type RowScope = 'all' | 'none' | { readonly field: string } | { readonly resource: string; readonly field: string; readonly through?: string; readonly by?: string; readonly on?: string };

export interface DetailsGroup<K extends string> {
  readonly title: string;
  readonly fields: readonly K[];
}

export interface ResourceDefinition<F extends Fields, J extends Readonly<Record<string, JoinedColumn>>> {
  /** Kebab case, singular; names the resource in mutations, change log and references. */
  readonly name: string;
  /** SQL table; the name with underscores unless that is a reserved word. */
  readonly table?: string;
  readonly label: { readonly one: string; readonly many: string };
  readonly fields: F;
  readonly joined?: J;
  /** The field that names a row to people. */
  readonly title: keyof F & string;
  /** Fields that tell two rows of one title apart, shown beside it where a row is chosen. */
  readonly hint?: readonly (keyof F & string)[];
  /** Together unique, compared as text. */
  readonly uniqueTogether?: { readonly key: string; readonly fields: readonly (keyof F & string)[] };
  readonly scope: RowScope;
  /** `many`: tens of thousands of rows and more; lists are answered from a list table that is kept beside them. */
  readonly rows?: 'few' | 'many';
  readonly permissions: { readonly read: Permission; readonly write?: Permission };
  /** Columns of the grid in order, the first ones first to be kept when space is short. */
  readonly grid?: readonly ((keyof F | keyof J) & string)[];
  /** Inputs of the add and edit forms in order; no `add`: rows of this resource are not added by hand. */
  readonly form?: { readonly add?: readonly (keyof F & string)[]; readonly edit?: readonly (keyof F & string)[]; /** Shown above the edit form, not to be changed there. */ readonly shown?: readonly ((keyof F | keyof J) & string)[] };
  readonly details?: readonly DetailsGroup<(keyof F | keyof J) & string>[];
  readonly filters?: readonly ((keyof F | keyof J) & string)[];
  readonly sort?: { readonly column: (keyof F | keyof J) & string; readonly direction: 'asc' | 'desc' };
  /** Column names of the Excel template by field. */
  readonly exchange?: { readonly [K in (keyof F | keyof J) & string]?: string };
  /** The change log keeps values (for the history and the audit), or only which fields changed. */
  readonly history?: 'values' | 'fields';
}

/**
 * A resource: fields described once, from which tables, schemas, lists, forms and labels are derived. Covariant in its fields,
 * so that every resource is a `Resource`; keys were checked against the fields by `defineResource`.
 */
export interface Resource<F extends Fields = Fields> {
  readonly name: string;
  readonly table: string;
  readonly label: { readonly one: string; readonly many: string };
  readonly fields: F;
  readonly joined: Readonly<Record<string, JoinedColumn>>;
  readonly title: string;
  readonly hint?: readonly string[];
  readonly uniqueTogether?: { readonly key: string; readonly fields: readonly string[] };
  readonly scope: RowScope;
  readonly rows?: 'few' | 'many';
  readonly permissions: { readonly read: Permission; readonly write?: Permission };
  readonly grid?: readonly string[];
  readonly form?: { readonly add?: readonly string[]; readonly edit?: readonly string[]; readonly shown?: readonly string[] };
  readonly details?: readonly DetailsGroup<string>[];
  readonly filters?: readonly string[];
  readonly sort?: { readonly column: string; readonly direction: 'asc' | 'desc' };
  readonly exchange?: Readonly<Record<string, string | undefined>>;
  readonly history?: 'values' | 'fields';
}

/** Completes a definition with its defaults. */
export function defineResource<const F extends Fields, const J extends Readonly<Record<string, JoinedColumn>> = Record<never, never>>(definition: ResourceDefinition<F, J>): Resource<F> {
  return { ...definition, table: definition.table ?? definition.name.replaceAll('-', '_'), joined: definition.joined ?? {} };
}

/** The field by its key; throws for a key the resource does not have, which is a programming error. */
export function fieldOf(resource: Resource, key: string): Field {
  const found = resource.fields[key];
  if (found === undefined) throw new Error(`resource ${resource.name} has no field ${key}`);
  return found;
}
