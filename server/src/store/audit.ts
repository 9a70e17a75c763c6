import { auditEntry, type AuditEntry } from '#shared/sync/audit.ts';
import { firstRow, type Sql } from './sql.ts';

export interface ServerAuditEvent {
  /** Epoch ms. */
  readonly at: number;
  readonly kind: string;
  readonly userId: string;
  readonly subject: string;
  /** Plain data; never passwords or tokens. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Appends one link to the server's audit chain, in the open transaction. */
export async function appendServerAudit(sql: Sql, nodeId: string, event: ServerAuditEvent): Promise<void> {
  await append(sql, { ...event, nodeId, reference: '', payload: JSON.stringify(event.payload) }, true);
}

/** Appends the link of a mutation; its payload is `changes`, the text of its rows in the change log, which is not stored twice. */
export async function appendMutationLink(sql: Sql, nodeId: string, event: { readonly at: number; readonly userId: string; readonly subject: string; readonly mutationId: string; readonly changes: string }): Promise<void> {
  const { mutationId, changes, ...rest } = event;
  await append(sql, { ...rest, kind: 'mutation', nodeId, reference: mutationId, payload: changes }, false);
}

async function append(sql: Sql, event: Parameters<typeof auditEntry>[1], keepPayload: boolean): Promise<void> {
  const last = await firstRow<Pick<AuditEntry, 'sequence' | 'hash'>>(sql, 'SELECT sequence, hash FROM audit WHERE node_id = ? ORDER BY sequence DESC LIMIT 1', [event.nodeId]);
  const entry = auditEntry(last, event);
  await sql.run('INSERT INTO audit (node_id, sequence, at, kind, user_id, subject, reference, payload, digest, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    entry.nodeId, entry.sequence, entry.at, entry.kind, entry.userId, entry.subject, entry.reference, keepPayload ? entry.payload : null, entry.digest, entry.previous, entry.hash,
  ]);
}
