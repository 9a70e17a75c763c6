import type { AlertMute, AlertState } from './rule.ts';

/** A stretch of event time over which an alert's condition held, delays included. Epoch ms. */
export interface AlertInterval {
  /** When the on-delay had passed. */
  readonly start: number;
  /** When the off-delay had passed; NaN while it lasts. */
  readonly end: number;
  /** All it rests on was more than 15 min old when it was received. */
  readonly late: boolean;
  /** Intervals it stands for: more than one where old ones of a long-open alert were gathered. */
  readonly count: number;
}

/** What a person did, as the ledger of acts keeps it. Replaying telemetry and acts gives the same alerts. */
export interface ActHead {
  /** When, by the console's clock, epoch ms. */
  readonly at: number;
  /** Who: a user's id. */
  readonly by: string;
  /**
   * Where the act stands in event time, epoch ms; not before what the person had seen. The engine fills it in; keep it with the
   * act and give it back on replay.
   */
  readonly effective?: number;
}
export type AlertAct =
  | (ActHead & { readonly kind: 'acknowledge' })
  | (ActHead & { readonly kind: 'clear'; readonly comment: string; /** Although the condition holds; the rule is shelved for 8 h on this vehicle. */ readonly force?: boolean })
  | (ActHead & { readonly kind: 'shelve'; readonly reason: string; /** Epoch ms. */ readonly until: number })
  | (ActHead & { readonly kind: 'unshelve' });
export type ClearAct = Extract<AlertAct, { kind: 'clear' }>;

/** An alert as the engine knows it; a copy, complete, so that storing it again changes nothing. Instants are epoch ms. */
export interface AlertRecord {
  readonly id: string;
  readonly ruleId: string;
  /** Version of the rule when it rose. */
  readonly ruleVersion: number;
  /** For the alert that a city fell silent: `city:` and the city's id (see cityOfNetworkAlert). */
  readonly vehicleId: string;
  readonly state: AlertState;
  /** Event times. */
  readonly raisedAt: number;
  readonly lastOccurrenceAt: number;
  readonly returnedAt?: number;
  readonly occurrences: number;
  /** When the message that raised it was received. */
  readonly receivedAt: number;
  readonly acknowledgedAt?: number;
  readonly acknowledgedBy?: string;
  readonly clearedAt?: number;
  /** A user's id; absent where it cleared itself, which `clearReason` then explains. */
  readonly clearedBy?: string;
  readonly clearReason?: 'condition-ended' | 'late' | 'rule-removed' | 'rule-disabled' | 'not-for-vehicle';
  readonly clearComment?: string;
  readonly forced?: boolean;
  readonly shelvedUntil?: number;
  readonly shelvedBy?: string;
  readonly shelfReason?: string;
  readonly mutedBy?: AlertMute;
}

export const ALERT_EFFECTS = ['raised', 'occurred', 'returned', 'acknowledged', 'cleared', 'shelved', 'unshelved', 'muted', 'unmuted', 'changed', 'withdrawn'] as const;
export type AlertEffectKind = (typeof ALERT_EFFECTS)[number];

/**
 * What happened to an alert. `changed`: late data moved its times or counts; `withdrawn`: late data show that there was none. One
 * step may bring several effects of one alert, each with the record as it is after the step.
 */
export interface AlertChange {
  readonly kind: AlertEffectKind;
  readonly alert: AlertRecord;
  /** When it happened: event time for raised, occurred, returned; the console's time otherwise. */
  readonly at: number;
  readonly by?: string;
  readonly text?: string;
}

/** Two alerts are one: late data joined their intervals, or another node had given it another id. The smaller id stays. */
export interface AlertMerge {
  readonly kind: 'merged';
  readonly alertId: string;
  readonly into: string;
}

/**
 * Late data from before what the engine remembers of a vehicle: derive again (AlertEngine.rederive) with its rows from `from` on.
 * Where a stored alert has `from` between `raisedAt − margin` and its end, begin at its `raisedAt − margin` instead.
 */
export interface HistoryWanted {
  readonly kind: 'history';
  readonly vehicleId: string;
  /** Event time, epoch ms. */
  readonly from: number;
  /** ms */
  readonly margin: number;
}

export type AlertEffect = AlertChange | AlertMerge | HistoryWanted;

/** Values of one instant from history, each parameter at most once. */
export interface HistoryRow {
  /** Event time, epoch ms. */
  readonly time: number;
  /** Sequence number of its message; 0 where it has none. */
  readonly seq: number;
  readonly receivedAt: number;
  readonly parameters: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Data older than this at its reception is late, ms. */
export const LATE_AFTER = 15 * 60_000;
