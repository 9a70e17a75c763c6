import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { alert, alertComment, type AlertCommentRow, type AlertRecord } from '#shared/resources/alert.ts';
import { decodeRow } from '#shared/resources/columns.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { StoredAct, StoredEngine } from '../local/alerts.ts';
import { columnNames } from '#shared/store/sql.ts';
import { ALERT_ORDERS, whereOf, type AlertQuery, type Sql } from './conditions.ts';
import { raisedRows, raisedSlices, type RaisedRow } from './raised.ts';
import type { AlertView } from './view.ts';

const COLUMNS = columnNames(alert).map((name) => `a.${name}`).join(', ');
const COMMENT_COLUMNS = columnNames(alertComment).join(', ');
const NEWEST_FIRST = { column: 'raisedAt', direction: 'desc' } as const;

type Cells = Record<string, unknown>;

export interface AlertSort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

export interface AlertGroup {
  readonly cityId: string | undefined;
  readonly ruleId: string;
  readonly count: number;
  readonly unacknowledged: number;
  readonly first: AlertRecord;
}

/** What telemetry made of an alert. */
export interface AlertEventRow {
  readonly at: number;
  readonly kind: string;
  readonly text: string | undefined;
}

/** Reads alerts over the reading connection. Every list is limited to what its query's view may see. */
export class AlertReader {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** The alert with this id, or that the id is another name of. */
  get(id: string): AlertRecord | undefined {
    const [row] = this.#rows({ text: `SELECT ${COLUMNS} FROM alert AS a WHERE a.id = ?`, parameters: [id] });
    if (row) return row;
    const original = this.#database.prepare<[string], string>('SELECT alert_id FROM alert_alias WHERE alias = ?').pluck().get(id);
    return original === undefined ? undefined : this.#rows({ text: `SELECT ${COLUMNS} FROM alert AS a WHERE a.id = ?`, parameters: [original] })[0];
  }

  /** A page of alerts, newest first where no sort is given, ties broken by id. Throws AppError invalid-input for an unknown column. */
  list(query: AlertQuery, sort: AlertSort = NEWEST_FIRST, offset = 0, limit = 100): { readonly total: number; readonly rows: readonly AlertRecord[] } {
    return { total: this.count(query), rows: this.page(query, sort, offset, limit) };
  }

  count(query: AlertQuery): number {
    const where = whereOf(query);
    return this.#database.prepare<unknown[], number>(`SELECT count(*) FROM alert AS a WHERE ${where.text}`).pluck().get(...where.parameters) ?? 0;
  }

