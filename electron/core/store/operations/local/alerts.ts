import type { AlertSeverity, AlertTab } from '#shared/domain/alerts/rule.ts';
import type { AlertRecord as EngineAlert } from '#shared/domain/alerts/types.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { alert, type AlertRecord } from '#shared/resources/alert.ts';
import { decodeRow, encodeRow } from '#shared/resources/columns.ts';
import { columnNames } from '#shared/store/sql.ts';

/** What the engine does not know of an alert: what it is called, where it was, what was measured. */
export interface AlertLabel {
  readonly name: string;
  readonly tab: AlertTab;
  readonly severity: AlertSeverity;
  readonly vin: string;
  readonly modelId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly cityId?: string | undefined;
  readonly place?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly value?: number | undefined;
  readonly graphParameter?: number | undefined;
  readonly insights: AlertRecord['insights'];
}

export interface AlertEventArgs {
  readonly at: number;
  readonly kind: string;
  readonly text?: string | undefined;
}

/** One thing the engine found out. */
export type AlertWrite =
  | {
      readonly kind: 'put';
      readonly alert: EngineAlert;
      /** Acts on this alert that the engine has heard of; while the row has more, what people set is left as it is. */
      readonly acts: number;
      /** Needed where the alert is not stored yet. */
      readonly label: AlertLabel | undefined;
      readonly events: readonly AlertEventArgs[];
    }
  | { readonly kind: 'withdraw'; readonly alertId: string }
  | { readonly kind: 'merge'; readonly alertId: string; readonly into: string };

