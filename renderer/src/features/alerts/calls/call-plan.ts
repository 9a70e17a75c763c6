import type { AlertSummary } from '#shared/contract/alerts.ts';
import { ALERT_SEVERITIES, type AlertSeverity } from '#shared/domain/alerts/rule.ts';

export type NewestAlert = AlertSummary['newest'][number];

/** What the user wants of calls, as stored in the preference `alerts.calls`. */
export interface CallChoice {
  readonly muted: boolean;
  /** 0–1 */
  readonly volume: number;
  /** Desktop notification for Critical. */
  readonly desktop: boolean;
}
export const DEFAULT_CALLS: CallChoice = { muted: false, volume: 0.6, desktop: false };

/** The choice in a stored preference, whatever it holds. */
export function parseCalls(value: unknown): CallChoice {
  if (typeof value !== 'object' || value === null) return DEFAULT_CALLS;
  const raw = value as Record<string, unknown>;
  return {
    muted: raw['muted'] === true,
    volume: typeof raw['volume'] === 'number' && raw['volume'] >= 0 && raw['volume'] <= 1 ? raw['volume'] : DEFAULT_CALLS.volume,
    desktop: raw['desktop'] === true,
  };
}

/** The newest alert of each severity that has already called, by its id. */
export type Called = Readonly<Partial<Record<AlertSeverity, string>>>;

/**
 * What calls now: the newest alerts that have not called yet, worst first. The first summary after the window was opened calls nothing: what is
 * there is seen. Alerts received more than a minute ago call nothing either (a window that was asleep).
 */
export function nextCalls(called: Called | undefined, newest: readonly NewestAlert[], now: number): { readonly called: Called; readonly calls: readonly NewestAlert[] } {
  const next: Called = Object.fromEntries(newest.map(({ severity, alertId }) => [severity, alertId]));
  if (called === undefined) return { called: next, calls: [] };
  const calls = newest
    .filter(({ severity, alertId, receivedAt }) => called[severity] !== alertId && now - receivedAt < 60_000)
    .toSorted((a, b) => ALERT_SEVERITIES.indexOf(a.severity) - ALERT_SEVERITIES.indexOf(b.severity));
  return { called: { ...called, ...next }, calls };
}
