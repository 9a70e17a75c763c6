import type { Principal } from '../../domain/access/principal.ts';
import { RESOURCES } from '../../resources/registry.ts';
import { user } from '../../resources/user.ts';
import { audiencesOf } from './audience.ts';
import { rowsOf } from './page.ts';
import type { AuthorityReads } from './ports.ts';
import type { RowKey, SnapshotPage, SyncRow } from './protocol.ts';

/** Rows after `after` in the order of resources and ids, as far as `limit` entries of the feed go. */
export async function readSnapshot(reads: AuthorityReads, principal: Principal, after: RowKey | undefined, limit: number): Promise<Pick<SnapshotPage, 'rows' | 'next'>> {
  const audiences = audiencesOf(principal);
  const start = after === undefined ? 0 : Math.max(0, RESOURCES.findIndex((resource) => resource.name === after.resource));
  const rows: SyncRow[] = [];
  let room = limit;
  for (const resource of RESOURCES.slice(start)) {
    if (resource.name !== user.name && !principal.permissions.has(resource.permissions.read)) continue;
    const afterId = resource.name === after?.resource ? after.id : undefined;
    const entries = await reads.feedOfResource(resource.name, afterId, room, audiences);
    rows.push(...(await rowsOf(reads, principal, entries)).rows);
    const last = entries.at(-1);
    if (last !== undefined && entries.length === room) return { rows, next: { resource: resource.name, id: last.rowId } };
    room -= entries.length;
  }
  return { rows };
}
