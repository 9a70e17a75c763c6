import { inScope, type Principal } from '../../domain/access/principal.ts';
import type { Resource } from '../../resources/define-resource.ts';
import { preference } from '../../resources/preference.ts';
import { RESOURCES, resourceNamed } from '../../resources/registry.ts';
import { setting } from '../../resources/setting.ts';
import { user, type UserRow } from '../../resources/user.ts';
import type { RowChange } from '../change.ts';
import type { RowStore } from '../tx.ts';
import type { Audience } from './ports.ts';
import { isSharedSetting } from './shared-rows.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };
type Rows = Pick<RowStore, 'get' | 'find'>;

/** More rows than hang on one row that decides who sees them. */
const DEPENDENTS_LIMIT = 100_000;

const ofCustomer = (customerId: unknown): Audience => (typeof customerId === 'string' ? `customer:${customerId}` : '');

/** Who may see a row, by the rule of its resource (shared/sync/scope.ts says the same of one principal and one row). */
export async function audienceOf(rows: Rows, resource: Resource, row: object): Promise<Audience> {
  const own = row as Row;
  if (resource.name === user.name) return 'users';
  if (resource.name === preference.name) return `user:${String(own['userId'])}`;
  const rule = resource.scope;
  if (rule === 'all') return '*';
  if (rule === 'none') return '';
  if (!('resource' in rule)) return ofCustomer(own[rule.field]);
  const other = resourceNamed(rule.resource);
  const link = rule.through === undefined ? undefined : own[rule.through];
  const [found] = rule.through === undefined ? await rows.find(other, { [rule.by ?? '']: own[rule.on ?? 'id'] }, 1) : typeof link === 'string' ? [await rows.get(other, link)] : [];
  return ofCustomer((found as Row | undefined)?.[rule.field]);
}

/** The audiences a principal belongs to. `every` where he sees all customers: what is other users' is left to `mayRead`. */
export function audiencesOf(principal: Principal): readonly Audience[] | 'every' {
  if (principal.scope === 'all') return 'every';
  return ['*', 'users', `user:${principal.userId}`, ...[...principal.scope].sort().map((id) => `customer:${id}`)];
}

/** Whether the principal may see this row now. */
export function mayRead(principal: Principal, resource: Resource, audience: Audience, row: object): boolean {
  const own = row as Row;
  if (resource.name === user.name) return own.id === principal.userId || (principal.permissions.has('users.read') && reaches(principal, own as unknown as UserRow));
  if (!principal.permissions.has(resource.permissions.read)) return false;
  if (audience.startsWith('user:')) return audience === `user:${principal.userId}`;
  if (resource.name === setting.name && !isSharedSetting(String(own['key']))) return false;
  if (audience === '*' || principal.scope === 'all') return true;
  return audience.startsWith('customer:') && inScope(principal.scope, audience.slice('customer:'.length));
}

/** A user limited to customers sees the users of these customers alone. */
function reaches({ scope }: Principal, { customers }: Pick<UserRow, 'customers'>): boolean {
  return scope === 'all' || (customers !== 'all' && customers.every((id) => scope.has(id)));
}

interface Dependency {
  readonly resource: Resource;
  /** Field of the deciding resource that holds the customer. */
  readonly field: string;
  readonly through?: string;
  readonly by?: string;
  readonly on?: string;
}

const DEPENDENCIES: ReadonlyMap<string, readonly Dependency[]> = dependencies();

function dependencies(): Map<string, Dependency[]> {
  const found = new Map<string, Dependency[]>();
  for (const resource of RESOURCES) {
    const rule = resource.scope;
    if (typeof rule === 'string' || !('resource' in rule)) continue;
    const { field, through, by, on } = rule;
    const list = found.get(rule.resource) ?? [];
    found.set(rule.resource, list);
    list.push({ resource, field, ...(through === undefined ? {} : { through }), ...(by === undefined ? {} : { by }), ...(on === undefined ? {} : { on }) });
  }
  return found;
}

/** Rows that another audience may see since this change of a row through which they are scoped. */
export async function dependentsOf(rows: Rows, change: RowChange): Promise<readonly { readonly resource: Resource; readonly row: Row }[]> {
  const result: { resource: Resource; row: Row }[] = [];
  for (const dependency of DEPENDENCIES.get(change.resource) ?? []) {
    const { resource, field, through, by, on } = dependency;
    if (change.operation === 'update' && !(field in change.fields) && (by === undefined || !(by in change.fields))) continue;
    for (const link of linksOf(change, through === undefined ? by : undefined)) {
      const found = through !== undefined ? await rows.find(resource, { [through]: link }, DEPENDENTS_LIMIT) : on !== undefined ? await rows.find(resource, { [on]: link }, DEPENDENTS_LIMIT) : [await rows.get(resource, link)];
      for (const row of found) if (row !== undefined) result.push({ resource, row: row as unknown as Row });
    }
  }
  return result;
}

/** What rows point to the changed row with: its id, or its values of `by` before and after. */
function linksOf(change: RowChange, by: string | undefined): readonly string[] {
  if (by === undefined) return [change.rowId];
  const field = change.fields[by];
  const values = [change.row?.[by], field !== undefined && !('withheld' in field) ? field.from : undefined];
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}
