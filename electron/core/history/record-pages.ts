import type { RowCursor, StoredRow } from '../store/telemetry/reads.ts';
import type { FleetDirectory } from '../live/directory-port.ts';
import type { RecordHistory } from './ports.ts';

export interface RecordQuery {
  /** Event time, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly after?: RowCursor | undefined;
  /** Only records that hold one of these, and only these values of them. */
  readonly parameters?: readonly number[] | undefined;
}

export interface RecordPage {
  readonly rows: readonly StoredRow[];
  readonly next?: RowCursor;
  readonly damaged: number;
}

/** A page of a vehicle's records, newest first, through all the units it has had, each for its time in it. */
export async function readRecords(history: RecordHistory, directory: Pick<FleetDirectory, 'boundUnits'>, vehicleId: string, query: RecordQuery): Promise<RecordPage> {
  const { after, limit } = query;
  const rows: StoredRow[] = [];
  let damaged = 0;
  const bounds = directory.boundUnits(vehicleId).toReversed();
  for (const [place, bound] of bounds.entries()) {
    const from = Math.max(query.from, bound.from);
    const to = Math.min(query.to, bound.to - 1);
    if (from > to || (after && after.time < from)) continue;
    const within = after && after.time <= to ? { after } : {};
    const page = await history.rows({
      unitId: bound.unitId, from, to, limit: limit - rows.length, newestFirst: true, ...within, ...(query.parameters?.length ? { parameters: query.parameters } : {}),
    });
    rows.push(...page.rows);
    damaged += page.damaged;
    if (page.next) return { rows, next: page.next, damaged };
    const last = rows.at(-1);
    const more = bounds.slice(place + 1).some((older) => Math.max(query.from, older.from) <= Math.min(query.to, older.to - 1));
    if (rows.length >= limit && last && more) return { rows, next: { time: last.time, sequence: last.sequence }, damaged };
  }
  return { rows, damaged };
}

/** All pages of a vehicle's records, newest first. */
export async function* recordPages(history: RecordHistory, directory: Pick<FleetDirectory, 'boundUnits'>, vehicleId: string, query: Omit<RecordQuery, 'after'>): AsyncGenerator<readonly StoredRow[]> {
  let after: RowCursor | undefined;
  do {
    const page = await readRecords(history, directory, vehicleId, { ...query, after });
    if (page.rows.length > 0) yield page.rows;
    after = page.next;
  } while (after);
}
