import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { Dropped, DropQuery } from './history-store.ts';
import { listSegments } from './segments.ts';

/** Drops the oldest closed segments, each in its own transaction, as far as the query allows. `next`: the next sequence. */
export function dropSegments(database: SqliteDatabase, query: DropQuery, next: number): Dropped {
  let messages = 0;
  for (const segment of listSegments(database)) {
    if (!segment.closed || segment.receivedTo >= query.before || segment.last > query.appliedThrough) break;
    database.transaction(() => {
      database.exec(`DROP TABLE log_${segment.id}; DROP TABLE IF EXISTS raw_${segment.id}`);
      // By key: the table is ordered by unit, and a scan of all hours of all units would take seconds.
      const forget = database.prepare('DELETE FROM segment_unit WHERE unit = ? AND segment = ?');
      for (const unit of database.prepare<[], number>('SELECT number FROM unit').pluck().all()) forget.run(unit, segment.id);
      database.prepare('DELETE FROM segment WHERE id = ?').run(segment.id);
    }).immediate();
    messages += segment.last - segment.first + 1;
  }
  return { messages, first: listSegments(database)[0]?.first ?? next };
}

/** Drops the raw payloads of closed segments received before `before`; returns the number of segments. */
export function dropRawSegments(database: SqliteDatabase, before: number): number {
  let dropped = 0;
  for (const segment of listSegments(database)) {
    if (!segment.closed || !segment.hasRaw || segment.receivedTo >= before) continue;
    database.transaction(() => {
      database.exec(`DROP TABLE raw_${segment.id}`);
      database.prepare('UPDATE segment SET has_raw = 0 WHERE id = ?').run(segment.id);
    }).immediate();
    dropped++;
  }
  return dropped;
}
