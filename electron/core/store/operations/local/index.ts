import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { ACCESS_WRITES } from './access.ts';
import { ALERT_WRITES } from './alerts.ts';
import { BULK_UPLOAD_WRITES } from './bulk-uploads.ts';
import { expectRows } from './expect-rows.ts';
import { WALLBOARD_WRITES } from './wallboards.ts';
import { appendAudit, type AuditEvent } from './audit.ts';

/** How far a consumer of the telemetry log has come. */
export interface AppliedThrough {
  readonly consumer: string;
  /** Identity of the log; a new one after the telemetry store was lost and begun again. */
  readonly epoch: string;
  readonly sequence: number;
}

function setAppliedThrough(database: SqliteDatabase, through: AppliedThrough): void {
  database
    .prepare('INSERT INTO applied_through (consumer, epoch, sequence) VALUES (?, ?, ?) ON CONFLICT (consumer) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence')
    .run(through.consumer, through.epoch, through.sequence);
}

/** Writes of this node's own tables: credentials, sessions, audit, positions. They run in the same executor as mutations. */
export const LOCAL_WRITES = {
  'applied-through.set': setAppliedThrough,
  'audit.append': (database: SqliteDatabase, event: AuditEvent) => appendAudit(database, event),
  ...ACCESS_WRITES,
  ...ALERT_WRITES,
  ...WALLBOARD_WRITES,
  ...BULK_UPLOAD_WRITES,
  'rows.expect': expectRows,
} as const;

export type LocalWrites = typeof LOCAL_WRITES;
export type LocalWriteName = keyof LocalWrites;
export type LocalArgs<N extends LocalWriteName> = Parameters<LocalWrites[N]>[1];
export type LocalResult<N extends LocalWriteName> = ReturnType<LocalWrites[N]>;

export type LocalStep = { readonly [N in LocalWriteName]: { readonly kind: 'local'; readonly name: N; readonly args: LocalArgs<N> } }[LocalWriteName];

/** Runs one local write in the open transaction and returns what it gives back. */
export function runLocal(database: SqliteDatabase, step: LocalStep): unknown {
  const write = LOCAL_WRITES[step.name] as (database: SqliteDatabase, args: unknown) => unknown;
  return write(database, step.args);
}
