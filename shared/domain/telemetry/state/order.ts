/**
 * The place of a value among the values of its parameter: event time in ms with the sequence number in the fraction, so that
 * two messages of one unit within a millisecond keep their order. A double has room for 2048 steps within a millisecond until
 * the year 2200. Values at the same place are settled by size, so that the result never depends on the order of arrival.
 */
export function orderKey(eventTime: number, seq: number): number {
  return Math.floor(eventTime) + (seq & 1023) / 1024;
}

/** Event time (ms) of an order key. */
export function timeOfKey(key: number): number {
  return Math.floor(key);
}
