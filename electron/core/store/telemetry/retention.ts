import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { Dropped, DropQuery } from './history-store.ts';
import type { SealStep } from './sealer.ts';
import { HOUR, listSegments } from './segments.ts';

/** Rows of the log removed in one statement, and raw blocks: a few milliseconds each. */
const ROWS_PER_SLICE = 2_000;
const BLOCKS_PER_SLICE = 16;
/** Chunks whose data is dropped in one statement. */
const CHUNKS_PER_SLICE = 100;
/** Beyond it no clock of a unit reaches; hours are epoch ms / 3,600,000. */
const NO_HOUR = -1;

/**
 * Marks what may go: closed segments received whole before an instant that every consumer has applied, and the log of sealed segments
 * as soon as every consumer has applied it. Nothing reads it from here on; `sweep` removes it. `next`: the next sequence.
 */
export function dropSegments(database: SqliteDatabase, query: DropQuery, next: number): Dropped {
  let messages = 0;
  const hour = Math.floor(query.before / HOUR);
  const dropped = hourOf(database, 'points_before');
  database.transaction(() => {
    for (const segment of listSegments(database)) {
      if (!segment.hasLog) continue;
      if (segment.last > query.appliedThrough) break;
      if (segment.sealed) {
        database.prepare('UPDATE segment SET has_log = 2 WHERE id = ?').run(segment.id);
        continue;
      }
      if (!segment.closed || segment.receivedTo >= query.before) break;
      database.prepare('UPDATE segment SET has_log = 2, has_raw = min(has_raw, 1) * 2, sealed = 1 WHERE id = ?').run(segment.id);
      database.prepare('DELETE FROM segment_unit WHERE segment = ?').run(segment.id);
      messages += segment.last - segment.first + 1;
    }
    raise(database, 'points_before', hour);
  }).immediate();
  messages += Number(database.prepare('SELECT coalesce(sum(rows), 0) FROM chunk WHERE data IS NOT NULL AND hour >= ? AND hour < ?').pluck().get(dropped, hour));
  messages += Number(database.prepare('SELECT count(*) FROM late WHERE time >= ? AND time < ?').pluck().get(dropped * HOUR, hour * HOUR));
  return { messages, first: listSegments(database).find((segment) => segment.hasLog)?.first ?? next };
}

/** Marks the raw payloads of closed segments received before `before`; returns the number of segments. */
export function dropRawSegments(database: SqliteDatabase, before: number): number {
  let dropped = 0;
  for (const segment of listSegments(database)) {
    if (!segment.closed || !segment.hasRaw || segment.receivedTo >= before) continue;
    database.prepare('UPDATE segment SET has_raw = 2 WHERE id = ?').run(segment.id);
    dropped++;
  }
  return dropped;
}

/** Removes a slice of what was marked, in one transaction of a few milliseconds. False: nothing is left. */
export function sweep(database: SqliteDatabase, onStep?: (step: SealStep) => void): boolean {
  onStep?.('drop-begin');
  const more = database.transaction(() => {
    const left = sweepTables(database) || sweepChunks(database);
    onStep?.('drop-commit');
    return left;
  }).immediate();
  return more;
}

function sweepTables(database: SqliteDatabase): boolean {
  const marked = database.prepare<[], { id: number; first: number; last: number; has_log: number; has_raw: number }>('SELECT id, first_sequence AS first, last_sequence AS last, has_log, has_raw FROM segment WHERE has_log = 2 OR has_raw = 2 OR (has_log = 0 AND has_raw = 0) ORDER BY id LIMIT 1').get();
  if (!marked) return false;
  const { id } = marked;
  if (marked.has_log === 2) {
    const removed = database.prepare(`DELETE FROM log_${id} WHERE sequence IN (SELECT sequence FROM log_${id} ORDER BY sequence LIMIT ?)`).run(ROWS_PER_SLICE);
    if (removed.changes > 0) return true;
    database.exec(`DROP TABLE log_${id}`);
    database.prepare('UPDATE segment SET has_log = 0 WHERE id = ?').run(id);
  }
  if (marked.has_raw === 2) {
    const removed = database.prepare(`DELETE FROM raw_${id} WHERE first_sequence IN (SELECT first_sequence FROM raw_${id} ORDER BY first_sequence LIMIT ?)`).run(BLOCKS_PER_SLICE);
    if (removed.changes > 0) return true;
    database.exec(`DROP TABLE raw_${id}`);
    database.prepare('UPDATE segment SET has_raw = 0 WHERE id = ?').run(id);
  }
  const gone = database.prepare('DELETE FROM segment WHERE id = ? AND has_log = 0 AND has_raw = 0').run(id);
  // What was numbered is never numbered again, also when nothing of it is left.
  if (gone.changes > 0) raise(database, 'next', marked.last + 1);
  return true;
}

function sweepChunks(database: SqliteDatabase): boolean {
  const hour = hourOf(database, 'points_before');
  const points = database.prepare('UPDATE chunk SET data = NULL WHERE id IN (SELECT id FROM chunk WHERE data IS NOT NULL AND hour < ? ORDER BY hour LIMIT ?)').run(hour, CHUNKS_PER_SLICE);
  const late = database.prepare('DELETE FROM late WHERE sequence IN (SELECT sequence FROM late WHERE time < ? LIMIT ?)').run(hour * HOUR, ROWS_PER_SLICE);
  const rollups = hourOf(database, 'rollups_before');
  const old = database.prepare('DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE data IS NULL AND hour < ? LIMIT ?)').run(rollups, CHUNKS_PER_SLICE);
  const minutes = database.prepare('DELETE FROM minute WHERE id IN (SELECT id FROM minute WHERE hour < ? LIMIT ?)').run(rollups, CHUNKS_PER_SLICE);
  return points.changes + late.changes + old.changes + minutes.changes > 0;
}

/** Sets until when roll-ups are kept, epoch ms; `sweep` removes what is older. */
export function dropRollups(database: SqliteDatabase, before: number): void {
  raise(database, 'rollups_before', Math.floor(before / HOUR));
}

/** Hours of event time before it have been dropped (epoch ms / 3,600,000). */
export function oldestHour(database: SqliteDatabase): number {
  return hourOf(database, 'points_before');
}

type Mark = 'points_before' | 'rollups_before' | 'next';

function hourOf(database: SqliteDatabase, key: Mark): number {
  return Number(database.prepare<[string], string>('SELECT value FROM log_state WHERE key = ?').pluck().get(key) ?? NO_HOUR);
}

function raise(database: SqliteDatabase, key: Mark, value: number): void {
  database.prepare('INSERT INTO log_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))').run(key, String(value));
}
