import { sql, type RawBuilder } from 'kysely';
import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { snake } from '#shared/resources/columns.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { column, linked, MAIN } from './list-sql.ts';

const NOTHING = sql`1 = 0`;

function among(customerId: RawBuilder<unknown>, scope: ReadonlySet<string>): RawBuilder<unknown> {
  return sql`${customerId} in (${sql.join([...scope])})`;
}

/** Rows a principal limited to customers may see; the definition says by which column (shared/resources/define-resource.ts, RowScope). */
export function scopeCondition(resource: Resource, scope: CustomerScope): RawBuilder<unknown> | undefined {
  const rule = resource.scope;
  if (scope === 'all' || rule === 'all') return undefined;
  if (rule === 'none' || scope.size === 0) return NOTHING;
  if (!('resource' in rule)) return among(column(MAIN, snake(rule.field)), scope);
  return sql`exists (select 1 from ${sql.table(resourceNamed(rule.resource).table)} as s where ${linked(rule, 's')} and ${among(column('s', snake(rule.field)), scope)})`;
}

/** The same for a list table, which holds the customer of each row in the column `customerId`. */
export function listScopeCondition(resource: Resource, scope: CustomerScope, customerId: RawBuilder<unknown>): RawBuilder<unknown> | undefined {
  if (scope === 'all' || resource.scope === 'all') return undefined;
  return resource.scope === 'none' || scope.size === 0 ? NOTHING : among(customerId, scope);
}
