import { RowSet } from '#shared/domain/telemetry/codec/chunk/row-set.ts';
import { ROW_FLAG } from './batch.ts';
import type { RawMessage, RawPage, RawQuery, RowCursor, RowPage, RowQuery, StoredRow } from './reads.ts';
import type { RawPayload } from './raw-batch.ts';
import { HOUR } from './segments.ts';
import type { HourlyRows } from './unit-history.ts';

/** Rows of one page at most. */
const PAGE_ROWS = 20_000;
/** A page of payloads ends behind so many bytes. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** One page of a unit's rows. `history` covers the query's range. */
export function rowPage(history: HourlyRows, query: RowQuery): RowPage {
  const limit = Math.max(1, Math.min(PAGE_ROWS, query.limit));
  const wanted = query.parameters && new Set(query.parameters);
  const page = new RowSet();
  let last: RowCursor | undefined;
  const more = visitRows(history, query, (rows, row) => {
    if (page.count === limit && (!wanted || hasAny(rows, row, wanted))) return false;
    last = cursorOf(rows, row);
    if (!wanted) page.copy(rows, row);
    else if (hasAny(rows, row, wanted)) copyWanted(rows, row, wanted, page);
    return true;
  });
  return { rows: plainRows(page), ...(more && last ? { next: last } : {}), damaged: history.damaged };
}

/** One page of a unit's raw payloads. */
export function rawPage(history: HourlyRows, query: RawQuery, payload: (sequence: number) => RawPayload | undefined): RawPage {
  const messages: RawMessage[] = [];
  let missing = 0;
  let bytes = 0;
  let visited = 0;
  let last: RowCursor | undefined;
  const more = visitRows(history, query, (rows, row) => {
    // Further rows of a message have no payload of their own.
    if (((rows.flags[row] as number) & ROW_FLAG.continued) !== 0) return true;
    if (messages.length >= query.limit || bytes >= PAGE_BYTES || visited >= PAGE_ROWS) return false;
    visited++;
    last = cursorOf(rows, row);
    const found = payload(last.sequence);
    if (!found) missing++;
    else {
      messages.push({ ...last, received: rows.received[row] as number, deviceTime: rows.deviceTime[row] as number, boot: rows.boot[row] as number, number: rows.number[row] as number, flags: rows.flags[row] as number, ...found });
      bytes += found.payload.length;
    }
    return true;
  });
  return { messages, ...(more && last ? { next: last } : {}), missing, damaged: history.damaged };
}

/**
 * Visits rows in the query's order behind its cursor until `visit` returns false, or the query has visited what it may (behind some row at
 * least); returns whether rows are left.
 */
function visitRows(history: HourlyRows, query: { readonly after?: RowCursor; readonly newestFirst?: boolean }, visit: (rows: RowSet, row: number) => boolean): boolean {
  const { after } = query;
  const backwards = query.newestFirst === true;
  const hours = history.hours();
  if (backwards) hours.reverse();
  let visited = 0;
  for (const hour of hours) {
    if (after && (backwards ? hour > Math.floor(after.time / HOUR) : hour < Math.floor(after.time / HOUR))) continue;
    if (visited > 0 && history.isSpent()) return true;
    const { rows, order } = history.rowsOf(hour);
    if (backwards) order.reverse();
    for (const row of order) {
      if (after) {
        const distance = (rows.time[row] as number) - after.time || (rows.sequence[row] as number) - after.sequence;
        if (backwards ? distance >= 0 : distance <= 0) continue;
      }
      if (!visit(rows, row)) return true;
      visited++;
    }
  }
  return false;
}

function cursorOf(rows: RowSet, row: number): RowCursor {
  return { time: rows.time[row] as number, sequence: rows.sequence[row] as number };
}

function hasAny(rows: RowSet, row: number, wanted: ReadonlySet<number>): boolean {
  for (let at = rows.valueStart(row); at < (rows.valueEnd[row] as number); at++) if (wanted.has(rows.parameters[at] as number)) return true;
  return rows.textsOf(row).some((text) => wanted.has(text.parameter));
}

function copyWanted(rows: RowSet, row: number, wanted: ReadonlySet<number>, into: RowSet): void {
  into.begin(rows.time[row] as number, rows.received[row] as number, rows.deviceTime[row] as number, rows.boot[row] as number, rows.number[row] as number, rows.flags[row] as number, rows.sequence[row] as number);
  for (let at = rows.valueStart(row); at < (rows.valueEnd[row] as number); at++) if (wanted.has(rows.parameters[at] as number)) into.push(rows.parameters[at] as number, rows.values[at] as number);
  for (const text of rows.textsOf(row)) if (wanted.has(text.parameter)) into.pushText(text.parameter, text.text);
}

function plainRows(set: RowSet): StoredRow[] {
  // One buffer for all rows: they travel between threads together.
  const end = set.count === 0 ? 0 : (set.valueEnd[set.count - 1] as number);
  const parameters = set.parameters.slice(0, end);
  const values = set.values.slice(0, end);
  return Array.from({ length: set.count }, (_, row) => ({
    ...cursorOf(set, row),
    received: set.received[row] as number,
    deviceTime: set.deviceTime[row] as number,
    boot: set.boot[row] as number,
    number: set.number[row] as number,
    flags: set.flags[row] as number,
    parameters: parameters.subarray(set.valueStart(row), set.valueEnd[row]),
    values: values.subarray(set.valueStart(row), set.valueEnd[row]),
    texts: set.textsOf(row).map(({ parameter, text }) => ({ parameter, text })),
  }));
}
