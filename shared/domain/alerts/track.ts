import { uuidv5 } from '../../kernel/ids.ts';
import type { CompiledRule } from './plan.ts';
import { RuleFold, type FoldState } from './fold.ts';
import { deriveAlerts, effectiveTime, overlap, type DerivedAlert } from './records.ts';
import type { AlertMute, AlertState } from './rule.ts';
import type { AlertAct, AlertEffect, AlertInterval, AlertRecord } from './types.ts';

/** An alert in memory. */
export interface TrackedAlert {
  record: AlertRecord;
  intervals: readonly AlertInterval[];
  /** What muted it when it rose, while nothing unmuted has happened since. */
  born: AlertMute | undefined;
}

export interface Shelf {
  readonly since: number;
  /** Epoch ms. */
  readonly until: number;
  readonly by: string;
  readonly reason: string;
}

/** Intervals of a long-open alert above this number are gathered into one that counts for them. */
const INTERVALS_KEPT = 64;

/**
 * The id of an alert: the same on every node that saw the interval (docs/adr/0019-alerts-and-order.md). `again` tells alerts apart
 * whose start late data have moved: one keeps the id it had from where another begins now.
 */
export function alertIdOf(ruleId: string, vehicleId: string, raisedAt: number, again = 0): string {
  return uuidv5(`alert:${ruleId}:${vehicleId}:${Math.round(raisedAt)}${again === 0 ? '' : `:${again}`}`);
}

/** What is known of one rule on one vehicle. */
export class Track {
  readonly vehicleId: string;
  rule: CompiledRule;
  /** The condition before the first row kept. */
  base: RuleFold;
  /** And now. */
  fold: RuleFold;
  /** Intervals that ended before the first row kept, as far as an alert in memory has them. */
  settled: AlertInterval[] = [];
  /** All intervals, ascending. */
  intervals: AlertInterval[] = [];
  alerts: TrackedAlert[] = [];
  acts: AlertAct[] = [];
  shelf: Shelf | undefined;
  /** Start of an interval from late data that calls after all, because nothing followed it; NaN: none. */
  waived = Number.NaN;
  /** Until when it was stepped, for rules by time of reception. */
  stepped = Number.NEGATIVE_INFINITY;

  constructor(vehicleId: string, rule: CompiledRule, base?: FoldState) {
    this.vehicleId = vehicleId;
    this.rule = rule;
    this.base = new RuleFold(rule, base);
    this.fold = this.base;
  }

  get open(): TrackedAlert | undefined {
    const last = this.alerts.at(-1);
    return last?.record.clearedAt === undefined ? last : undefined;
  }

  /** Its alert is open and its condition holds. */
  get active(): boolean {
    const { open } = this;
    return open !== undefined && open.record.returnedAt === undefined;
  }

  /** Nothing to remember, and nothing that time will change. */
  get empty(): boolean {
    return this.alerts.length === 0 && this.settled.length === 0 && this.shelf === undefined && this.acts.length === 0 && this.base.idle && this.fold.idle;
  }

