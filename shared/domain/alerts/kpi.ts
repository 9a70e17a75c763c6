import { FLOOD_BEGIN } from './flood.ts';

/** What the figures need of an alert. Instants are epoch ms. */
export interface KpiAlert {
  readonly ruleId: string;
  readonly vehicleId: string;
  /** When it called for attention: reception of what raised it. */
  readonly receivedAt: number;
  readonly occurrences: number;
  readonly raisedAt: number;
  readonly lastOccurrenceAt: number;
  readonly clearedAt?: number | undefined;
  readonly acknowledgedAt?: number | undefined;
  readonly returnedAt?: number | undefined;
  /** Muted alerts call nobody and are left out of all rates. */
  readonly muted: boolean;
  /** Cleared by a person; what cleared itself has no turn-around. */
  readonly byPerson: boolean;
}

/** Goals of IEC 62682, 16.5: average alerts an hour, and the most in ten minutes. */
export const HOURLY_GOAL = 6;
export const BURST_GOAL = 12;
const HOUR = 3_600_000;
const TEN_MINUTES = 600_000;
/** Open, unacknowledged and active for longer than this is stale, ms. */
export const STALE_AFTER = 24 * HOUR;
/** Chattering: this many occurrences within a minute. */
const CHATTER_COUNT = 3;
const CHATTER_WINDOW = 60_000;

export interface AlertKpi {
  readonly total: number;
  readonly perHour: { readonly mean: number; readonly max: number; readonly goal: number };
  readonly perTenMinutes: { readonly mean: number; readonly max: number; readonly goal: number };
  /** Share of ten-minute periods with more than FLOOD_BEGIN alerts, 0–1. */
  readonly floodShare: number;
  /** Share of the ten most frequent rules, 0–1. */
  readonly topTenShare: number;
  readonly top: readonly { readonly ruleId: string; readonly count: number }[];
  readonly chattering: readonly { readonly ruleId: string; readonly vehicleId: string; readonly occurrences: number }[];
  readonly stale: number;
  /** Raised to cleared, ms. */
  readonly turnAround: { readonly count: number; readonly median?: number; readonly p90?: number };
  /** Alerts per hour; `at` is the hour's begin. */
  readonly hours: readonly { readonly at: number; readonly count: number }[];
}

/** The figures of [from, to) per operator position, for alerts of that time. `now` decides what is stale. */
export function alertKpi(alerts: readonly KpiAlert[], from: number, to: number, now: number, positions = 1): AlertKpi {
  const share = Math.max(1, positions);
  const calling = alerts.filter((alert) => !alert.muted && alert.receivedAt >= from && alert.receivedAt < to);
  const hours = binned(calling, from, to, HOUR);
  const periods = binned(calling, from, to, TEN_MINUTES);
  const counts = new Map<string, number>();
  for (const { ruleId } of calling) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  const top = [...counts].map(([ruleId, count]) => ({ ruleId, count })).sort((a, b) => b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)).slice(0, 10);
  const times = alerts.flatMap((alert) => (alert.byPerson && alert.clearedAt !== undefined && alert.clearedAt >= from && alert.clearedAt < to ? [alert.clearedAt - alert.raisedAt] : []));
  const [median, p90] = [quantile(times, 0.5), quantile(times, 0.9)];
  return {
    total: calling.length,
    perHour: { mean: mean(hours) / share, max: Math.max(0, ...hours.map(({ count }) => count)) / share, goal: HOURLY_GOAL },
    perTenMinutes: { mean: mean(periods) / share, max: Math.max(0, ...periods.map(({ count }) => count)) / share, goal: BURST_GOAL },
    floodShare: periods.length === 0 ? 0 : periods.filter(({ count }) => count / share > FLOOD_BEGIN).length / periods.length,
    topTenShare: calling.length === 0 ? 0 : top.reduce((sum, { count }) => sum + count, 0) / calling.length,
    top,
    chattering: chattering(calling),
    stale: alerts.filter((alert) => isStale(alert, now)).length,
    turnAround: { count: times.length, ...(median === undefined ? {} : { median }), ...(p90 === undefined ? {} : { p90 }) },
    hours,
  };
}

/** Open, unacknowledged and active for over a day. */
export function isStale(alert: Pick<KpiAlert, 'clearedAt' | 'acknowledgedAt' | 'returnedAt' | 'raisedAt' | 'muted'>, now: number): boolean {
  return !alert.muted && alert.clearedAt === undefined && alert.acknowledgedAt === undefined && alert.returnedAt === undefined && now - alert.raisedAt > STALE_AFTER;
}

/** The value below which the share `q` of `values` lies, by linear interpolation between ranks (type 7); undefined for none. */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * q;
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  return low === undefined || high === undefined ? undefined : low + (high - low) * (rank - Math.floor(rank));
}

function binned(alerts: readonly KpiAlert[], from: number, to: number, width: number): { at: number; count: number }[] {
  const bins = Array.from({ length: Math.max(0, Math.ceil((to - from) / width)) }, (_, i) => ({ at: from + i * width, count: 0 }));
  for (const { receivedAt } of alerts) {
    const bin = bins[Math.floor((receivedAt - from) / width)];
    if (bin) bin.count++;
  }
  return bins;
}

function mean(bins: readonly { readonly count: number }[]): number {
  return bins.length === 0 ? 0 : bins.reduce((sum, { count }) => sum + count, 0) / bins.length;
}

/**
 * Rules that, on one vehicle, called three times within a minute: as alerts of their own, or as occurrences of one alert at that
 * rate. Occurrences in all, most first.
 */
function chattering(alerts: readonly KpiAlert[]): AlertKpi['chattering'] {
  const groups = new Map<string, KpiAlert[]>();
  for (const alert of alerts) {
    const key = `${alert.ruleId} ${alert.vehicleId}`;
    const group = groups.get(key);
    if (group) group.push(alert);
    else groups.set(key, [alert]);
  }
  return [...groups.values()]
    .filter((group) => group.some(isChatter) || hasBurst(group.map(({ receivedAt }) => receivedAt)))
    .map((group) => ({ ruleId: (group[0] as KpiAlert).ruleId, vehicleId: (group[0] as KpiAlert).vehicleId, occurrences: group.reduce((sum, { occurrences }) => sum + occurrences, 0) }))
    .sort((a, b) => b.occurrences - a.occurrences);
}

function isChatter({ occurrences, raisedAt, lastOccurrenceAt }: KpiAlert): boolean {
  return occurrences >= CHATTER_COUNT && (lastOccurrenceAt - raisedAt) / (occurrences - 1) <= CHATTER_WINDOW / (CHATTER_COUNT - 1);
}

function hasBurst(times: readonly number[]): boolean {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.some((time, i) => (sorted[i + CHATTER_COUNT - 1] ?? Number.POSITIVE_INFINITY) - time <= CHATTER_WINDOW);
}
