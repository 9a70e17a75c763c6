import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

/** Notes until when a session has seen what was raised. */
function setViewed(database: SqliteDatabase, args: { readonly sessionId: string; readonly userId: string; readonly at: number }): void {
  database.prepare('INSERT INTO alert_viewed (session_id, user_id, at) VALUES (?, ?, ?) ON CONFLICT (session_id) DO UPDATE SET at = max(at, excluded.at)').run(args.sessionId, args.userId, args.at);
}

/** Writes of the alert service (electron/core/alerts). */
export const ALERT_WRITES = {
  'alert.viewed': setViewed,
} as const;
