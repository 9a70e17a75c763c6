import { firstRow, type Sql } from './sql.ts';

/** Steps of the server's own tables, in words of both databases. What has been released is never changed; the next step is added. */
const STEPS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE server_state (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
    // The order of row changes: one entry per row, at its latest sequence (shared/sync/replication/ports.ts).
    'CREATE TABLE feed (resource TEXT NOT NULL, row_id TEXT NOT NULL, sequence BIGINT NOT NULL, audience TEXT NOT NULL, deleted SMALLINT NOT NULL, PRIMARY KEY (resource, row_id))',
    'CREATE INDEX feed_place ON feed (sequence, resource, row_id)',
    'CREATE INDEX feed_audience ON feed (audience, sequence)',
    'CREATE TABLE feed_left (resource TEXT NOT NULL, row_id TEXT NOT NULL, audience TEXT NOT NULL, sequence BIGINT NOT NULL, PRIMARY KEY (resource, row_id, audience))',
    'CREATE INDEX feed_left_audience ON feed_left (audience, sequence)',
    'CREATE INDEX feed_left_place ON feed_left (sequence, resource, row_id)',
    // What became of every mutation, for ever: a copy that comes later gets the same answer.
    'CREATE TABLE sync_outcome (id TEXT PRIMARY KEY, name TEXT NOT NULL, args TEXT NOT NULL, user_id TEXT NOT NULL, node_id TEXT NOT NULL, sequence BIGINT, outcome TEXT NOT NULL, received_at BIGINT NOT NULL, session_id TEXT NOT NULL)',
    'CREATE INDEX sync_outcome_node ON sync_outcome (node_id, sequence)',
    'CREATE TABLE sync_node (id TEXT PRIMARY KEY, first_seen_at BIGINT NOT NULL)',
    // Of tokens only hashes are kept.
    `CREATE TABLE server_session (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, node_id TEXT NOT NULL, address TEXT NOT NULL, client TEXT NOT NULL,
       created_at BIGINT NOT NULL, used_at BIGINT NOT NULL, access_hash TEXT NOT NULL UNIQUE, access_until BIGINT NOT NULL, proved_at BIGINT, ended_at BIGINT, end_reason TEXT)`,
    'CREATE INDEX server_session_user ON server_session (user_id)',
    'CREATE TABLE server_refresh (hash TEXT PRIMARY KEY, session_id TEXT NOT NULL, issued_at BIGINT NOT NULL, used_at BIGINT)',
    'CREATE INDEX server_refresh_session ON server_refresh (session_id)',
    'CREATE TABLE server_link (hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, purpose TEXT NOT NULL, issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)',
    'CREATE INDEX server_link_user ON server_link (user_id)',
  ],
];

/** Brings the server's own tables to the newest step. Throws where the store was written by a newer server. */
export async function migrateServerTables(sql: Sql, newEpoch: string): Promise<void> {
  await sql.run('CREATE TABLE IF NOT EXISTS server_schema (number BIGINT PRIMARY KEY)');
  const at = Number((await firstRow<{ at: number | null }>(sql, 'SELECT max(number) AS at FROM server_schema'))?.at ?? 0);
  if (at > STEPS.length) throw new Error(`The store was made by a newer server (step ${at}, this one knows ${STEPS.length}). Install the newer version.`);
  for (const [index, statements] of STEPS.entries()) {
    if (index < at) continue;
    for (const statement of statements) await sql.run(statement);
    await sql.run('INSERT INTO server_schema (number) VALUES (?)', [index + 1]);
  }
  await setState(sql, 'epoch', newEpoch, 'keep');
}

/** A value of the server's state; undefined where it was never set. */
export async function getState(sql: Sql, key: string): Promise<string | undefined> {
  return (await firstRow<{ value: string }>(sql, 'SELECT value FROM server_state WHERE key = ?', [key]))?.value;
}

/** Sets a value of the server's state; `keep` leaves one that is there. */
export async function setState(sql: Sql, key: string, value: string, mode: 'replace' | 'keep' = 'replace'): Promise<void> {
  await sql.run(`INSERT INTO server_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO ${mode === 'keep' ? 'NOTHING' : 'UPDATE SET value = excluded.value'}`, [key, value]);
}
