import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

/** A session as it is listed. Instants are epoch ms. */
export interface ListedSession {
  readonly id: string;
  readonly userId: string;
  readonly address: string;
  readonly client: string;
  readonly createdAt: number;
  readonly usedAt: number;
}

export interface StoredFactor {
  /** Hex. */
  readonly secret: string;
  /** The last time step whose code was used. */
  readonly lastStep: number;
  readonly confirmedAt: number;
}

/** What the list of users shows of a user beside the row. */
export interface SignInState {
  readonly userId: string;
  readonly lastSignInAt: number | undefined;
  readonly sessions: number;
  readonly secondFactor: boolean;
  /** When the one-time code that waits for the user ends. */
  readonly codeUntil: number | undefined;
}

/** Sessions that have not been ended and were used after `usedAfter`, last used first. */
export function readSessions(database: SqliteDatabase, userId: string, alive: { readonly usedAfter: number; readonly createdAfter: number }): readonly ListedSession[] {
  return database
    .prepare<[string, number, number], ListedSession>(
      'SELECT id, user_id AS userId, address, client, created_at AS createdAt, used_at AS usedAt FROM session WHERE user_id = ? AND ended_at IS NULL AND used_at > ? AND created_at > ? ORDER BY used_at DESC, id',
    )
    .all(userId, alive.usedAfter, alive.createdAfter);
}

export function readFactor(database: SqliteDatabase, userId: string): StoredFactor | undefined {
  return database.prepare<[string], StoredFactor>('SELECT secret, last_step AS lastStep, confirmed_at AS confirmedAt FROM second_factor WHERE user_id = ?').get(userId);
}

/** The stored secrets of all second factors. */
export function readFactorSecrets(database: SqliteDatabase): readonly { readonly userId: string; readonly secret: string }[] {
  return database.prepare<[], { userId: string; secret: string }>('SELECT user_id AS userId, secret FROM second_factor').all();
}

/** Recovery codes of a user that were not used. */
export function countRecovery(database: SqliteDatabase, userId: string): number {
  return database.prepare<[string], number>('SELECT count(*) FROM recovery_code WHERE user_id = ? AND used_at IS NULL').pluck().get(userId) ?? 0;
}

/** How every user stands with signing in, by user id. */
export function readSignInStates(database: SqliteDatabase, now: number, alive: { readonly usedAfter: number; readonly createdAfter: number }): ReadonlyMap<string, SignInState> {
  const rows = database
    .prepare<[number, number, number], { userId: string; lastSignInAt: number | null; sessions: number; secondFactor: number; codeUntil: number | null }>(
      `SELECT id AS userId,
         (SELECT last_sign_in_at FROM credential WHERE user_id = app_user.id) AS lastSignInAt,
         (SELECT count(*) FROM session WHERE user_id = app_user.id AND ended_at IS NULL AND used_at > ? AND created_at > ?) AS sessions,
         EXISTS (SELECT 1 FROM second_factor WHERE user_id = app_user.id) AS secondFactor,
         (SELECT max(expires_at) FROM reset_code WHERE user_id = app_user.id AND ended_at IS NULL AND expires_at > ?) AS codeUntil
       FROM app_user`,
    )
    .all(alive.usedAfter, alive.createdAfter, now);
  return new Map(rows.map((row) => [row.userId, { userId: row.userId, lastSignInAt: row.lastSignInAt ?? undefined, sessions: row.sessions, secondFactor: row.secondFactor === 1, codeUntil: row.codeUntil ?? undefined }]));
}