/** The rows as they are now. */
export interface AlertWritten {
  readonly rows: readonly AlertRecord[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface StoredAct {
  /** Its place in the change log. */
  readonly sequence: number;
  readonly vehicleId: string;
  readonly ruleId: string;
  /** JSON of the engine's AlertAct. */
  readonly act: string;
}

const NAMES = columnNames(alert);
const SELECT = `SELECT ${NAMES.join(', ')} FROM alert`;
/** Who cleared what cleared itself. */
const CLEARED_BY: Readonly<Record<NonNullable<EngineAlert['clearReason']>, string>> = {
  'condition-ended': 'Condition ended',
  late: 'Late data, condition ended',
  'rule-removed': 'Rule removed',
  'rule-disabled': 'Rule disabled',
  'not-for-vehicle': 'Rule not for this vehicle',
};

class AlertWriter {
  readonly #database: SqliteDatabase;
  readonly #now: number;
  readonly touched = new Set<string>();
  readonly added = new Set<string>();
  readonly removed = new Set<string>();

  constructor(database: SqliteDatabase, now: number) {
    this.#database = database;
    this.#now = now;
  }

  put({ alert: engine, acts, label, events }: Extract<AlertWrite, { kind: 'put' }>): void {
    const id = this.#idOf(engine.id);
    const row = this.find(id) ?? this.#openOf(engine, id);
    if (row === undefined) {
      if (label === undefined) return;
      this.#insert({ ...machine(engine), ...people(engine), ...label, id, revision: 1, createdAt: this.#now, updatedAt: this.#now, comments: 0, acts: 0 });
      this.added.add(id);
    } else {
      const heard = row.acts <= acts;
      const opens = engine.clearedAt === undefined && row.clearedAt !== undefined && heard;
      if (opens && this.#openOf(engine, row.id)) return;
      const same = row.id === id;
      // An engine that began anew raises what it does not know is open: the alert goes on.
      const since = same ? {} : { raisedAt: Math.min(row.raisedAt, engine.raisedAt), receivedAt: row.receivedAt, occurrences: Math.max(row.occurrences, engine.occurrences) };
      // That it ended by itself stands beside an act of which the engine has not heard.
      const ended = !heard && same && row.clearedAt === undefined && engine.clearedAt !== undefined && engine.clearedBy === undefined;
      const { clearedAt, clearedBy } = people(engine);
      this.#update({ ...row, ...machine(engine), ...since, ...(heard && same ? people(engine) : ended ? { clearedAt, clearedBy } : {}), id: row.id, revision: row.revision + 1, updatedAt: this.#now });
      if (!same) this.#alias(id, row.id);
    }
    this.#events(row?.id ?? id, events);
    this.touched.add(row?.id ?? id);
  }

  /** An alert that nobody has touched never was; one that somebody worked on is closed with the reason. */
  withdraw(alertId: string): void {
    const row = this.find(this.#idOf(alertId));
    if (row === undefined) return;
    if (row.acts === 0 && row.comments === 0) return this.#remove(row.id);
    if (row.clearedAt !== undefined) return;
    this.#update({ ...row, clearedAt: this.#now, clearedBy: 'Late data show that there was none', revision: row.revision + 1, updatedAt: this.#now });
    this.touched.add(row.id);
  }

  merge(alertId: string, into: string): void {
    const from = this.#idOf(alertId);
    const to = this.#idOf(into);
    if (from === to) return;
    const gone = this.find(from);
    if (gone !== undefined && this.find(to) === undefined) {
      this.#database.prepare('UPDATE alert SET id = ? WHERE id = ?').run(to, from);
      this.removed.add(from);
      this.touched.add(to);
    } else if (gone !== undefined) {
      this.#database.prepare('UPDATE alert SET comments = comments + ?, acts = max(acts, ?), revision = revision + 1 WHERE id = ?').run(gone.comments, gone.acts, to);
      this.touched.add(to);
    }
    this.#database.prepare('UPDATE alert_comment SET alert_id = ? WHERE alert_id = ?').run(to, from);
    this.#database.prepare('UPDATE OR IGNORE alert_event SET alert_id = ? WHERE alert_id = ?').run(to, from);
    if (this.find(from) !== undefined) this.#remove(from);
    this.#database.prepare('UPDATE alert_alias SET alert_id = ? WHERE alert_id = ?').run(to, from);
    this.#alias(from, to);
  }

  find(id: string): AlertRecord | undefined {
    const cells = this.#database.prepare<[string], Record<string, unknown>>(`${SELECT} WHERE id = ?`).get(id);
    return cells && decodeRow(alert, cells);
  }

  /** Another open alert of the same rule on the same vehicle: the engine began anew without knowing it. */
  #openOf(engine: EngineAlert, id: string): AlertRecord | undefined {
    if (engine.clearedAt !== undefined) return undefined;
    const cells = this.#database.prepare<[string, string, string], Record<string, unknown>>(`${SELECT} WHERE vehicle_id = ? AND rule_id = ? AND cleared_at IS NULL AND id <> ?`).get(engine.vehicleId, engine.ruleId, id);
    return cells && decodeRow(alert, cells);
  }

  #idOf(id: string): string {
    return this.#database.prepare<[string], string>('SELECT alert_id FROM alert_alias WHERE alias = ?').pluck().get(id) ?? id;
  }

  #alias(alias: string, alertId: string): void {
    this.#database.prepare('INSERT INTO alert_alias (alias, alert_id) VALUES (?, ?) ON CONFLICT (alias) DO UPDATE SET alert_id = excluded.alert_id').run(alias, alertId);
  }

  #insert(row: AlertRecord): void {
    const cells = encodeRow(alert, row);
    this.#database.prepare(`INSERT INTO alert (${NAMES.join(', ')}) VALUES (${NAMES.map(() => '?').join(', ')})`).run(...NAMES.map((name) => cells[name] ?? null));
  }

