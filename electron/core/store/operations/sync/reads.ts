import type { AppErrorData } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { prepared } from '#shared/store/prepared.ts';
import type { AttentionEntry } from '#shared/sync/replication/replica-ports.ts';

interface AttentionCells {
  readonly mutationId: string;
  readonly at: number;
  readonly userId: string;
  readonly error: string;
  readonly mine: string;
  readonly theirs: string;
  readonly decided: string | null;
}

/** Of these rows the ids of those with changes that wait for the server. */
export function rowsWaiting(database: SqliteDatabase, resource: string, ids: readonly string[]): ReadonlySet<string> {
  const find = prepared<[string, string], { id: string }>(database, 'SELECT row_id AS id FROM sync_base WHERE resource = ? AND row_id = ?');
  return new Set(ids.filter((id) => find.get(resource, id) !== undefined));
}

/** Rejected changes of a user that he has not dealt with, newest first. */
export function readAttention(database: SqliteDatabase, userId: string, limit = 500): readonly AttentionEntry[] {
  return prepared<[string, number], AttentionCells>(
    database,
    'SELECT mutation_id AS mutationId, at, user_id AS userId, error, mine, theirs, decided FROM needs_attention WHERE user_id = ? AND decided IS NULL ORDER BY at DESC, mutation_id LIMIT ?',
  ).all(userId, limit).map(({ mutationId, at, userId: author, error, mine, theirs }) => ({
    mutationId,
    at,
    userId: author,
    error: JSON.parse(error) as AppErrorData,
    mine: JSON.parse(mine) as AttentionEntry['mine'],
    theirs: JSON.parse(theirs) as AttentionEntry['theirs'],
  }));
}
