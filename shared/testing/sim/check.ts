import type { Principal } from '../../domain/access/principal.ts';
import type { Resource } from '../../resources/define-resource.ts';
import { RESOURCES } from '../../resources/registry.ts';
import { user, type UserRow } from '../../resources/user.ts';
import { authorOf } from '../../sync/replication/author.ts';
import { isSharedSetting } from '../../sync/replication/shared-rows.ts';
import { rowInScope } from '../../sync/scope.ts';
import type { RowStore } from '../../sync/tx.ts';
import type { MemoryAuthorityStore } from './memory-authority.ts';
import type { SimNode } from './node.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** What is wrong in a world that has healed. */
export async function problemsOf(store: MemoryAuthorityStore, nodes: readonly SimNode[]): Promise<string[]> {
  const problems: string[] = store.rows.violations.map((what) => `the server broke ${what}`);
  const accepted = store.accepted().map(({ record }) => record.id);
  for (const id of twice(accepted)) problems.push(`${id} was applied twice`);
  const rejected = new Map(store.outcomes().filter(({ outcome }) => outcome.outcome === 'rejected').map(({ record }) => [record.id, record]));
  for (const node of nodes) {
    const { name } = node;
    for (const entry of await node.outbox()) problems.push(`${name} still waits for ${entry}`);
    for (const what of node.violations()) problems.push(`${name} broke ${what}`);
    const inbox = (await node.attention()).map(({ mutationId }) => mutationId);
    for (const id of twice(inbox)) problems.push(`${name} was told twice of ${id}`);
    for (const id of inbox) if (!node.made.has(id)) problems.push(`${name} was told of ${id}, which it did not make`);
    for (const id of node.made) {
      const told = inbox.includes(id);
      if (rejected.has(id) !== told) problems.push(`${name} made ${id}: ${rejected.has(id) ? 'rejected, and its author was not told' : 'in the inbox, and not rejected'}`);
      if (rejected.has(id) === accepted.includes(id)) problems.push(`${name} made ${id}: ${told ? 'both accepted and rejected' : 'lost'}`);
    }
    problems.push(...(await differences(store.rows, node)));
  }
  return problems;
}

async function differences(server: RowStore, node: SimNode): Promise<string[]> {
  const found: string[] = [];
  const me = (await server.get(user, node.userId)) as UserRow | undefined;
  if (me === undefined) return found;
  const principal = authorOf(me, '', node.name);
  for (const resource of RESOURCES) {
    const expected = new Map<string, string>();
    for (const row of (await server.find(resource, {}, 10_000)) as readonly unknown[] as readonly Row[]) if (await visible(server, principal, resource, row)) expected.set(row.id, textOf(row));
    for (const row of await node.rows(resource)) {
      const wanted = expected.get(row.id);
      expected.delete(row.id);
      if (wanted === undefined) found.push(`${node.name} holds ${resource.name} ${row.id} that it may not see or that is gone`);
      else if (wanted !== textOf(row)) found.push(`${node.name} has another ${resource.name}: ${textOf(row)} instead of ${wanted}`);
    }
    for (const [id] of expected) found.push(`${node.name} lacks ${resource.name} ${id}`);
  }
  return found;
}

/** Who sees what, said once more without the feed. */
async function visible(server: RowStore, principal: Principal, resource: Resource, row: Row): Promise<boolean> {
  if (resource.name === 'user') {
    if (row.id === principal.userId) return true;
    const { customers } = row as unknown as UserRow;
    const { scope } = principal;
    return principal.permissions.has('users.read') && (scope === 'all' || (customers !== 'all' && customers.every((id) => scope.has(id))));
  }
  if (!principal.permissions.has(resource.permissions.read)) return false;
  if (resource.name === 'preference') return row['userId'] === principal.userId;
  if (resource.name === 'setting' && !isSharedSetting(String(row['key']))) return false;
  return rowInScope({ get: (of, id) => server.get(of, id), find: (of, where) => server.find(of, where, 1) }, resource, row, principal.scope);
}

const textOf = (row: Row): string => JSON.stringify(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))));

function twice(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
