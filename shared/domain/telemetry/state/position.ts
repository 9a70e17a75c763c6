import { haversineMetres } from '../../geo/distance.ts';

/** A GPS fix that passed the quality check (satellites, HDOP). `key` is its order key. */
export interface Fix {
  readonly lat: number;
  readonly lon: number;
  readonly key: number;
}

/** Fastest believable travel, km/h (docs: two-wheelers 120, three-wheelers 90). */
export const DEFAULT_SPEED_LIMIT = 120;
/** Three fixes of a parked vehicle within this distance, m, are one place. */
const SAME_PLACE = 200;

function believable(from: Fix, to: Fix, limit: number): boolean {
  const hours = Math.max(to.key - from.key, 1000) / 3_600_000;
  return haversineMetres(from.lat, from.lon, to.lat, to.lon) / 1000 / hours <= limit;
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * The position to show, from the newest, second and third newest fixes. A newest fix that could not be reached from the one
 * before waits for the next to confirm it, where the two before agree with each other; a parked vehicle stays at the median. Only the set
 * of fixes counts, never the order in which they came.
 */
export function shownPosition(newest: Fix | undefined, second: Fix | undefined, third: Fix | undefined, parked: boolean, speedLimit: number): Fix | undefined {
  if (!newest || !second) return newest;
  if (!believable(second, newest, speedLimit)) {
    if (third && !believable(third, newest, speedLimit) && believable(third, second, speedLimit)) return second;
    return newest;
  }
  if (parked && third && haversineMetres(second.lat, second.lon, newest.lat, newest.lon) <= SAME_PLACE && haversineMetres(third.lat, third.lon, newest.lat, newest.lon) <= SAME_PLACE) {
    return { lat: median(newest.lat, second.lat, third.lat), lon: median(newest.lon, second.lon, third.lon), key: newest.key };
  }
  return newest;
}
