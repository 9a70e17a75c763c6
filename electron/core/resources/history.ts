import type { ResourceChange } from '#shared/contract/resource.ts';
import { inScope, type Principal } from '#shared/domain/access/principal.ts';
import type { Resource, RowScope } from '#shared/resources/define-resource.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { user } from '#shared/resources/user.ts';
import type { FieldChange, LoggedChange } from '#shared/sync/change.ts';
import { MUTATOR_REGISTRY } from '#shared/sync/mutators/index.ts';
import type { Operations } from '../store/operations/operations.ts';
import { titlesOf, wordsOf } from './titles.ts';

type Logged = Omit<LoggedChange, 'row'>;
type Values = Readonly<Record<string, unknown>>;
type JoinedScope = Extract<RowScope, { readonly resource: string }>;

const kept = (change: FieldChange | undefined): { readonly from?: unknown; readonly to?: unknown } => (change === undefined || 'withheld' in change ? {} : change);

type Read = Operations['read'];
/** More changes than a row has in years. */
const ALL = 10_000;

/** The newest change (of a list, newest first) by which a row came to one of the principal's customers: `was` tells whether the former value was his. */
function arrival(changes: readonly Logged[], field: string, was: (value: unknown) => boolean): number {
  return changes.findIndex((change) => change.operation === 'update' && change.fields[field] !== undefined && !was(kept(change.fields[field]).from));
}

/** The sequence of the change by which the row that says whose this one is (a vehicle's sale) came to one of the principal's customers; 0 where it always was theirs. */
function ownerCame(read: Read, rule: JoinedScope, row: Values, principal: Principal): number {
  const owner = resourceNamed(rule.resource);
  const link = row[rule.through ?? rule.on ?? 'id'];
  const found = typeof link !== 'string' ? undefined : rule.through === undefined ? read.findUnique(owner, rule.by ?? '', link) : read.get(owner, link);
  if (found === undefined) return 0;
  const changes = read.history(owner, found.id, { limit: ALL });
  return changes[arrival(changes, rule.field, (value) => inScope(principal.scope, value as string | undefined))]?.sequence ?? 0;
}

/**
 * How much of a row's history (newest first) a principal limited to customers may see: what happened since the row came to one of them, by
 * itself or with the vehicle it belongs to. What it was before is another customer's business.
 */
function sinceInScope(read: Read, resource: Resource, id: string, changes: readonly Logged[], principal: Principal): { readonly shown: readonly Logged[]; readonly cut: boolean } {
  const rule = resource.scope;
  const whole = { shown: changes, cut: false };
  if (principal.scope === 'all' || typeof rule === 'string') return whole;
  if (!('resource' in rule)) return rule.field === 'id' ? whole : since(changes, arrival(changes, rule.field, (value) => inScope(principal.scope, value as string | undefined)));
  const row = read.get(resource, id) as Values | undefined;
  if (row === undefined) return whole;
  const link = rule.through ?? rule.on ?? 'id';
  // A row that was moved from another vehicle shows what it was there only where that one is visible too.
  const moved = arrival(changes, link, (value) => value === row[link] || visible(read, rule, value, principal));
  const own = since(changes, moved);
  const came = ownerCame(read, rule, row, principal);
  const shown = own.shown.filter(({ sequence }) => sequence > came);
  return { shown, cut: own.cut || shown.length < own.shown.length };
}

function visible(read: Read, rule: JoinedScope, link: unknown, principal: Principal): boolean {
  if (typeof link !== 'string') return false;
  const owner = resourceNamed(rule.resource);
  const found = (rule.through === undefined ? read.findUnique(owner, rule.by ?? '', link) : read.get(owner, link)) as Values | undefined;
  return found !== undefined && inScope(principal.scope, found[rule.field] as string | undefined);
}

/** Changes from the one at `came` on, which shows its new values alone; all of them for -1. */
function since(changes: readonly Logged[], came: number): { readonly shown: readonly Logged[]; readonly cut: boolean } {
  const first = changes[came];
  if (first === undefined) return { shown: changes, cut: false };
  const arrived = Object.fromEntries(Object.entries(first.fields).map(([key, change]) => [key, { ...('withheld' in change ? { withheld: true as const } : { to: change.to }) }]));
  return { shown: [...changes.slice(0, came), { ...first, fields: arrived }], cut: true };
}

/** The history of a row that the principal may see, in words, newest first. */
export function readHistory(operations: Operations, resource: Resource, id: string, principal: Principal, options: { readonly before?: number; readonly limit: number }): { changes: ResourceChange[]; more: boolean } {
  const { read } = operations;
  // A cut further up the history hides this page as well: it is looked for from the newest change on.
  const from = principal.scope === 'all' ? options : { limit: ALL };
  const { shown, cut } = sinceInScope(read, resource, id, read.history(resource, id, { ...from, limit: from.limit + 1 }), principal);
  const older = shown.filter((change) => options.before === undefined || change.sequence < options.before);
  const page = older.slice(0, options.limit);
  const users = new Map(read.choose(user, 'all', { ids: [...new Set(page.map((change) => change.userId))], limit: page.length + 1 }).map(({ row }) => [row.id, row.name]));
  const names = read.mutationNames(page.map((change) => change.mutationId));
  const title = referenceTitles(operations, resource, page, principal);
  return {
    changes: page.map((change) => ({
      sequence: change.sequence,
      operation: change.operation,
      revision: change.revision,
      at: change.at,
      by: users.get(change.userId) ?? (change.userId === 'system' ? 'System' : 'A former user'),
      what: MUTATOR_REGISTRY.get(names.get(change.mutationId) ?? '')?.label ?? 'Changed',
      where: change.nodeId === operations.nodeId ? 'this console' : `console ${change.nodeId.slice(-6)}`,
      fields: Object.entries(change.fields).map(([key, values]) => fieldLine(resource, key, values, title)),
    })),
    more: older.length > page.length && !(cut && page.length === older.length),
  };
}

/** Titles of the rows that the changed references point to, of those the principal may see. */
function referenceTitles(operations: Operations, resource: Resource, page: readonly Logged[], principal: Principal): (to: string, id: string) => string | undefined {
  const wanted = new Map<string, Set<string>>();
  for (const change of page) {
    for (const [key, values] of Object.entries(change.fields)) {
      const to = resource.fields[key]?.to;
      if (to === undefined) continue;
      const ids = wanted.get(to) ?? new Set();
      wanted.set(to, ids);
      for (const id of Object.values(kept(values))) if (typeof id === 'string') ids.add(id);
    }
  }
  const titles = new Map([...wanted].map(([to, ids]) => [to, titlesOf(operations.read, resourceNamed(to), principal.scope, ids)]));
  return (to, id) => titles.get(to)?.get(id);
}

function fieldLine(resource: Resource, key: string, values: FieldChange, title: (to: string, id: string) => string | undefined): ResourceChange['fields'][number] {
  const field = resource.fields[key];
  const { from, to } = kept(values);
  const side = (name: 'from' | 'to', value: unknown) => {
    const text = wordsOf(field, value, title);
    // The id of a row that may not be seen stays here.
    return { ...(value === undefined || field?.type === 'reference' ? {} : { [name]: value }), ...(text === undefined ? {} : { [`${name}Text`]: text }) };
  };
  return { field: key, label: field?.label ?? key, ...(field === undefined ? {} : { type: field.type }), ...side('from', from), ...side('to', to), withheld: 'withheld' in values };
}
