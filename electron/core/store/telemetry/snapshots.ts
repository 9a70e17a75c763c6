import { crc32 } from 'node:zlib';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

/** A consumer's state after the message `sequence`. */
export interface Snapshot {
  readonly sequence: number;
  readonly data: Uint8Array;
}

export function saveSnapshot(database: SqliteDatabase, name: string, snapshot: Snapshot, taken: number): void {
  database
    .prepare(
      `INSERT INTO snapshot (name, sequence, taken, checksum, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, taken = excluded.taken, checksum = excluded.checksum, data = excluded.data`,
    )
    .run(name, snapshot.sequence, Math.round(taken), crc32(snapshot.data), snapshot.data);
}

/** The snapshot, or undefined where there is none, it is damaged, or it is of a later point than `last`, the log's end. */
export function loadSnapshot(database: SqliteDatabase, name: string, last: number): Snapshot | undefined {
  const row = database.prepare<[string], { sequence: number; checksum: number; data: Uint8Array }>('SELECT sequence, checksum, data FROM snapshot WHERE name = ?').get(name);
  if (!row || row.sequence > last || crc32(row.data) !== row.checksum) return undefined;
  return { sequence: row.sequence, data: row.data };
}
