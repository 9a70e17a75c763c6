import { z } from 'zod';
import type { Principal } from '../domain/access/principal.ts';
import type { Fields, PatchOf, Resource, RowOf, ValuesOf } from '../resources/define-resource.ts';
import { createSchema, editSchema, patchOf, type Edit } from '../resources/schemas.ts';
import { defineMutator, type MutationContext, type MutatorAccess } from './mutator.ts';
import { fieldError, isVisible, refuseWhileReferred, requireFullScope, requireReferences } from './mutators/rules.ts';
import { notFound } from './tracked-tx.ts';
import type { Tx } from './tx.ts';

/** What the fields of a resource do not say about its writes. Hooks throw AppErrors; what was written until then is undone. */
export interface ResourceRules<F extends Fields> {
  /** Values that follow from the others, added to what is inserted or changed; `before` is the row that is changed. */
  readonly derive?: (values: PatchOf<F>, context: MutationContext, before?: RowOf<F>) => PatchOf<F>;
  /** Called with the row as it is now after an insert or update; `before` is the row that was. */
  readonly check?: (tx: Tx, row: RowOf<F>, context: MutationContext, before?: RowOf<F>) => Promise<void>;
  /** Called before a row is deleted and before its referrers are looked for. */
  readonly onDelete?: (tx: Tx, row: RowOf<F>, context: MutationContext) => Promise<void>;
}

/** Rows without a customer of their own belong to everybody: only those who see everybody change them. */
function isShared(resource: Resource): boolean {
  const rule = resource.scope;
  return rule === 'all' || rule === 'none' || (!('resource' in rule) && rule.field === 'id');
}

/** The row, which the principal may see; one that he may not is missing. */
export async function needVisible<F extends Fields>(tx: Tx, principal: Principal, resource: Resource<F>, id: string): Promise<RowOf<F>> {
  const row = await tx.get(resource, id);
  if (row === undefined || !(await isVisible(tx, principal, resource, row))) throw notFound(resource, id);
  return row;
}

/** Refuses a row that its author would not see: it would leave his sight for another customer's. */
async function keepInSight(tx: Tx, principal: Principal, resource: Resource, row: object): Promise<void> {
  if (resource.scope === 'none' || (await isVisible(tx, principal, resource, row))) return;
  const rule = resource.scope;
  const field = typeof rule === 'string' ? resource.title : 'resource' in rule ? (rule.through ?? resource.title) : rule.field;
  throw fieldError(field, 'You cannot hand this to a customer whom you do not see.');
}

const one = (resource: Resource): string => {
  const word = resource.label.one.toLowerCase();
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
};
const accessOf = (resource: Resource): MutatorAccess => resource.permissions.write ?? 'system';

function createMutator<F extends Fields>(resource: Resource<F>, rules: ResourceRules<F>) {
  const args = z.strictObject({ id: z.uuid().optional(), values: createSchema(resource) });
  return defineMutator({
    name: `${resource.name}.create`,
    args,
    access: accessOf(resource),
    label: `Added ${one(resource)}`,
    async run(tx, { id, values }: { id?: string | undefined; values: ValuesOf<F> }, context) {
      const { principal } = context;
      if (isShared(resource)) requireFullScope(principal);
      await requireReferences(tx, principal, resource, values);
      const row = await tx.insert(resource, id ?? context.newId(), { ...values, ...rules.derive?.(values, context) } as ValuesOf<F>);
      await keepInSight(tx, principal, resource, row);
      await rules.check?.(tx, row, context);
      return { id: row.id };
    },
  });
}

function updateMutator<F extends Fields>(resource: Resource<F>, rules: ResourceRules<F>) {
  const args = z.strictObject({ id: z.uuid(), edit: editSchema(resource) });
  return defineMutator({
    name: `${resource.name}.update`,
    args,
    access: accessOf(resource),
    label: `Changed ${one(resource)}`,
    async run(tx, { id, edit }: { id: string; edit: Edit<F> }, context) {
      const { principal } = context;
      if (resource.scope === 'all' || resource.scope === 'none') requireFullScope(principal);
      const before = await needVisible(tx, principal, resource, id);
      const patch: PatchOf<F> = patchOf<F>(edit);
      await requireReferences(tx, principal, resource, patch);
      const row = await tx.update(resource, id, { ...patch, ...rules.derive?.({ ...before, ...patch } as PatchOf<F>, context, before) });
      await keepInSight(tx, principal, resource, row);
      await rules.check?.(tx, row, context, before);
      return { id, revision: row.revision };
    },
  });
}

function deleteMutator<F extends Fields>(resource: Resource<F>, rules: ResourceRules<F>) {
  return defineMutator({
    name: `${resource.name}.delete`,
    args: z.strictObject({ id: z.uuid() }),
    access: accessOf(resource),
    label: `Deleted ${one(resource)}`,
    async run(tx, { id }, context) {
      if (isShared(resource)) requireFullScope(context.principal);
      const row = await needVisible(tx, context.principal, resource, id);
      await rules.onDelete?.(tx, row, context);
      await refuseWhileReferred(tx, resource, id);
      await tx.delete(resource, id);
      return { id };
    },
  });
}

type ResourceMutators<N extends string, F extends Fields> = { readonly [K in `${N}.create`]: ReturnType<typeof createMutator<F>> } & {
  readonly [K in `${N}.update`]: ReturnType<typeof updateMutator<F>>;
} & { readonly [K in `${N}.delete`]: ReturnType<typeof deleteMutator<F>> };

/**
 * Create, update and delete of a resource as its definition says: references must exist, unique values be free, rows stay in the author's
 * scope, deletion is refused while others refer to the row. `name` is the resource's, so that the mutations are typed by it.
 */
export function resourceMutators<const N extends string, F extends Fields>(name: N, resource: Resource<F>, rules: ResourceRules<F> = {}): ResourceMutators<N, F> {
  if (name !== resource.name) throw new Error(`the mutators of ${resource.name} are named ${name}`);
  return { [`${name}.create`]: createMutator(resource, rules), [`${name}.update`]: updateMutator(resource, rules), [`${name}.delete`]: deleteMutator(resource, rules) } as ResourceMutators<N, F>;
}
