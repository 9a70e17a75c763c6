import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { prepared } from '#shared/store/prepared.ts';
import type { LoggedChange, RowChange } from '#shared/sync/change.ts';
import type { MutationRecord } from '#shared/sync/mutation.ts';
import type { PushOutcome, RowKey, SnapshotPage, SyncPage } from '#shared/sync/replication/protocol.ts';
import type { Replica } from '#shared/sync/replication/replica.ts';
import type { ReplicaStatus } from '#shared/sync/replication/replica-ports.ts';
import { appendAudit } from '../local/audit.ts';
import type { SqliteReplicaTx } from './replica-tx.ts';

/** What the writer does for sync: arguments and answers by name. `at`: epoch ms. */
export interface SyncSteps {
  /** From now on what people change is also put in the outbox. `server`: its address, to be told apart from another one. */
  connect: { readonly args: { readonly server: string }; readonly result: undefined };
  status: { readonly args: undefined; readonly result: ReplicaStatus & { readonly server?: string } };
  'next-push': { readonly args: { readonly userId: string }; readonly result: readonly MutationRecord[] };
  outcomes: { readonly args: { readonly outcomes: readonly PushOutcome[]; readonly at: number }; readonly result: undefined };
  page: { readonly args: { readonly page: SyncPage; readonly from: number; readonly at: number }; readonly result: undefined };
  'begin-snapshot': { readonly args: undefined; readonly result: undefined };
  'snapshot-page': { readonly args: { readonly page: SnapshotPage; readonly after?: RowKey | undefined; readonly at: number }; readonly result: undefined };
  /** Its author has dealt with a rejected change; refused for others' and for what was dealt with before. */
  decide: { readonly args: { readonly mutationId: string; readonly userId: string; readonly decided: 'discarded' | 'resent' }; readonly result: undefined };
}

export type SyncStepName = keyof SyncSteps;
export type SyncStep = { readonly [N in SyncStepName]: { readonly kind: 'sync'; readonly name: N; readonly args: SyncSteps[N]['args'] } }[SyncStepName];

/** Key of the state that says to which server a workspace belongs. */
const SERVER = 'server';

export async function isConnected(tx: SqliteReplicaTx): Promise<boolean> {
  return (await tx.state(SERVER)) !== undefined;
}

/** Runs one step in the open transaction; `changed` gets what to announce. */
export async function runSync(database: SqliteDatabase, tx: SqliteReplicaTx, replica: Replica, step: SyncStep, changed: LoggedChange[]): Promise<unknown> {
  switch (step.name) {
    case 'connect': {
      const known = await tx.state(SERVER);
      if (known !== undefined && known !== step.args.server) throw new AppError('refused', 'This workspace belongs to another server. Make a new workspace for this one.');
      return tx.setState(SERVER, step.args.server);
    }
    case 'status': {
      const server = await tx.state(SERVER);
      return { ...(await replica.status(tx)), ...(server === undefined ? {} : { server }) };
    }
    case 'next-push':
      return replica.nextPush(tx, step.args.userId);
    case 'outcomes': {
      const { outcomes, at } = step.args;
      changed.push(...announced(await replica.outcomes(tx, outcomes, at), at));
      for (const outcome of outcomes) if (outcome.outcome === 'rejected') forgetRejected(database, outcome, at);
      return undefined;
    }
    case 'page': {
      const { page, from, at } = step.args;
      changed.push(...announced(await replica.page(tx, page, from), at));
      return undefined;
    }
    case 'begin-snapshot':
      return replica.beginSnapshot(tx);
    case 'snapshot-page': {
      const { page, after, at } = step.args;
      changed.push(...announced(await replica.snapshotPage(tx, page, after), at));
      return undefined;
    }
    case 'decide': {
      const { mutationId, userId, decided } = step.args;
      const done = prepared(database, 'UPDATE needs_attention SET decided = ? WHERE mutation_id = ? AND user_id = ? AND decided IS NULL').run(decided, mutationId, userId);
      if (done.changes !== 1) throw new AppError('not-found', 'This change was dealt with already. Refresh the list.', { mutationId });
      return undefined;
    }
  }
}

/** Changes that came from the server, as listeners get them: they have no place in the log of this node. */
function announced(changes: readonly RowChange[], at: number): LoggedChange[] {
  return changes.map((change) => ({ ...change, sequence: 0, mutationId: '', userId: '', nodeId: '', at }));
}

/** A rejected change never was: its rows leave the history of this node. The audit log keeps that it was tried, and why it was rejected. */
function forgetRejected(database: SqliteDatabase, outcome: Extract<PushOutcome, { readonly outcome: 'rejected' }>, at: number): void {
  const record = prepared<[string], { name: string; userId: string; nodeId: string }>(database, 'SELECT name, user_id AS userId, node_id AS nodeId FROM mutation WHERE id = ?').get(outcome.id);
  if (record === undefined || prepared(database, 'DELETE FROM change_log WHERE mutation_id = ?').run(outcome.id).changes === 0) return;
  const { code, message } = outcome.error;
  appendAudit(database, { nodeId: record.nodeId, at, kind: 'mutation-refused', userId: record.userId, subject: record.name, payload: { mutationId: outcome.id, code, message } });
}
