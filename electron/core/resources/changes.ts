import { inScope, type Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import type { StreamSink } from '#shared/rpc/handlers.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { ItemOf } from '#shared/contract/index.ts';
import type { ChangeEvent, Operations } from '../store/operations/operations.ts';

type Item = ItemOf<'resources.changes'>;
/** Ids named of one resource in one item; more are said to be more. */
const NAMED = 200;

/** Ids of the rows of a resource that a commit touched and the principal may, or might until then, see. */
export function visibleIds(read: Operations['read'], resource: Resource, principal: Principal, changes: readonly LoggedChange[]): { readonly ids: readonly string[]; readonly more: boolean } {
  const own = changes.filter((change) => change.resource === resource.name);
  const rule = resource.scope;
  if (principal.scope === 'all' || rule === 'all') return bounded(own.map((change) => change.rowId));
  if (rule === 'none') return { ids: [], more: false };
  const { ids, more: beyond } = bounded(own.map((change) => change.rowId));
  let more = beyond;
  const seen = new Set(read.inScope(resource, principal.scope, ids).map(({ row }) => row.id));
  // What left the scope, or was deleted in it, concerns the principal too.
  const field = 'resource' in rule ? undefined : rule.field;
  for (const change of own) if (field !== undefined && wasInScope(change, field, principal)) seen.add(change.rowId);
  if ('resource' in rule && rule.by !== undefined) {
    for (const change of changes) {
      const points = change.resource === rule.resource ? (change.row?.[rule.by] ?? fromOf(change, rule.by)) : undefined;
      if (typeof points !== 'string' || !wasInScope(change, rule.field, principal)) continue;
      if (rule.on === undefined) seen.add(points);
      // Rows that share the reference are not looked up one by one: they are asked for again.
      else more = true;
    }
  }
  return { ids: [...seen], more: more && (seen.size > 0 || !beyond) };
}

function bounded(all: readonly string[]): { readonly ids: readonly string[]; readonly more: boolean } {
  const ids = [...new Set(all)];
  return { ids: ids.slice(0, NAMED), more: ids.length > NAMED };
}

function fromOf(change: LoggedChange, field: string): unknown {
  const values = change.fields[field];
  return values === undefined || 'withheld' in values ? undefined : values.from;
}

const wasInScope = (change: LoggedChange, field: string, principal: Principal): boolean => inScope(principal.scope, (field === 'id' ? change.rowId : fromOf(change, field)) as string | undefined);

/** Follows the changes of resources that the principal may read; throws AppError forbidden for another one. */
export function followChanges(operations: Pick<Operations, 'read' | 'onChange'>, resources: readonly Resource[], principal: Principal, sink: StreamSink<Item>): Disposable {
  const refused = resources.find((resource) => !principal.permissions.has(resource.permissions.read));
  if (refused !== undefined) throw new AppError('forbidden', 'Your role does not show these rows. Ask an administrator.', { resource: refused.name });
  const waiting = new Map<string, { readonly ids: Set<string>; more: boolean }>();
  sink.source(() => {
    if (waiting.size === 0) return undefined;
    const changes = [...waiting].map(([resource, { ids, more }]) => ({ resource, ids: [...ids], more }));
    waiting.clear();
    return { changes };
  });
  return operations.onChange((event: ChangeEvent) => {
    let told = false;
    for (const resource of resources) {
      const { ids, more } = visibleIds(operations.read, resource, principal, event.changes);
      if (ids.length === 0 && !more) continue;
      told = true;
      const entry = waiting.get(resource.name) ?? { ids: new Set<string>(), more: false };
      waiting.set(resource.name, entry);
      for (const id of ids) if (entry.ids.size < NAMED) entry.ids.add(id);
      if (more || entry.ids.size === NAMED) entry.more = true;
    }
    if (told) sink.ready();
  });
}
