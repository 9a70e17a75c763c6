/** Sequence numbers this far apart share a fraction. */
const STEPS = 1024;

/**
 * The place of a value among the values of its parameter: event time in whole milliseconds (epoch) with the low bits of the
 * sequence number as fraction, so that two messages of one unit within a millisecond keep their order. A double has room for
 * 1024 steps beside the milliseconds until the year 2248. Values at the same place are settled by size, so that the result
 * never depends on the order of arrival.
 */
export function orderKey(eventTime: number, seq: number): number {
  return Math.floor(eventTime) + (seq % STEPS) / STEPS;
}

/** Event time (epoch ms) of an order key; NaN stays NaN. */
export function timeOfKey(key: number): number {
  return Math.floor(key);
}
