import { LIVE_LAG_LIMIT } from './place.ts';

/** Half of the window: the smallest difference is kept for this and the period before, ms. */
export const SKEW_PERIOD = 43_200_000;

/**
 * Smallest reception − stamp of each unit over the last 12 to 24 hours, ms. A fold over a set of samples: their order does not
 * matter.
 */
export interface SkewColumns {
  /** Number of the newest period, receivedAt / SKEW_PERIOD; −1: no sample yet. */
  readonly skewPeriod: Int32Array;
  readonly skewSmallest: Float64Array;
  readonly skewBefore: Float64Array;
}

/** Columns for `count` units without samples. */
export function createSkewColumns(count: number): SkewColumns {
  return { skewPeriod: new Int32Array(count).fill(-1), skewSmallest: new Float64Array(count).fill(Number.NaN), skewBefore: new Float64Array(count).fill(Number.NaN) };
}

/** Adds a sample of a live message: `difference` = reception − stamp, ms. */
export function foldSkew(columns: SkewColumns, index: number, difference: number, receivedAt: number): void {
  const { skewPeriod, skewSmallest, skewBefore } = columns;
  const period = Math.floor(receivedAt / SKEW_PERIOD);
  const newest = skewPeriod[index] as number;
  if (period > newest) {
    skewBefore[index] = period === newest + 1 ? (skewSmallest[index] as number) : Number.NaN;
    skewSmallest[index] = difference;
    skewPeriod[index] = period;
  } else if (period === newest) {
    if (!((skewSmallest[index] as number) <= difference)) skewSmallest[index] = difference;
  } else if (period === newest - 1 && !((skewBefore[index] as number) <= difference)) {
    skewBefore[index] = difference;
  }
}

/** The unit's skew, ms: positive where its clock is behind; NaN without samples. */
export function skewOf(columns: SkewColumns, index: number): number {
  const before = columns.skewBefore[index] as number;
  const smallest = columns.skewSmallest[index] as number;
  return before <= smallest ? before : smallest;
}

/** True where the clock is off by more than 120 s either way. */
export function isClockWrong(columns: SkewColumns, index: number): boolean {
  return Math.abs(skewOf(columns, index)) > LIVE_LAG_LIMIT;
}
