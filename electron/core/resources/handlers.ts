import type { AppContract } from '#shared/contract/index.ts';
import { contractKey, type ResourceRow } from '#shared/contract/resource.ts';
import { CONTRACT_RESOURCES, resourcesContract } from '#shared/contract/resources.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import type { Fields, Resource } from '#shared/resources/define-resource.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { principalOf, type CallContext, type Handlers, type StreamSink } from '#shared/rpc/handlers.ts';
import { notFound } from '#shared/sync/tracked-tx.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ListedRow } from '../store/operations/list.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { followChanges } from './changes.ts';
import { exportResource, type ExportRequest } from './export.ts';
import { readHistory } from './history.ts';
import { readOptions, type OptionsQuery } from './options.ts';

export type ResourceHandlers = Pick<Handlers<AppContract, Principal>, keyof typeof resourcesContract>;

export interface ResourceServices {
  readonly operations: Operations;
  readonly exchange: Exchange;
}

type Context = CallContext<Principal>;
type Handler = (input: never, context: Context, sink: StreamSink<never>) => unknown;

/** A row as it travels: own values apart from what belongs to every row and what is joined. */
export function wireRow<F extends Fields>({ row, joined }: ListedRow<F>): ResourceRow<F> {
  const { id, revision, createdAt, updatedAt, ...values } = row;
  return { id, revision, createdAt, updatedAt, values, joined } as unknown as ResourceRow<F>;
}

function handlersOf({ operations, exchange }: ResourceServices, resource: Resource): Readonly<Record<string, Handler>> {
  const { read } = operations;
  const key = contractKey(resource);
  const mutation = (verb: 'create' | 'update' | 'delete', args: object, options?: MutationCall['options']): MutationCall => ({ name: `${resource.name}.${verb}`, args, ...(options === undefined ? {} : { options }) }) as unknown as MutationCall;
  const visible = (context: Context, id: string): ListedRow<Fields> => {
    const [found] = read.inScope(resource, principalOf(context).scope, [id]);
    if (found === undefined) throw notFound(resource, id);
    return found;
  };
  const one = async (context: Context, call: MutationCall): Promise<unknown> => (await operations.commit({ principal: principalOf(context), mutations: [call] })).mutations[0];

  const list = (input: Parameters<typeof read.list>[2], context: Context) => {
    const page = read.list(resource, principalOf(context).scope, input);
    return { total: page.total, rows: page.rows.map(wireRow) };
  };
  const history = ({ id, before, limit }: { id: string; before?: number; limit: number }, context: Context) => {
    visible(context, id);
    return readHistory(operations, resource, id, principalOf(context), { ...(before === undefined ? {} : { before }), limit });
  };
  const create = async (input: { values: object; requestId?: string }, context: Context) => one(context, mutation('create', { values: input.values }, requested(input)));
  const update = (input: { id: string; revision: number; edit: object; requestId?: string }, context: Context) =>
    one(context, mutation('update', { id: input.id, edit: input.edit }, { ...requested(input), basedOn: { [`${resource.name}:${input.id}`]: input.revision } }));
  const remove = async (input: { ids: readonly string[]; requestId?: string }, context: Context) => {
    const ids = [...new Set(input.ids)];
    await operations.commit({ principal: principalOf(context), mutations: ids.map((id) => mutation('delete', { id }, deletion(input.requestId, id, ids.length))) });
    return { deleted: ids.length };
  };
  const all = {
    list,
    get: ({ id }: { id: string }, context: Context) => wireRow(visible(context, id)),
    history,
    options: (input: OptionsQuery, context: Context) => readOptions(read, resource, principalOf(context), input),
    export: (input: ExportRequest, context: Context, sink: StreamSink<never>) => exportResource({ read, exchange }, resource, principalOf(context), input, sink),
    create,
    update,
    delete: remove,
  };
  return Object.fromEntries(Object.entries(all).map(([verb, handler]) => [`${key}.${verb}`, handler as Handler]).filter(([name]) => Object.hasOwn(resourcesContract, name as string)));
}

const requested = (input: { readonly requestId?: string }): { readonly id?: string } => (input.requestId === undefined ? {} : { id: input.requestId });

/** The id of one of the deletions of a request: a request that is sent again finds each of them done. */
const deletion = (requestId: string | undefined, id: string, count: number): { readonly id?: string } => (requestId === undefined ? {} : { id: count === 1 ? requestId : uuidv5(`${requestId}:${id}`) });

/** Handlers of every resource of the contract, from their definitions: scope is applied to every answer and every write. */
export function resourceHandlers(services: ResourceServices): ResourceHandlers {
  const made = Object.assign({}, ...CONTRACT_RESOURCES.map((resource) => handlersOf(services, resource))) as object;
  return {
    ...made,
    'resources.changes': ({ resources }, context, sink) => {
      const followed = resources.map((name) => RESOURCES.find((resource) => resource.name === name));
      const known = followed.filter((resource) => resource !== undefined);
      if (known.length !== followed.length) throw new AppError('invalid-input', 'One of these resources is not known.', { resources });
      return followChanges(services.operations, known, principalOf(context), sink);
    },
  } as ResourceHandlers;
}
