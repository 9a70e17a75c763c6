import type { Principal } from '../../domain/access/principal.ts';
import { resourceNamed } from '../../resources/registry.ts';
import { audiencesOf, mayRead } from './audience.ts';
import type { AuthorityReads, FeedEntry } from './ports.ts';
import type { RowKey, SyncPage, SyncRow } from './protocol.ts';

export interface PageRequest {
  readonly nodeId: string;
  readonly cursor: number;
  readonly head: number;
  /** Entries of the feed; a sequence that is longer is given whole. */
  readonly limit: number;
}

/** The next page of a replica: whole sequences, rows as they are now, and what its user does not see any more. */
export async function readPage(reads: AuthorityReads, principal: Principal, { nodeId, cursor, head, limit }: PageRequest): Promise<Pick<SyncPage, 'cursor' | 'rows' | 'gone' | 'confirmed' | 'more'>> {
  const audiences = audiencesOf(principal);
  const range = { after: cursor, limit: limit + 1, audiences };
  // Who sees all customers loses sight of a row only where it is deleted: his right to see it is part of the scope key.
  let feed = await reads.feed(range);
  let left = audiences === 'every' ? [] : await reads.left(range);
  let accepted = await reads.acceptedOf(nodeId, cursor, limit + 1);

  let through = head;
  for (const list of [feed, left, accepted]) {
    const first = list[0];
    const over = list[limit];
    if (first !== undefined && over !== undefined) through = Math.min(through, over.sequence > first.sequence ? over.sequence - 1 : first.sequence);
  }
  const whole = { after: cursor, through, limit: Number.MAX_SAFE_INTEGER, audiences };
  if (feed.length > limit && feed.at(-1)?.sequence === through) feed = await reads.feed(whole);
  if (left.length > limit && left.at(-1)?.sequence === through) left = await reads.left(whole);
  feed = feed.filter((entry) => entry.sequence <= through);
  left = left.filter((entry) => entry.sequence <= through);
  accepted = accepted.filter((entry) => entry.sequence <= through);

  const { rows, unseen } = await rowsOf(reads, principal, feed);
  const gone = new Map<string, RowKey>(unseen.map((key) => [`${key.resource}:${key.id}`, key]));
  const given = new Set(rows.map(({ resource, row }) => `${resource}:${row.id}`));
  for (const { resource, rowId } of left) {
    const key = `${resource}:${rowId}`;
    if (given.has(key) || gone.has(key)) continue;
    const now = await reads.feedEntry(resource, rowId);
    if (now === undefined || !(await seen(reads, principal, now))) gone.set(key, { resource, id: rowId });
  }
  return { cursor: through, rows, gone: [...gone.values()], confirmed: accepted.map(({ id }) => id), more: through < head };
}

async function seen(reads: AuthorityReads, principal: Principal, entry: FeedEntry): Promise<boolean> {
  if (entry.deleted) return false;
  const resource = resourceNamed(entry.resource);
  const row = await reads.rows.get(resource, entry.rowId);
  return row !== undefined && mayRead(principal, resource, entry.audience, row);
}

/** Rows of feed entries that the principal may see, in the order of the entries, and keys of those that are deleted or not his to see. */
export async function rowsOf(reads: AuthorityReads, principal: Principal, entries: readonly FeedEntry[]): Promise<{ readonly rows: SyncRow[]; readonly unseen: RowKey[] }> {
  const wanted = new Map<string, string[]>();
  for (const { resource, rowId, deleted } of entries) {
    if (deleted) continue;
    const ids = wanted.get(resource);
    if (ids === undefined) wanted.set(resource, [rowId]);
    else ids.push(rowId);
  }
  const found = new Map<string, ReadonlyMap<string, object>>();
  for (const [name, ids] of wanted) found.set(name, await reads.getMany(resourceNamed(name), ids));
  const rows: SyncRow[] = [];
  const unseen: RowKey[] = [];
  for (const { resource, rowId, audience, deleted } of entries) {
    const row = deleted ? undefined : found.get(resource)?.get(rowId);
    if (row !== undefined && mayRead(principal, resourceNamed(resource), audience, row)) rows.push({ resource, row: row as SyncRow['row'] });
    else if (deleted ? couldSee(principal, resource, audience) : resource === 'user' && principal.permissions.has('users.read')) unseen.push({ resource, id: rowId });
  }
  return { rows, unseen };
}

/** Whether somebody was told of a row before it was deleted, as far as its kind and audience tell. */
function couldSee(principal: Principal, resource: string, audience: string): boolean {
  if (audience.startsWith('user:')) return audience === `user:${principal.userId}`;
  return audience === 'users' || principal.permissions.has(resourceNamed(resource).permissions.read);
}
