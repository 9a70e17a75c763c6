import { z } from 'zod';
import type { Fields, Resource, ValuesOf } from '../resources/define-resource.ts';
import { createSchema, editSchema, valuesSchema, type Edit, type EditInput } from '../resources/schemas.ts';
import { procedure, stream, type Definition } from '../rpc/definition.ts';
import { exportProgress } from './fleet.ts';

const key = z.string().max(60);
/** What may stand in a cell of a grid. */
const cell = z.union([z.string(), z.number(), z.boolean()]);

export const resourceSort = z.object({ column: key, direction: z.enum(['asc', 'desc']) });

/** What of a resource is wanted: rows that have one of the values of every filter, lie in every range and contain the text, sorted over all of them. */
export const resourceQuery = z.object({
  filter: z.record(key, z.array(z.union([z.string().max(200), z.number()])).max(1000)).optional(),
  /** Instants by column, epoch ms: from the first on, and before the second. */
  range: z.record(key, z.object({ from: z.number().optional(), to: z.number().optional() })).optional(),
  search: z.string().max(200).optional(),
  sort: resourceSort.optional(),
});
export type ResourceQuery = z.infer<typeof resourceQuery>;

/** One row: its own fields by key, and what other rows add to it by the keys of the definition's joined columns. */
export interface ResourceRow<F extends Fields = Fields> {
  readonly id: string;
  readonly revision: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly values: ValuesOf<F>;
  readonly joined: Readonly<Record<string, z.infer<typeof cell>>>;
}

function rowSchema<F extends Fields>(resource: Resource<F>): z.ZodType<ResourceRow<F>, ResourceRow<F>> {
  return z.object({ id: z.string(), revision: z.number(), createdAt: z.number(), updatedAt: z.number(), values: valuesSchema(resource), joined: z.record(z.string(), cell) }) as unknown as z.ZodType<ResourceRow<F>, ResourceRow<F>>;
}

/** One change of a row. Values are as stored; references and choices also in words (`fromText`, `toText`). */
export const resourceChange = z.object({
  sequence: z.number(),
  operation: z.enum(['insert', 'update', 'delete']),
  revision: z.number(),
  at: z.number(),
  /** Name of the user, or of what the product itself did. */
  by: z.string(),
  /** What was done, such as "Changed a product". */
  what: z.string(),
  /** Where it was done: this console or another one. */
  where: z.string(),
  fields: z.array(z.object({ field: z.string(), label: z.string(), type: z.string().optional(), from: z.unknown().optional(), to: z.unknown().optional(), fromText: z.string().optional(), toText: z.string().optional(), withheld: z.boolean() })),
});
export type ResourceChange = z.infer<typeof resourceChange>;

/** One choice of a reference or a filter. */
export const resourceOption = z.object({ value: z.string(), label: z.string(), hint: z.string().optional() });
export type ResourceOption = z.infer<typeof resourceOption>;

/** Id of a write made by the client: a write that is sent again under it is not done twice. */
const requestId = z.uuid().optional();
const rowId = z.object({ id: z.uuid() });
/** Rows that one deletion may name. */
export const ROWS_PER_DELETE = 500;

