import type { AlertSeverity, AlertTab } from '#shared/domain/alerts/rule.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { whereOf, type AlertQuery, type Sql } from './conditions.ts';
import type { AlertPlace } from './view.ts';

/** What charts and figures are computed from. */
export interface RaisedRow extends AlertPlace {
  readonly raisedAt: number;
  readonly createdAt: number;
  readonly severity: AlertSeverity;
  readonly name: string;
  readonly vin: string;
  readonly cityId: string | undefined;
  readonly mutedBy: string | undefined;
  readonly clearedAt: number | undefined;
  readonly occurrences: number;
  readonly id: string;
  readonly vehicleId: string;
  readonly receivedAt: number;
  readonly lastOccurrenceAt: number;
  readonly acknowledgedAt: number | undefined;
  readonly returnedAt: number | undefined;
  readonly clearComment: string | undefined;
}

/** Alerts that are looked at in one slice: about four milliseconds. */
const SLICE = 1000;
const COLUMNS = `a.id, a.raised_at, a.created_at, a.severity, a.tab, a.rule_id, a.name, a.vin, a.city_id, a.customer_id, a.muted_by, a.vehicle_id, a.received_at, a.last_occurrence_at,
  a.acknowledged_at, a.returned_at, a.clear_comment, a.cleared_at, a.occurrences`;
/** Slices go by time of raising, whoever asks: an index of the view would read all of it for each. */
const BY_TIME = 'alert AS a INDEXED BY alert_raised';

type Cells = readonly [
  id: string, raisedAt: number, createdAt: number, severity: AlertSeverity, tab: AlertTab, ruleId: string, name: string, vin: string, cityId: string | null, customerId: string | null, mutedBy: string | null, vehicleId: string,
  receivedAt: number, lastOccurrenceAt: number, acknowledgedAt: number | null, returnedAt: number | null, clearComment: string | null, clearedAt: number | null, occurrences: number,
];

function rowOf(cells: Cells): RaisedRow {
  const [id, raisedAt, createdAt, severity, tab, ruleId, name, vin, cityId, customerId, mutedBy, vehicleId, receivedAt, lastOccurrenceAt, acknowledgedAt, returnedAt, clearComment, clearedAt, occurrences] = cells;
  return {
    id, raisedAt, createdAt, severity, tab, ruleId, name, vin, cityId: cityId ?? undefined, customerId: customerId ?? undefined, mutedBy: mutedBy ?? undefined, vehicleId, receivedAt, lastOccurrenceAt,
    acknowledgedAt: acknowledgedAt ?? undefined, returnedAt: returnedAt ?? undefined, clearComment: clearComment ?? undefined, clearedAt: clearedAt ?? undefined, occurrences,
  };
}

function read(database: SqliteDatabase, table: string, where: Sql): RaisedRow[] {
  return database.prepare<unknown[], Cells>(`SELECT ${COLUMNS} FROM ${table} WHERE ${where.text} ORDER BY a.raised_at, a.id`).raw().all(...where.parameters).map(rowOf);
}

/** Alerts that match, oldest first. */
export function raisedRows(database: SqliteDatabase, query: AlertQuery): readonly RaisedRow[] {
  return read(database, 'alert AS a', whereOf(query));
}

/** The same in slices; each looks at `size` alerts of the range, however many of them match. */
export function* raisedSlices(database: SqliteDatabase, query: AlertQuery & { readonly from: number; readonly to: number }, size = SLICE): Generator<readonly RaisedRow[]> {
  const where = whereOf(query);
  const end = database.prepare<unknown[], [number, string]>(`SELECT a.raised_at, a.id FROM ${BY_TIME} WHERE (a.raised_at, a.id) > (?, ?) AND a.raised_at < ? ORDER BY a.raised_at, a.id LIMIT 1 OFFSET ?`).raw();
  for (let after: readonly [number, string] = [query.from, '']; ; ) {
    const last = end.get(...after, query.to, size - 1);
    const bounds: Sql = last ? { text: '(a.raised_at, a.id) > (?, ?) AND (a.raised_at, a.id) <= (?, ?)', parameters: [...after, ...last] } : { text: '(a.raised_at, a.id) > (?, ?)', parameters: after };
    yield read(database, BY_TIME, { text: `${where.text} AND ${bounds.text}`, parameters: [...where.parameters, ...bounds.parameters] });
    if (!last) return;
    after = last;
  }
}
