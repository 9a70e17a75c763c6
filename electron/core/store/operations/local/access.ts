import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

export interface SessionRow {
  readonly id: string;
  readonly tokenHash: string;
  readonly userId: string;
  readonly address: string;
  /** Browser and machine in words, as the client said. */
  readonly client: string;
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

/** Opens a session; throws AppError not-signed-in when the password was changed, or the user locked, after the password was checked. */
function openSession(database: SqliteDatabase, args: SessionRow & { readonly credentialHash: string }): void {
  const current = database.prepare<[string], string>("SELECT hash FROM credential WHERE user_id = ? AND EXISTS (SELECT 1 FROM app_user WHERE id = user_id AND status = 'active')").pluck().get(args.userId);
  if (current !== args.credentialHash) throw new AppError('not-signed-in', 'The password was changed a moment ago. Sign in again.');
  database.prepare('DELETE FROM session WHERE used_at < ?').run(args.createdAt - SESSION_MEMORY);
  database
    .prepare('INSERT INTO session (id, token_hash, user_id, address, client, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(args.id, args.tokenHash, args.userId, args.address, args.client, args.createdAt, args.usedAt);
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

/** Whether this is the user's code. A wrong one counts as an attempt; the fifth kills the code. */
function checkCode(database: SqliteDatabase, args: { readonly userId: string; readonly hash: string; readonly at: number }): boolean {
  const code = database
    .prepare<[string, number], { id: string; hash: string; attempts: number }>('SELECT id, hash, attempts FROM reset_code WHERE user_id = ? AND expires_at > ? AND ended_at IS NULL')
    .get(args.userId, args.at);
  if (code === undefined) return false;
  if (code.hash === args.hash) return true;
  database.prepare('UPDATE reset_code SET attempts = attempts + 1, ended_at = ? WHERE id = ?').run(code.attempts + 1 >= CODE_ATTEMPTS ? args.at : null, code.id);
  return false;
}

/**
 * Uses a code for a new password: sets the credential and ends the user's sessions, whose ids it returns. Throws AppError refused where the
 * code is no longer good: it cannot be used twice.
 */
function redeemCode(database: SqliteDatabase, args: { readonly userId: string; readonly hash: string; readonly credentialHash: string; readonly at: number }): string[] {
  const used = database.prepare('UPDATE reset_code SET ended_at = ? WHERE user_id = ? AND hash = ? AND expires_at > ? AND ended_at IS NULL').run(args.at, args.userId, args.hash, args.at);
  if (used.changes !== 1) throw new AppError('refused', 'This code was used a moment ago.');
  setCredential(database, { userId: args.userId, hash: args.credentialHash, at: args.at });
  return endSessions(database, { userId: args.userId, at: args.at, reason: 'password reset' });
}

/** Stores a confirmed second factor with its recovery codes; what the user had before is gone. */
function setFactor(database: SqliteDatabase, args: { readonly userId: string; readonly secret: string; readonly step: number; readonly recovery: readonly string[]; readonly at: number }): void {
  database
    .prepare('INSERT INTO second_factor (user_id, secret, last_step, confirmed_at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, confirmed_at = excluded.confirmed_at')
    .run(args.userId, args.secret, args.step, args.at);
  setRecovery(database, args);
}

function setRecovery(database: SqliteDatabase, args: { readonly userId: string; readonly recovery: readonly string[] }): void {
  database.prepare('DELETE FROM recovery_code WHERE user_id = ?').run(args.userId);
  const insert = database.prepare('INSERT INTO recovery_code (user_id, hash) VALUES (?, ?)');
  for (const hash of args.recovery) insert.run(args.userId, hash);
}

/** Puts the sealed form of a secret in the place of the plain one, whose bytes are overwritten; nothing where the factor was set anew meanwhile. */
function sealFactor(database: SqliteDatabase, args: { readonly userId: string; readonly plain: string; readonly sealed: string }): void {
  database.pragma('secure_delete = ON');
  database.prepare('UPDATE second_factor SET secret = ? WHERE user_id = ? AND secret = ?').run(args.sealed, args.userId, args.plain);
  database.pragma('secure_delete = OFF');
}

/** Takes the code of a time step; false where that step or a later one was used before. */
function useFactor(database: SqliteDatabase, args: { readonly userId: string; readonly step: number }): boolean {
  return database.prepare('UPDATE second_factor SET last_step = ? WHERE user_id = ? AND last_step < ?').run(args.step, args.userId, args.step).changes === 1;
}

/** Takes a recovery code; false where it is unknown or was used. */
function useRecovery(database: SqliteDatabase, args: { readonly userId: string; readonly hash: string; readonly at: number }): boolean {
  return database.prepare('UPDATE recovery_code SET used_at = ? WHERE user_id = ? AND hash = ? AND used_at IS NULL').run(args.at, args.userId, args.hash).changes === 1;
}

function removeFactor(database: SqliteDatabase, args: { readonly userId: string }): void {
  database.prepare('DELETE FROM second_factor WHERE user_id = ?').run(args.userId);
  database.prepare('DELETE FROM recovery_code WHERE user_id = ?').run(args.userId);
}

/** Writes of the access service (electron/core/access). Values are hashes: no password, code or token comes here; a second factor's secret does, sealed (electron/core/access/factor-vault.ts). */
export const ACCESS_WRITES = {
  'credential.set': setCredential,
  'session.open': openSession,
  'session.touch': touchSession,
  'session.end': endSessions,
  'code.issue': issueCode,
  'code.check': checkCode,
  'code.redeem': redeemCode,
  'factor.set': setFactor,
  'factor.seal': sealFactor,
  'factor.use': useFactor,
  'factor.recover': useRecovery,
  'factor.renew-recovery': setRecovery,
  'factor.remove': removeFactor,
} as const;