  page(query: AlertQuery, sort: AlertSort, offset: number, limit: number): readonly AlertRecord[] {
    // Ids alone are sorted; whole rows are read for one page.
    const { text, parameters } = this.#ordered('a.id', query, sort);
    const ids = this.#database.prepare<unknown[], string>(`${text} LIMIT ? OFFSET ?`).pluck().all(...parameters, limit, offset);
    const rows = new Map(this.byIds(ids).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id)).filter((row) => row !== undefined);
  }

  /** Ids of the alerts that match, in the order of a sort. */
  sortedIds(query: AlertQuery, sort: AlertSort): readonly string[] {
    const { text, parameters } = this.#ordered('a.id', query, sort);
    return this.#database.prepare<unknown[], string>(text).pluck().all(...parameters);
  }

  /** The alerts that match, by city and rule, each group with the one that rose first. */
  groups(query: AlertQuery): readonly AlertGroup[] {
    const where = whereOf(query);
    const groups = this.#database
      .prepare<unknown[], Cells>(
        `SELECT city_id AS cityId, rule_id AS ruleId, id, total, unacknowledged FROM (
          SELECT a.id, a.city_id, a.rule_id, row_number() OVER (PARTITION BY a.city_id, a.rule_id ORDER BY a.raised_at, a.id) AS place,
            count(*) OVER (PARTITION BY a.city_id, a.rule_id) AS total, sum(a.acknowledged_at IS NULL) OVER (PARTITION BY a.city_id, a.rule_id) AS unacknowledged
          FROM alert AS a WHERE ${where.text}) WHERE place = 1`,
      )
      .all(...where.parameters);
    const first = new Map(this.byIds(groups.map((group) => String(group['id']))).map((row) => [row.id, row]));
    return groups.map((group) => ({ cityId: (group['cityId'] as string | null) ?? undefined, ruleId: String(group['ruleId']), count: Number(group['total']), unacknowledged: Number(group['unacknowledged']), first: first.get(String(group['id']))! }));
  }

  byIds(ids: readonly string[]): readonly AlertRecord[] {
    return this.#rows({ text: `SELECT ${COLUMNS} FROM alert AS a WHERE a.id IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(ids)] });
  }

  /** Every open alert, oldest first. */
  open(): readonly AlertRecord[] {
    return this.#rows({ text: `SELECT ${COLUMNS} FROM alert AS a WHERE a.cleared_at IS NULL ORDER BY a.raised_at, a.id`, parameters: [] });
  }

  /** Alerts of a vehicle that were open at some time in [from, to), oldest first. */
  ofVehicle(vehicleId: string, from: number, to: number, limit: number): readonly AlertRecord[] {
    return this.#rows({
      text: `SELECT ${COLUMNS} FROM alert AS a WHERE a.vehicle_id = ? AND a.raised_at < ? AND (a.cleared_at IS NULL OR a.cleared_at >= ?) ORDER BY a.raised_at, a.id LIMIT ?`,
      parameters: [vehicleId, to, from, limit],
    });
  }

  /** Earlier alerts of the same rule on the same vehicle, newest first, and how many there are. */
  past(of: AlertRecord, offset: number, limit: number): { readonly total: number; readonly rows: readonly AlertRecord[] } {
    const where = 'a.vehicle_id = ? AND a.rule_id = ? AND a.id <> ? AND a.raised_at <= ?';
    const parameters = [of.vehicleId, of.ruleId, of.id, of.raisedAt];
    const total = this.#database.prepare<unknown[], number>(`SELECT count(*) FROM alert AS a WHERE ${where}`).pluck().get(...parameters) ?? 0;
    return { total, rows: this.#rows({ text: `SELECT ${COLUMNS} FROM alert AS a WHERE ${where} ORDER BY a.raised_at DESC, a.id DESC LIMIT ? OFFSET ?`, parameters: [...parameters, limit, offset] }) };
  }

  /** What was raised and matches, oldest first, for charts and figures. */
  raised(query: AlertQuery): readonly RaisedRow[] {
    return raisedRows(this.#database, query);
  }

  /** The same, as many alerts at a time as are looked at in a few milliseconds; for a range of time. */
  raisedSlices(query: AlertQuery & { readonly from: number; readonly to: number }, size?: number): Generator<readonly RaisedRow[]> {
    return raisedSlices(this.#database, query, size);
  }

  /** What telemetry made of an alert, oldest first. */
  events(alertId: string): readonly AlertEventRow[] {
    return this.#database
      .prepare<[string], { at: number; kind: string; text: string | null }>('SELECT at, kind, text FROM alert_event WHERE alert_id = ? ORDER BY at, kind')
      .all(alertId)
      .map(({ at, kind, text }) => ({ at, kind, text: text ?? undefined }));
  }

  comments(alertId: string): readonly AlertCommentRow[] {
    return this.#database.prepare<[string], Cells>(`SELECT ${COMMENT_COLUMNS} FROM alert_comment WHERE alert_id = ? ORDER BY created_at, id`).all(alertId).map((cells) => decodeRow(alertComment, cells));
  }

  /** What the engine knew when it was kept last. */
  engine(): StoredEngine | undefined {
    return this.#database.prepare<[], StoredEngine>("SELECT epoch, sequence, act_sequence AS actSequence, at, data FROM alert_engine WHERE name = 'alerts'").get();
  }

  /** Acts with their place in event time, those after a place in the change log. */
  acts(after: number): readonly StoredAct[] {
    return this.#database.prepare<[number], StoredAct>('SELECT sequence, vehicle_id AS vehicleId, rule_id AS ruleId, act FROM alert_act WHERE sequence > ? ORDER BY sequence').all(after);
  }

  /** Until when the alert of a change had told something when it was made; undefined for changes of an older version. */
  seen(sequence: number): { readonly lastOccurrenceAt: number; readonly returnedAt: number | undefined } | undefined {
    const found = this.#database.prepare<[number], { lastOccurrenceAt: number; returnedAt: number | null }>('SELECT last_occurrence_at AS lastOccurrenceAt, returned_at AS returnedAt FROM alert_seen WHERE sequence = ?').get(sequence);
    return found && { lastOccurrenceAt: found.lastOccurrenceAt, returnedAt: found.returnedAt ?? undefined };
  }

  /** Changes of alerts by people, after a place in the change log; `row` is the alert as it is now, with what the vehicle had done when the change was made. */
  changes(after: number): readonly LoggedChange[] {
    const found = this.#database
      .prepare<[number, string], Cells>('SELECT sequence, mutation_id AS mutationId, row_id AS rowId, operation, revision, fields, user_id AS userId, node_id AS nodeId, at FROM change_log WHERE sequence > ? AND resource = ? ORDER BY sequence')
      .all(after, alert.name);
    return found.flatMap((cells) => {
      const row = this.get(String(cells['rowId']));
      const fields = JSON.parse(String(cells['fields'])) as LoggedChange['fields'];
      return row === undefined ? [] : [{ ...(cells as unknown as LoggedChange), resource: alert.name, fields, row: { ...row, ...this.seen(Number(cells['sequence'])) } }];
    });
  }

  /** The newest place in the change log. */
  lastChange(): number {
    return this.#database.prepare<[], number>('SELECT coalesce(max(sequence), 0) FROM change_log').pluck().get() ?? 0;
  }

  /** Until when a session has seen what was raised, epoch ms; undefined: it has not looked. */
  viewedAt(sessionId: string): number | undefined {
    return this.#database.prepare<[string], number>('SELECT at FROM alert_viewed WHERE session_id = ?').pluck().get(sessionId);
  }

  /** Alerts of a view that were stored after an instant and called for attention. */
  bell(view: AlertView, since: number, now: number): number {
    const where = whereOf({ view, now, show: 'all', createdAfter: since });
    return this.#database.prepare<unknown[], number>(`SELECT count(*) FROM alert AS a WHERE ${where.text} AND a.muted_by IS NULL`).pluck().get(...where.parameters) ?? 0;
  }

  #ordered(columns: string, query: AlertQuery, sort: AlertSort): Sql {
    const order = Object.hasOwn(ALERT_ORDERS, sort.column) ? ALERT_ORDERS[sort.column] : undefined;
    if (!order) throw new AppError('invalid-input', `There is no column "${sort.column}".`, { column: sort.column });
    const where = whereOf(query);
    const direction = sort.direction === 'desc' ? 'DESC' : 'ASC';
    const nulls = order.mayBeEmpty === true ? ' NULLS LAST' : '';
    return { text: `SELECT ${columns} FROM alert AS a ${order.join ?? ''} WHERE ${where.text} ORDER BY ${order.by} ${direction}${nulls}, a.id ${direction}`, parameters: where.parameters };
  }

  #rows(query: Sql): readonly AlertRecord[] {
    return this.#database.prepare<unknown[], Cells>(query.text).all(...query.parameters).map((cells) => decodeRow(alert, cells));
  }
}
