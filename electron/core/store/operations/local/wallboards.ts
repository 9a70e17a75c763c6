import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

export interface StoredWallboard {
  readonly id: string;
  readonly name: string;
  readonly tokenHash: string;
  /** `all`, or customer ids as JSON. */
  readonly scope: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly lastSeenAt?: number | undefined;
}

function createWallboard(database: SqliteDatabase, row: StoredWallboard): void {
  database
    .prepare('INSERT INTO wallboard_token (id, name, token_hash, scope, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(row.id, row.name, row.tokenHash, row.scope, row.createdAt, row.createdBy, row.expiresAt);
}

function revokeWallboard(database: SqliteDatabase, args: { readonly id: string; readonly at: number }): void {
  database.prepare('UPDATE wallboard_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL').run(args.at, args.id);
}

function touchWallboard(database: SqliteDatabase, args: { readonly id: string; readonly at: number }): void {
  database.prepare('UPDATE wallboard_token SET last_seen_at = ? WHERE id = ? AND revoked_at IS NULL').run(args.at, args.id);
}

/** Tokens that were not revoked, expired ones included. */
export function readWallboards(database: SqliteDatabase): readonly StoredWallboard[] {
  return database
    .prepare<[], StoredWallboard & { lastSeenAt: number | null }>(
      'SELECT id, name, token_hash AS tokenHash, scope, created_at AS createdAt, created_by AS createdBy, expires_at AS expiresAt, last_seen_at AS lastSeenAt FROM wallboard_token WHERE revoked_at IS NULL ORDER BY created_at',
    )
    .all()
    .map((row) => ({ ...row, lastSeenAt: row.lastSeenAt ?? undefined }));
}

/** Writes of the wallboards' tokens (electron/core/access). Values are hashes: no token comes here. */
export const WALLBOARD_WRITES = {
  'wallboard.create': createWallboard,
  'wallboard.revoke': revokeWallboard,
  'wallboard.touch': touchWallboard,
} as const;
