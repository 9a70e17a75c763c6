import type { Resource } from '../../resources/define-resource.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { RowChange } from '../change.ts';
import { audienceOf, dependentsOf } from './audience.ts';
import type { AuthorityTx, FeedEntry, LeftEntry } from './ports.ts';

/**
 * Enters what a mutation changed into the feed at its sequence: its rows as they are now, and rows that others may see since. Whoever lost
 * sight of a row is noted, so that he is told.
 */
export async function enterFeed(tx: AuthorityTx, changes: readonly RowChange[], sequence: number): Promise<void> {
  const changed = new Map<string, { readonly resource: Resource; readonly rowId: string }>();
  for (const { resource, rowId } of changes) changed.set(`${resource}:${rowId}`, { resource: resourceNamed(resource), rowId });
  const entries: FeedEntry[] = [];
  const left: LeftEntry[] = [];

  const enter = async (resource: Resource, rowId: string, row: object | undefined, always: boolean): Promise<void> => {
    const before = await tx.feedEntry(resource.name, rowId);
    const audience = row === undefined ? (before?.audience ?? '') : await audienceOf(tx.rows, resource, row);
    if (!always && before?.audience === audience) return;
    entries.push({ sequence, resource: resource.name, rowId, audience, deleted: row === undefined });
    if (before !== undefined && before.audience !== audience) left.push({ sequence, resource: resource.name, rowId, audience: before.audience });
  };

  for (const { resource, rowId } of changed.values()) await enter(resource, rowId, await tx.rows.get(resource, rowId), true);
  for (const change of changes) {
    for (const { resource, row } of await dependentsOf(tx.rows, change)) {
      const key = `${resource.name}:${row.id}`;
      if (changed.has(key)) continue;
      changed.set(key, { resource, rowId: row.id });
      await enter(resource, row.id, row, false);
    }
  }
  if (entries.length > 0) await tx.putFeed(entries);
  if (left.length > 0) await tx.putLeft(left);
}