  #update(row: AlertRecord): void {
    const cells = encodeRow(alert, row);
    this.#database.prepare(`UPDATE alert SET ${NAMES.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`).run(...NAMES.map((name) => cells[name] ?? null), row.id);
  }

  #remove(id: string): void {
    this.#database.prepare('DELETE FROM alert WHERE id = ?').run(id);
    this.#database.prepare('DELETE FROM alert_event WHERE alert_id = ?').run(id);
    this.removed.add(id);
    this.touched.delete(id);
  }

  #events(alertId: string, events: readonly AlertEventArgs[]): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO alert_event (alert_id, at, kind, text) VALUES (?, ?, ?, ?)');
    for (const { at, kind, text } of events) insert.run(alertId, at, kind, text ?? null);
  }
}

/** What of a row telemetry decides. */
function machine(engine: EngineAlert) {
  const { ruleId, ruleVersion, vehicleId, raisedAt, receivedAt, lastOccurrenceAt, occurrences, returnedAt, mutedBy } = engine;
  return { ruleId, ruleVersion, vehicleId, raisedAt, receivedAt, lastOccurrenceAt, occurrences, returnedAt, mutedBy };
}

/** What of a row people decide, as the engine has heard of it, and what ends by itself. */
function people(engine: EngineAlert) {
  const { acknowledgedAt, acknowledgedBy, clearedAt, clearedBy, clearReason, clearComment, forced, shelvedUntil, shelvedBy, shelfReason } = engine;
  const closer = clearedAt === undefined ? undefined : (clearedBy ?? (clearReason === undefined ? undefined : CLEARED_BY[clearReason]));
  return { acknowledgedAt, acknowledgedBy, clearedAt, clearedBy: closer, clearComment, forced, shelvedUntil, shelvedBy, shelfReason };
}

/** Stores what the engine found out, in order, and gives back the rows that it concerns. */
function applyAlerts(database: SqliteDatabase, args: { readonly writes: readonly AlertWrite[]; readonly acts: readonly StoredAct[]; readonly now: number }): AlertWritten {
  const writer = new AlertWriter(database, args.now);
  for (const write of args.writes) {
    if (write.kind === 'put') writer.put(write);
    else if (write.kind === 'withdraw') writer.withdraw(write.alertId);
    else writer.merge(write.alertId, write.into);
  }
  const keep = database.prepare('INSERT INTO alert_act (sequence, vehicle_id, rule_id, act) VALUES (?, ?, ?, ?) ON CONFLICT (sequence) DO UPDATE SET act = excluded.act');
  for (const act of args.acts) keep.run(act.sequence, act.vehicleId, act.ruleId, act.act);
  const rows = [...writer.touched].map((id) => writer.find(id)).filter((row) => row !== undefined);
  return { rows, added: [...writer.added], removed: [...writer.removed] };
}

export interface StoredEngine {
  /** The telemetry log, and how much of it the engine had heard. */
  readonly epoch: string;
  readonly sequence: number;
  /** How much of the change log. */
  readonly actSequence: number;
  readonly at: number;
  readonly data: Uint8Array;
}

/** Keeps what the engine knows; acts that it knows need not be kept beside it. */
function saveEngine(database: SqliteDatabase, { epoch, sequence, actSequence, at, data }: StoredEngine): void {
  database
    .prepare("INSERT OR REPLACE INTO alert_engine (name, epoch, sequence, act_sequence, at, data) VALUES ('alerts', ?, ?, ?, ?, ?)")
    .run(epoch, sequence, actSequence, at, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  database.prepare('DELETE FROM alert_act WHERE sequence <= ?').run(actSequence);
}

/** Notes until when a session has seen what was raised. */
function setViewed(database: SqliteDatabase, args: { readonly sessionId: string; readonly userId: string; readonly at: number }): void {
  database.prepare('INSERT INTO alert_viewed (session_id, user_id, at) VALUES (?, ?, ?) ON CONFLICT (session_id) DO UPDATE SET at = max(at, excluded.at)').run(args.sessionId, args.userId, args.at);
}

/** Writes of the alert service (electron/core/alerts). */
export const ALERT_WRITES = {
  'alert.apply': applyAlerts,
  'alert.engine': saveEngine,
  'alert.viewed': setViewed,
} as const;
