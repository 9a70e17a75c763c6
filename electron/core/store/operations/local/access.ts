import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

export interface SessionRow {
  readonly id: string;
  readonly tokenHash: string;
  readonly userId: string;
  readonly address: string;
  readonly createdAt: number;
  readonly usedAt: number;
}

/** Ended and long unused sessions are kept this long, ms, so that the audit can name them. */
const SESSION_MEMORY = 90 * 86_400_000;
/** A one-time code dies after this many wrong attempts. */
const CODE_ATTEMPTS = 5;

function setCredential(database: SqliteDatabase, args: { readonly userId: string; readonly hash: string; readonly at: number }): void {
  database
    .prepare('INSERT INTO credential (user_id, hash, changed_at) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at')
    .run(args.userId, args.hash, args.at);
}

function removeCredential(database: SqliteDatabase, args: { readonly userId: string }): void {
  database.prepare('DELETE FROM credential WHERE user_id = ?').run(args.userId);
  database.prepare('DELETE FROM reset_code WHERE user_id = ?').run(args.userId);
}

/** Opens a session; throws AppError not-signed-in when the password was changed after it was checked. */
function openSession(database: SqliteDatabase, args: SessionRow & { readonly credentialHash: string }): void {
  const current = database.prepare<[string], string>('SELECT hash FROM credential WHERE user_id = ?').pluck().get(args.userId);
  if (current !== args.credentialHash) throw new AppError('not-signed-in', 'The password was changed a moment ago. Sign in again.');
  database.prepare('DELETE FROM session WHERE used_at < ?').run(args.createdAt - SESSION_MEMORY);
  database
    .prepare('INSERT INTO session (id, token_hash, user_id, address, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(args.id, args.tokenHash, args.userId, args.address, args.createdAt, args.usedAt);
  database.prepare('UPDATE credential SET last_sign_in_at = ? WHERE user_id = ?').run(args.createdAt, args.userId);
}

function touchSession(database: SqliteDatabase, args: { readonly id: string; readonly at: number }): void {
  database.prepare('UPDATE session SET used_at = max(used_at, ?) WHERE id = ? AND ended_at IS NULL').run(args.at, args.id);
}

/** Ends one session, or all of a user's but `except`; returns the ids of those that were alive. */
function endSessions(database: SqliteDatabase, args: { readonly id?: string; readonly userId?: string; readonly except?: string; readonly at: number; readonly reason: string }): string[] {
  const ids = database
    .prepare<[string | null, string | null, string | null], string>('SELECT id FROM session WHERE ended_at IS NULL AND (id = ? OR user_id = ?) AND id IS NOT ? ORDER BY id')
    .pluck()
    .all(args.id ?? null, args.userId ?? null, args.except ?? null);
  const end = database.prepare('UPDATE session SET ended_at = ?, end_reason = ? WHERE id = ?');
  for (const id of ids) end.run(args.at, args.reason, id);
  return ids;
}

/** Stores a new one-time code; every older one of the user is dead. */
function issueCode(database: SqliteDatabase, args: { readonly id: string; readonly userId: string; readonly hash: string; readonly issuedBy: string; readonly at: number; readonly expiresAt: number }): void {
  database.prepare('DELETE FROM reset_code WHERE user_id = ?').run(args.userId);
  database
    .prepare('INSERT INTO reset_code (id, user_id, hash, issued_by, issued_at, expires_at, attempts) VALUES (?, ?, ?, ?, ?, ?, 0)')
    .run(args.id, args.userId, args.hash, args.issuedBy, args.at, args.expiresAt);
}

/**
 * Uses a code for a new password: sets the credential and ends the user's sessions, whose ids it returns. A wrong code counts
 * as an attempt (the fifth kills the code) and gives undefined. One write, so a code cannot be used twice.
 */
function redeemCode(database: SqliteDatabase, args: { readonly userId: string; readonly hash: string; readonly credentialHash: string; readonly at: number }): string[] | undefined {
  const code = database
    .prepare<[string, number], { id: string; hash: string; attempts: number }>('SELECT id, hash, attempts FROM reset_code WHERE user_id = ? AND expires_at > ? AND ended_at IS NULL')
    .get(args.userId, args.at);
  if (code === undefined) return undefined;
  const matches = code.hash === args.hash;
  const ends = matches || code.attempts + 1 >= CODE_ATTEMPTS;
  database.prepare('UPDATE reset_code SET attempts = attempts + 1, ended_at = ? WHERE id = ?').run(ends ? args.at : null, code.id);
  if (!matches) return undefined;
  setCredential(database, { userId: args.userId, hash: args.credentialHash, at: args.at });
  return endSessions(database, { userId: args.userId, at: args.at, reason: 'password reset' });
}

/** Writes of the access service (electron/core/access). Values are hashes: no password, code or token comes here. */
export const ACCESS_WRITES = {
  'credential.set': setCredential,
  'credential.remove': removeCredential,
  'session.open': openSession,
  'session.touch': touchSession,
  'session.end': endSessions,
  'code.issue': issueCode,
  'code.redeem': redeemCode,
} as const;
