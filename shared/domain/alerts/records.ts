import type { AlertAct, AlertInterval, ClearAct } from './types.ts';

/** What ends an alert: a person's act, or the alert itself. */
export type Closing = { readonly kind: 'person'; readonly act: ClearAct } | { readonly kind: 'itself'; readonly at: number; readonly late: boolean };

/** An alert as it follows from intervals and acts, without identity. */
export interface DerivedAlert {
  readonly intervals: readonly AlertInterval[];
  readonly raisedAt: number;
  readonly lastOccurrenceAt: number;
  /** Undefined while it is active. */
  readonly returnedAt: number | undefined;
  readonly occurrences: number;
  readonly acknowledged: AlertAct | undefined;
  readonly closing: Closing | undefined;
  /** All it rests on was late at its reception. */
  readonly late: boolean;
}

export interface DerivationRule {
  /** Ends by itself when its condition has ended. */
  readonly selfClearing: boolean;
  /** False: an alert from late data waits for a person like any other (thermal criticals). */
  readonly lateClears: boolean;
}

/** Where an act stands in event time, epoch ms. */
export function effectiveTime(act: AlertAct): number {
  return act.effective ?? act.at;
}

/** Order of acts: by effective time, then by the console's, so that a replay in another order is the same. */
export function compareActs(a: AlertAct, b: AlertAct): number {
  return effectiveTime(a) - effectiveTime(b) || a.at - b.at || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || (a.by < b.by ? -1 : a.by > b.by ? 1 : 0);
}

/**
 * The alerts of one rule on one vehicle: a pure function of its intervals (ascending, apart) and the acts of people, in any order.
 * One alert is open at a time; what rises while it is counts as an occurrence. A clear divides event time: an interval that goes on
 * across it ends there for the cleared alert and begins the next. An occurrence after an acknowledgement asks for another.
 */
export function deriveAlerts(rule: DerivationRule, intervals: readonly AlertInterval[], acts: readonly AlertAct[]): DerivedAlert[] {
  const sorted = acts.toSorted(compareActs);
  const clears = sorted.filter((act): act is ClearAct => act.kind === 'clear');
  const alerts: DerivedAlert[] = [];
  let open: AlertInterval[] = [];
  let next = 0;
  const close = (closing: Closing | undefined): void => {
    if (open.length > 0) alerts.push(alertOf(open, closing, sorted));
    open = [];
  };
  for (const piece of cutAt(intervals, clears)) {
    for (; next < clears.length && effectiveTime(clears[next] as ClearAct) <= piece.start; next++) close({ kind: 'person', act: clears[next] as ClearAct });
    open.push(piece);
    const late = open.every((interval) => interval.late);
    if (piece.end === piece.end && (rule.selfClearing || (late && rule.lateClears))) {
      const by = clears.find((act) => effectiveTime(act) === piece.end);
      close(by ? { kind: 'person', act: by } : { kind: 'itself', at: piece.end, late });
    }
  }
  for (; next < clears.length; next++) close({ kind: 'person', act: clears[next] as ClearAct });
  close(undefined);
  return alerts;
}

/** The intervals, those across a clear cut in two. */
function cutAt(intervals: readonly AlertInterval[], clears: readonly ClearAct[]): AlertInterval[] {
  const pieces: AlertInterval[] = [];
  for (const interval of intervals) {
    let rest = interval;
    for (const act of clears) {
      const at = effectiveTime(act);
      if (!(at > rest.start && !(at >= rest.end))) continue;
      pieces.push({ ...rest, end: at });
      rest = { ...rest, start: at, count: 1 };
    }
    pieces.push(rest);
  }
  return pieces;
}

function alertOf(intervals: readonly AlertInterval[], closing: Closing | undefined, acts: readonly AlertAct[]): DerivedAlert {
  const first = intervals[0] as AlertInterval;
  const last = intervals.at(-1) as AlertInterval;
  const until = closing === undefined ? Number.POSITIVE_INFINITY : closing.kind === 'person' ? effectiveTime(closing.act) : closing.at;
  const acknowledged = acts.findLast((act) => act.kind === 'acknowledge' && effectiveTime(act) >= last.start && effectiveTime(act) <= until);
  return {
    intervals,
    raisedAt: first.start,
    lastOccurrenceAt: last.start,
    // Cut by the clear, it had not returned.
    returnedAt: last.end === last.end && !(closing?.kind === 'person' && last.end === until) ? last.end : undefined,
    occurrences: intervals.reduce((sum, interval) => sum + interval.count, 0),
    acknowledged,
    closing,
    late: intervals.every((interval) => interval.late),
  };
}

/** Whether two alerts share time at which their condition held. */
export function overlap(a: readonly AlertInterval[], b: readonly AlertInterval[]): boolean {
  return a.some((x) => b.some((y) => x.start === y.start || (!(x.end <= y.start) && !(y.end <= x.start))));
}
