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

/**
 * Whether `key` stands before `other`. Within one millisecond the sequence's low bits may have wrapped, so the shorter way round
 * counts (serial number arithmetic, RFC 1982): right as long as a unit sends fewer than 512 messages in a millisecond.
 */
export function precedes(key: number, other: number): boolean {
  const ahead = other - key;
  if (ahead >= 1 || ahead <= -1 || Math.floor(key) !== Math.floor(other)) return ahead > 0;
  return ahead > 0 ? ahead <= 0.5 : ahead < -0.5;
}

/** Event time (epoch ms) of an order key; NaN stays NaN. */
export function timeOfKey(key: number): number {
  return Math.floor(key);
}
