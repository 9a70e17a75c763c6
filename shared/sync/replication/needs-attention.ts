import type { AppErrorData } from '../../kernel/error.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { MutatorRegistry } from '../run-mutation.ts';
import type { PushOutcome, RowImage, SyncRow } from './protocol.ts';
import type { AttentionEntry, OutboxEntry, ReplicaTx } from './replica-ports.ts';

/** The entry for a rejected mutation, taken while its rows are still as the author left them. */
export async function attentionFor(tx: ReplicaTx, registry: MutatorRegistry, entry: OutboxEntry, outcome: Extract<PushOutcome, { readonly outcome: 'rejected' }>, at: number): Promise<AttentionEntry> {
  const { record } = entry;
  const rows: SyncRow[] = [];
  for (const key of entry.touched.writes) {
    const split = key.indexOf(':');
    const resource = resourceNamed(key.slice(0, split));
    const row = (await tx.rows.get(resource, key.slice(split + 1))) as RowImage | undefined;
    if (row !== undefined) rows.push({ resource: resource.name, row });
  }
  return {
    mutationId: record.id,
    at,
    userId: record.userId,
    error: outcome.error as AppErrorData,
    mine: { name: record.name, label: registry.get(record.name)?.label ?? record.name, args: record.args, at: record.at, rows },
    theirs: outcome.current ?? [],
  };
}
