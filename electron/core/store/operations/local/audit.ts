import { auditEntry, type AuditEntry } from '#shared/sync/audit.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { changesText } from '#shared/store/change-log.ts';
import { prepared } from '#shared/store/prepared.ts';

const MUTATION = 'mutation';

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
  const { payload, ...rest } = event;
  append(database, { ...rest, reference: '', payload: JSON.stringify(payload ?? {}) }, true);
}

/** Appends the link of a mutation: its payload is `changes`, the text of its rows in the change log, and is not stored twice. */
export function appendMutationAudit(database: SqliteDatabase, event: Omit<AuditEvent, 'kind' | 'payload'> & { readonly mutationId: string; readonly changes: string }): void {
  const { mutationId, changes, ...rest } = event;
  append(database, { ...rest, kind: MUTATION, reference: mutationId, payload: changes }, false);
}

function append(database: SqliteDatabase, event: Parameters<typeof auditEntry>[1], keepPayload: boolean): void {
  const last = prepared<[string], Pick<AuditEntry, 'sequence' | 'hash'>>(database, 'SELECT sequence, hash FROM audit WHERE node_id = ? ORDER BY sequence DESC LIMIT 1').get(event.nodeId);
  const entry = auditEntry(last, event);
  prepared(database, 'INSERT INTO audit (node_id, sequence, at, kind, user_id, subject, reference, payload, digest, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(entry.nodeId, entry.sequence, entry.at, entry.kind, entry.userId, entry.subject, entry.reference, keepPayload ? entry.payload : null, entry.digest, entry.previous, entry.hash);
}

/** A node's audit entries after `after`, oldest first, with the payloads that are still there. */
export function readAudit(database: SqliteDatabase, nodeId: string, options: { readonly after: number; readonly limit: number }): readonly AuditEntry[] {
  const entries = database.prepare<[string, number, number], Omit<AuditEntry, 'payload'> & { payload: string | null }>(
    'SELECT node_id AS nodeId, sequence, at, kind, user_id AS userId, subject, reference, payload, digest, previous, hash FROM audit WHERE node_id = ? AND sequence > ? ORDER BY sequence LIMIT ?',
  );
  return entries.all(nodeId, options.after, options.limit).map(({ payload, ...entry }) => {
    const text = payload ?? (entry.kind === MUTATION ? changesText(database, entry.reference) : undefined);
    return text === undefined ? entry : { ...entry, payload: text };
  });
}
