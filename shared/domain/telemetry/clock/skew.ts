import { LIVE_LAG_LIMIT } from './place.ts';

/** Half of the window: the smallest difference is kept for this and the period before, ms. */
export const SKEW_PERIOD = 43_200_000;

/** Smallest reception − stamp over the last 12 to 24 hours, ms. A fold over a set: the order of samples does not matter. */
export interface Skew {
  /** Number of the newest period, receivedAt / SKEW_PERIOD; −1: no sample yet. */
  period: number;
  smallest: number;
  smallestBefore: number;
}

export function createSkew(): Skew {
  return { period: -1, smallest: Number.NaN, smallestBefore: Number.NaN };
}

/** Adds a sample of a live message: `difference` = reception − stamp, ms. */
export function foldSkew(skew: Skew, difference: number, receivedAt: number): void {
  const period = Math.floor(receivedAt / SKEW_PERIOD);
  if (period > skew.period) {
    skew.smallestBefore = period === skew.period + 1 ? skew.smallest : Number.NaN;
    skew.smallest = difference;
    skew.period = period;
  } else if (period === skew.period) {
    if (!(skew.smallest <= difference)) skew.smallest = difference;
  } else if (period === skew.period - 1 && !(skew.smallestBefore <= difference)) {
    skew.smallestBefore = difference;
  }
}

/** The unit's skew, ms: positive where its clock is behind; NaN without samples. */
export function skewOf(skew: Skew): number {
  return skew.smallestBefore <= skew.smallest ? skew.smallestBefore : skew.smallest;
}

/** True where the clock is off by more than 120 s either way. */
export function isClockWrong(skew: Skew): boolean {
  return Math.abs(skewOf(skew)) > LIVE_LAG_LIMIT;
}
