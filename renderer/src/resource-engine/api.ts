import { contract, type AppContract } from '#shared/contract/index.ts';
import { contractKey, type ReadVerb, type ResourceChange, type ResourceOption, type ResourceQuery, type ResourceRow, type WriteVerb } from '#shared/contract/resource.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

/** The values an edit sets, and the names of those it empties. */
export interface ResourceEdit {
  readonly set: Readonly<Record<string, unknown>>;
  readonly clear: readonly string[];
}

/** The procedures of one resource. All reject with AppErrors. */
export interface ResourceApi {
  list(query: ResourceQuery & { readonly offset: number; readonly limit: number }): Promise<{ readonly total: number; readonly rows: readonly ResourceRow[] }>;
  get(id: string): Promise<ResourceRow>;
  history(id: string, before: number | undefined, limit: number): Promise<{ readonly changes: readonly ResourceChange[]; readonly more: boolean }>;
  options(field: string, query: { readonly search?: string; readonly ids?: readonly string[]; readonly limit?: number }): Promise<{ readonly options: readonly ResourceOption[]; readonly more: boolean }>;
  create(values: Readonly<Record<string, unknown>>, requestId: string): Promise<{ readonly id: string }>;
  update(id: string, revision: number, edit: ResourceEdit, requestId: string): Promise<{ readonly revision: number }>;
  remove(ids: readonly string[]): Promise<{ readonly deleted: number }>;
}

/** Name of a procedure of the resource. Typed as the product's, which all resources share but for their fields. */
export function verbOf<V extends ReadVerb | WriteVerb>(resource: Resource, verb: V): `product.${V}` {
  return `${contractKey(resource)}.${verb}` as `product.${V}`;
}

/** Whether rows of the resource can be written this way by hand. */
export function hasVerb(resource: Resource, verb: WriteVerb): boolean {
  return Object.hasOwn(contract satisfies AppContract, verbOf(resource, verb));
}

export function resourceApi(rpc: Rpc, resource: Resource): ResourceApi {
  return {
    list: (query) => rpc.call(verbOf(resource, 'list'), query as never) as Promise<never>,
    get: (id) => rpc.call(verbOf(resource, 'get'), { id }),
    history: (id, before, limit) => rpc.call(verbOf(resource, 'history'), { id, limit, ...(before === undefined ? {} : { before }) }),
    options: (field, { search, ids, limit }) =>
      rpc.call(verbOf(resource, 'options'), { field, ...(search === undefined || search === '' ? {} : { search }), ...(ids === undefined ? {} : { ids: [...ids] }), ...(limit === undefined ? {} : { limit }) }),
    create: (values, requestId) => rpc.call(verbOf(resource, 'create'), { values, requestId } as never),
    update: (id, revision, edit, requestId) => rpc.call(verbOf(resource, 'update'), { id, revision, edit: { set: edit.set, clear: [...edit.clear] }, requestId } as never),
    remove: (ids) => rpc.call(verbOf(resource, 'delete'), { ids: [...ids] }),
  };
}