  /** Derives alerts from `intervals` and acts; appends what that changed to `effects`. */
  update(now: number, mute: (alert: DerivedAlert, before: TrackedAlert | undefined) => AlertMute | undefined, effects: AlertEffect[]): void {
    const derived = deriveAlerts({ selfClearing: this.rule.selfClearing, lateClears: this.rule.rule.inhibition !== 'none' }, this.intervals, this.acts);
    const before = this.alerts;
    const taken = new Set<TrackedAlert>();
    const ids = new Set(before.map((alert) => alert.record.id));
    this.alerts = derived.map((alert) => {
      const old = before.filter((candidate) => !taken.has(candidate) && overlap(candidate.intervals, alert.intervals)).toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1))[0];
      if (old) taken.add(old);
      const mutedBy = mute(alert, old);
      const record = this.#record(alert, old, now, mutedBy, ids);
      ids.add(record.id);
      const tracked = { record, intervals: alert.intervals, born: old === undefined ? mutedBy : mutedBy === undefined ? undefined : old.born };
      tell(old?.record, record, now, effects);
      return tracked;
    });
    for (const old of before) {
      if (taken.has(old)) continue;
      const into = this.alerts.find((alert) => overlap(alert.intervals, old.intervals));
      if (into) effects.push({ kind: 'merged', alertId: old.record.id, into: into.record.id });
      else effects.push({ kind: 'withdrawn', alert: old.record, at: now });
    }
  }

  /**
   * Forgets closed alerts whose intervals lie before `time`, and gathers old intervals of one that stays open. Returns from when to
   * when what it forgot held, if anything.
   */
  trim(time: number): readonly [from: number, to: number] | undefined {
    let gone = -1;
    this.alerts.forEach(({ record, intervals }, index) => {
      if (gone === index - 1 && record.clearedAt !== undefined && record.clearedAt <= time && intervals.every((interval) => interval.end <= time)) gone = index;
    });
    const forgotten = gone < 0 ? undefined : ([this.alerts[0]?.record.raisedAt ?? 0, this.alerts[gone]?.intervals.at(-1)?.end ?? 0] as const);
    if (gone >= 0) this.#forget(gone);
    if (this.settled.length <= INTERVALS_KEPT || this.rule.selfClearing) return forgotten;
    const old = this.settled.splice(0, this.settled.length - INTERVALS_KEPT / 2);
    const [first, last] = [old[0] as AlertInterval, old.at(-1) as AlertInterval];
    this.settled.unshift({ start: first.start, end: last.end, late: old.every((interval) => interval.late), count: old.reduce((sum, interval) => sum + interval.count, 0) });
    return forgotten;
  }

  #forget(index: number): void {
    const { intervals, record } = this.alerts[index] as TrackedAlert;
    const { end } = intervals.at(-1) as AlertInterval;
    const act = this.acts.find((candidate) => candidate.kind === 'clear' && candidate.at === record.clearedAt);
    const closed = act ? effectiveTime(act) : (record.clearedAt ?? end);
    const rest = (list: readonly AlertInterval[]): AlertInterval[] => list.filter((interval) => !(interval.end <= end)).map((interval) => (interval.start < end ? { ...interval, start: end, count: 1 } : interval));
    this.alerts = this.alerts.slice(index + 1);
    this.acts = this.acts.filter((candidate) => effectiveTime(candidate) > closed);
    this.settled = rest(this.settled);
    this.intervals = rest(this.intervals);
    for (const fold of [this.base, this.fold]) if (fold.state.start < end) fold.state.start = end;
  }

  #freeId(raisedAt: number, ids: ReadonlySet<string>): string {
    let again = 0;
    let id = alertIdOf(this.rule.rule.id, this.vehicleId, raisedAt);
    while (ids.has(id)) id = alertIdOf(this.rule.rule.id, this.vehicleId, raisedAt, ++again);
    return id;
  }

  #record(alert: DerivedAlert, old: TrackedAlert | undefined, now: number, mutedBy: AlertMute | undefined, ids: ReadonlySet<string>): AlertRecord {
    const { closing, acknowledged } = alert;
    const shelf = closing === undefined && this.shelf && this.shelf.until > now ? this.shelf : undefined;
    const person = closing?.kind === 'person' ? closing.act : undefined;
    const state: AlertState = closing !== undefined ? 'cleared' : `${alert.returnedAt === undefined ? 'active' : 'returned'}${acknowledged ? '-acknowledged' : ''}`;
    return {
      id: old?.record.id ?? this.#freeId(alert.raisedAt, ids),
      ruleId: this.rule.rule.id,
      ruleVersion: old?.record.ruleVersion ?? this.rule.rule.version,
      vehicleId: this.vehicleId,
      state,
      raisedAt: alert.raisedAt,
      lastOccurrenceAt: alert.lastOccurrenceAt,
      occurrences: alert.occurrences,
      receivedAt: old?.record.receivedAt ?? now,
      ...(alert.returnedAt === undefined ? {} : { returnedAt: alert.returnedAt }),
      ...(acknowledged ? { acknowledgedAt: acknowledged.at, acknowledgedBy: acknowledged.by } : {}),
      ...(closing?.kind === 'itself' ? { clearedAt: closing.at, clearReason: closing.late ? ('late' as const) : ('condition-ended' as const) } : {}),
      ...(person ? { clearedAt: person.at, clearedBy: person.by, clearComment: person.comment, ...(person.force ? { forced: true } : {}) } : {}),
      ...(shelf ? { shelvedUntil: shelf.until, shelvedBy: shelf.by, shelfReason: shelf.reason } : {}),
      ...(mutedBy ? { mutedBy } : {}),
    };
  }
}

/** Appends what distinguishes a record from the one before. */
function tell(old: AlertRecord | undefined, alert: AlertRecord, now: number, effects: AlertEffect[]): void {
  const many = effects.length;
  const add = (kind: Exclude<AlertEffect['kind'], 'merged' | 'history'>, at: number, more: { by?: string | undefined; text?: string | undefined } = {}): void => {
    effects.push({ kind, alert, at, ...(more.by === undefined ? {} : { by: more.by }), ...(more.text === undefined ? {} : { text: more.text }) });
  };
  if (old === undefined) add('raised', alert.raisedAt);
  else if (alert.occurrences > old.occurrences) add('occurred', alert.lastOccurrenceAt);
  if (alert.returnedAt !== undefined && (old?.returnedAt === undefined || alert.occurrences > old.occurrences)) add('returned', alert.returnedAt);
  if (alert.acknowledgedAt !== undefined && alert.acknowledgedAt !== old?.acknowledgedAt) add('acknowledged', alert.acknowledgedAt, { by: alert.acknowledgedBy });
  if (alert.clearedAt !== undefined && old?.clearedAt === undefined) add('cleared', alert.clearedAt, { by: alert.clearedBy, text: alert.clearComment });
  if (alert.shelvedUntil !== undefined && alert.shelvedUntil !== old?.shelvedUntil) add('shelved', now, { by: alert.shelvedBy, text: alert.shelfReason });
  if (alert.shelvedUntil === undefined && old?.shelvedUntil !== undefined) add('unshelved', now);
  if (alert.mutedBy !== undefined && alert.mutedBy !== old?.mutedBy) add('muted', now, { text: alert.mutedBy });
  if (alert.mutedBy === undefined && old?.mutedBy !== undefined) add('unmuted', now);
  if (old !== undefined && effects.length === many && !same(old, alert)) add('changed', now);
}

function same(a: AlertRecord, b: AlertRecord): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof AlertRecord)[]);
  return [...keys].every((key) => a[key] === b[key]);
}
