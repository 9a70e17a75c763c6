import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

export const HOUR = 3_600_000;

/** One segment: the messages received within an hour. */
export interface Segment {
  readonly id: number;
  readonly hour: number;
  readonly closed: boolean;
  readonly first: number;
  readonly last: number;
  readonly receivedFrom: number;
  readonly receivedTo: number;
  readonly timeFrom: number;
  readonly timeTo: number;
  readonly hasRaw: boolean;
  /** Its rows are still there. */
  readonly hasLog: boolean;
  /** Its rows are all in chunks or late. */
  readonly sealed: boolean;
}

interface SegmentRow {
  id: number;
  hour: number;
  closed: number;
  first_sequence: number;
  last_sequence: number;
  received_from: number;
  received_to: number;
  time_from: number;
  time_to: number;
  has_raw: number;
  has_log: number;
  sealed: number;
}

/** All segments, oldest first. */
export function listSegments(database: SqliteDatabase): Segment[] {
  const rows = database
    .prepare<[], SegmentRow>('SELECT id, hour, closed, first_sequence, last_sequence, received_from, received_to, time_from, time_to, has_raw, has_log, sealed FROM segment ORDER BY id')
    .all();
  return rows.map((row) => ({
    id: row.id,
    hour: row.hour,
    closed: row.closed === 1,
    first: row.first_sequence,
    last: row.last_sequence,
    receivedFrom: row.received_from,
    receivedTo: row.received_to,
    timeFrom: row.time_from,
    timeTo: row.time_to,
    hasRaw: row.has_raw === 1,
    hasLog: row.has_log === 1,
    sealed: row.sealed === 1,
  }));
}

/**
 * Whether a message received at `received` belongs to a new segment after one of `hour`. A clock that was set back by more than
 * an hour begins a new one too, so that a wrong clock cannot keep a segment open for years.
 */
export function needsNewSegment(hour: number, received: number): boolean {
  const now = Math.floor(received / HOUR);
  return now > hour || now < hour - 1;
}
