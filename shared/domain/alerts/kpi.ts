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

/** Gathers the figures of [from, to) per operator position from alerts in any order. `now` decides what is stale. */
export class KpiFigures {
  readonly #from: number;
  readonly #to: number;
  readonly #now: number;
  readonly #share: number;
  readonly #hours: Bin[];
  readonly #periods: Bin[];
  readonly #counts = new Map<string, number>();
  readonly #groups = new Map<string, CallGroup>();
  readonly #times: number[] = [];
  #total = 0;
  #stale = 0;

  constructor(from: number, to: number, now: number, positions = 1) {
    this.#from = from;
    this.#to = to;
    this.#now = now;
    this.#share = Math.max(1, positions);
    this.#hours = bins(from, to, HOUR);
    this.#periods = bins(from, to, TEN_MINUTES);
  }

  add(alert: KpiAlert): void {
    const { ruleId, vehicleId, receivedAt, occurrences, clearedAt, raisedAt } = alert;
    if (isStale(alert, this.#now)) this.#stale++;
    if (alert.byPerson && clearedAt !== undefined && clearedAt >= this.#from && clearedAt < this.#to) this.#times.push(clearedAt - raisedAt);
    if (alert.muted || receivedAt < this.#from || receivedAt >= this.#to) return;
    this.#total++;
    for (const [list, width] of [[this.#hours, HOUR], [this.#periods, TEN_MINUTES]] as const) {
      const bin = list[Math.floor((receivedAt - this.#from) / width)];
      if (bin) bin.count++;
    }
    this.#counts.set(ruleId, (this.#counts.get(ruleId) ?? 0) + 1);
    const key = `${ruleId} ${vehicleId}`;
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = { ruleId, vehicleId, occurrences: 0, chatters: false, times: [] }));
    group.occurrences += occurrences;
    group.chatters ||= isChatter(alert);
    group.times.push(receivedAt);
  }

  result(): AlertKpi {
    const [hours, periods, share] = [this.#hours, this.#periods, this.#share];
    const top = [...this.#counts].map(([ruleId, count]) => ({ ruleId, count })).sort((a, b) => b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)).slice(0, 10);
    const times = Float64Array.from(this.#times).sort();
    const [median, p90] = [quantileOfSorted(times, 0.5), quantileOfSorted(times, 0.9)];
    return {
      total: this.#total,
      perHour: { mean: mean(hours) / share, max: most(hours) / share, goal: HOURLY_GOAL },
      perTenMinutes: { mean: mean(periods) / share, max: most(periods) / share, goal: BURST_GOAL },
      floodShare: periods.length === 0 ? 0 : periods.filter(({ count }) => count / share > FLOOD_BEGIN).length / periods.length,
      topTenShare: this.#total === 0 ? 0 : top.reduce((sum, { count }) => sum + count, 0) / this.#total,
      top,
      chattering: [...this.#groups.values()]
        .filter((group) => group.chatters || hasBurst(group.times))
        .map(({ ruleId, vehicleId, occurrences }) => ({ ruleId, vehicleId, occurrences }))
        .sort((a, b) => b.occurrences - a.occurrences || (`${a.ruleId} ${a.vehicleId}` < `${b.ruleId} ${b.vehicleId}` ? -1 : 1)),
      stale: this.#stale,
      turnAround: { count: times.length, ...(median === undefined ? {} : { median }), ...(p90 === undefined ? {} : { p90 }) },
      hours,
    };
  }
}

/** The figures of [from, to) per operator position, for alerts of that time. `now` decides what is stale. */
export function alertKpi(alerts: Iterable<KpiAlert>, from: number, to: number, now: number, positions = 1): AlertKpi {
  const figures = new KpiFigures(from, to, now, positions);
  for (const alert of alerts) figures.add(alert);
  return figures.result();
}

interface Bin {
  readonly at: number;
  count: number;
}

/**
 * Alerts of a rule on a vehicle. It chatters where they called three times within a minute: as alerts of their own, or as occurrences
 * of one alert at that rate.
 */
interface CallGroup {
  readonly ruleId: string;
  readonly vehicleId: string;
  occurrences: number;
  chatters: boolean;
  readonly times: number[];
}

/** Open, unacknowledged and active for over a day. */
export function isStale(alert: Pick<KpiAlert, 'clearedAt' | 'acknowledgedAt' | 'returnedAt' | 'raisedAt' | 'muted'>, now: number): boolean {
  return !alert.muted && alert.clearedAt === undefined && alert.acknowledgedAt === undefined && alert.returnedAt === undefined && now - alert.raisedAt > STALE_AFTER;
}

/** The value below which the share `q` of `values` lies, by linear interpolation between ranks (type 7); undefined for none. */
export function quantile(values: readonly number[], q: number): number | undefined {
  return quantileOfSorted(Float64Array.from(values).sort(), q);
}

function quantileOfSorted(sorted: ArrayLike<number>, q: number): number | undefined {
  const rank = (sorted.length - 1) * q;
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  return low === undefined || high === undefined ? undefined : low + (high - low) * (rank - Math.floor(rank));
}

function bins(from: number, to: number, width: number): Bin[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / width)) }, (_, i) => ({ at: from + i * width, count: 0 }));
}

function mean(list: readonly Bin[]): number {
  return list.length === 0 ? 0 : list.reduce((sum, { count }) => sum + count, 0) / list.length;
}

function most(list: readonly Bin[]): number {
  return list.reduce((max, { count }) => Math.max(max, count), 0);
}

function isChatter({ occurrences, raisedAt, lastOccurrenceAt }: KpiAlert): boolean {
  return occurrences >= CHATTER_COUNT && (lastOccurrenceAt - raisedAt) / (occurrences - 1) <= CHATTER_WINDOW / (CHATTER_COUNT - 1);
}

function hasBurst(times: readonly number[]): boolean {
  if (times.length < CHATTER_COUNT) return false;
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.some((time, i) => (sorted[i + CHATTER_COUNT - 1] ?? Number.POSITIVE_INFINITY) - time <= CHATTER_WINDOW);
}
