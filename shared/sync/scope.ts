import { inScope, type CustomerScope, type Principal } from '../domain/access/principal.ts';
import { AppError } from '../kernel/error.ts';
import type { Resource } from '../resources/define-resource.ts';
import { resourceNamed } from '../resources/registry.ts';

/** What is needed of a store to find the customer of a row. */
interface Rows {
  get(resource: Resource, id: string): Promise<object | undefined>;
  find(resource: Resource, where: Readonly<Record<string, unknown>>): Promise<readonly object[]>;
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** Whether a principal with this scope may see the row: the same rule as in lists (shared/resources/define-resource.ts, RowScope). */
export async function rowInScope(rows: Rows, resource: Resource, row: object, scope: CustomerScope): Promise<boolean> {
  const rule = resource.scope;
  if (scope === 'all' || rule === 'all') return true;
  if (rule === 'none') return false;
  const own = row as Row;
  if (!('resource' in rule)) return inScope(scope, own[rule.field] as string | undefined);
  const other = resourceNamed(rule.resource);
  const link = rule.through === undefined ? undefined : own[rule.through];
  const [found] = rule.through === undefined ? await rows.find(other, { [rule.by ?? '']: own[rule.on ?? 'id'] }) : typeof link === 'string' ? [await rows.get(other, link)] : [];
  return found !== undefined && inScope(scope, (found as Row)[rule.field] as string | undefined);
}

/** Master data that every customer shares is changed only by those who see every customer. */
export function requireFullScope(principal: Principal): void {
  if (principal.scope !== 'all') throw new AppError('forbidden', 'This change is open to users who see all customers. Ask an administrator.');
}
