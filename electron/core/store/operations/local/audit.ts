import { auditEntry, type AuditEntry } from '#shared/sync/audit.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

export interface AuditEvent {
  readonly nodeId: string;
  /** Epoch ms. */
  readonly at: number;
  readonly kind: string;
  readonly userId: string;
  readonly subject: string;
  /** Plain data; never passwords, codes or tokens. */
  readonly payload: unknown;
}

/** Appends one link to the node's audit chain. */
export function appendAudit(database: SqliteDatabase, event: AuditEvent): void {
  const last = database.prepare<[string], Pick<AuditEntry, 'sequence' | 'hash'>>('SELECT sequence, hash FROM audit WHERE node_id = ? ORDER BY sequence DESC LIMIT 1').get(event.nodeId);
  const entry = auditEntry(last, { ...event, payload: JSON.stringify(event.payload ?? {}) });
  database
    .prepare('INSERT INTO audit (node_id, sequence, at, kind, user_id, subject, payload, digest, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(entry.nodeId, entry.sequence, entry.at, entry.kind, entry.userId, entry.subject, entry.payload, entry.digest, entry.previous, entry.hash);
}