function reads<F extends Fields>(resource: Resource<F>) {
  const access = { permission: resource.permissions.read };
  const many = resource.label.many.toLowerCase();
  const row = rowSchema(resource);
  return {
    list: procedure({
      input: resourceQuery.extend({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
      output: z.object({ total: z.number(), rows: z.array(row) }),
      access,
      doc: `A page of ${many} in scope, filtered, searched and sorted over all rows, ties broken by id.`,
    }),
    get: procedure({ input: rowId, output: row, access, errors: ['not-found'], doc: `One row of ${many}; a row out of scope is not found.` }),
    history: procedure({
      input: z.object({ id: z.uuid(), before: z.number().int().optional(), limit: z.number().int().min(1).max(200) }),
      output: z.object({ changes: z.array(resourceChange), more: z.boolean() }),
      access,
      errors: ['not-found'],
      doc: `Changes of one row of ${many}, newest first, since it came into scope.`,
    }),
    options: procedure({
      input: z.object({ field: key, search: z.string().max(200).optional(), ids: z.array(z.string().max(200)).max(1000).optional(), limit: z.number().int().min(1).max(500).default(50) }),
      output: z.object({ options: z.array(resourceOption), more: z.boolean() }),
      access,
      doc: `Choices for a field of ${many}: rows in scope that a reference may point to, or values that occur; \`ids\` asks for these alone.`,
    }),
    export: stream({
      input: resourceQuery.extend({ columns: z.array(key).min(1).max(60), timeZone: z.string().max(60) }),
      item: exportProgress,
      access,
      coalesce: { mode: 'latest' },
      errors: ['store-full', 'too-large'],
      doc: `Writes the whole list of ${many} (filters, search, sort, every page) as .xlsx; closing the stream cancels.`,
    }),
  };
}

function writes<F extends Fields>(resource: Resource<F>) {
  const { write } = resource.permissions;
  if (write === undefined) throw new Error(`nobody may write ${resource.label.many}`);
  const access = { permission: write };
  const one = resource.label.one.toLowerCase();
  return {
    create: procedure({
      input: z.object({ values: createSchema(resource), requestId }) as unknown as z.ZodType<{ values: ValuesOf<F>; requestId?: string | undefined }, { values: ValuesOf<F>; requestId?: string }>,
      output: z.object({ id: z.string() }),
      access,
      errors: ['not-unique', 'conflict', 'refused', 'store-full'],
      doc: `Adds a row: ${one}.`,
    }),
    update: procedure({
      input: z.object({ id: z.uuid(), revision: z.number().int(), edit: editSchema(resource), requestId }) as unknown as z.ZodType<
        { id: string; revision: number; edit: Edit<F>; requestId?: string | undefined },
        { id: string; revision: number; edit: EditInput<F>; requestId?: string }
      >,
      output: z.object({ id: z.string(), revision: z.number() }),
      access,
      errors: ['not-found', 'not-unique', 'stale', 'conflict', 'refused', 'store-full'],
      doc: `Changes fields of a row (${one}) that its author saw at a revision: other fields merge, strict ones are refused as stale.`,
    }),
    delete: procedure({
      input: z.object({ ids: z.array(z.uuid()).min(1).max(ROWS_PER_DELETE), requestId }),
      output: z.object({ deleted: z.number() }),
      access,
      errors: ['not-found', 'refused', 'conflict', 'store-full'],
      doc: `Deletes rows (${one}), all or none; refused with who refers to them.`,
    }),
  };
}

type Reads<F extends Fields> = ReturnType<typeof reads<F>>;
type Writes<F extends Fields> = ReturnType<typeof writes<F>>;
export type WriteVerb = keyof Writes<Fields>;
export type ReadVerb = keyof Reads<Fields>;

type Verbs<F extends Fields, V extends WriteVerb> = Reads<F> & Pick<Writes<F>, V>;
export type ResourceContract<K extends string, F extends Fields, V extends WriteVerb> = { readonly [P in keyof Verbs<F, V> & string as `${K}.${P}`]: Verbs<F, V>[P] };

/** Name of a resource in the contract: `vehicle-model` is `vehicleModel`. */
export function contractKey(resource: Resource): string {
  return resource.name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Procedures and the export stream of a resource; `verbs` are the writes that people do by hand. `name` is `contractKey` of it. */
export function resourceContract<const K extends string, F extends Fields, const V extends WriteVerb = never>(name: K, resource: Resource<F>, verbs: readonly V[] = []): ResourceContract<K, F, V> {
  if (name !== contractKey(resource)) throw new Error(`resource ${resource.name} is ${name} in the contract`);
  const wanted = verbs as readonly string[];
  const all = { ...reads(resource), ...Object.fromEntries(Object.entries(wanted.length === 0 ? {} : writes(resource)).filter(([verb]) => wanted.includes(verb))) } as Record<string, Definition>;
  return Object.fromEntries(Object.entries(all).map(([verb, definition]) => [`${name}.${verb}`, definition])) as unknown as ResourceContract<K, F, V>;
}
