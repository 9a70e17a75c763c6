import { Random } from '../random.ts';

export const METRES_PER_DEGREE = 111_195;

/** Degrees of latitude and longitude. */
export type Place = readonly [lat: number, lon: number];

/** A road between two points: its shape as parallel arrays, `along` being metres from the start. */
export interface Path {
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly along: Float64Array;
  /** Metres. */
  readonly length: number;
}

/** Metres between two places, on a plane tangent at their mean latitude: exact to 0.1 % within a city. */
export function metresBetween(a: Place, b: Place): number {
  const north = (b[0] - a[0]) * METRES_PER_DEGREE;
  const east = (b[1] - a[1]) * METRES_PER_DEGREE * Math.cos((((a[0] + b[0]) / 2) * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** The place `metres` away from `from` in the direction `bearing`, radians clockwise from north. */
export function offset(from: Place, bearing: number, metres: number): Place {
  const east = METRES_PER_DEGREE * Math.cos((from[0] * Math.PI) / 180);
  return [from[0] + (metres * Math.cos(bearing)) / METRES_PER_DEGREE, from[1] + (metres * Math.sin(bearing)) / east];
}

/** A path through these places. */
export function pathThrough(places: readonly Place[]): Path {
  const lat = Float64Array.from(places, (place) => place[0]);
  const lon = Float64Array.from(places, (place) => place[1]);
  const along = new Float64Array(places.length);
  for (let i = 1; i < places.length; i++) along[i] = (along[i - 1] as number) + metresBetween(places[i - 1] as Place, places[i] as Place);
  return { lat, lon, along, length: along[along.length - 1] ?? 0 };
}

/**
 * A road-like line between two places: midpoint displacement down to pieces of about 90 m, each midpoint off the straight
 * line by a few percent of its piece. The same `name` gives the same line for every vehicle.
 */
export function windingPath(from: Place, to: Place, name: string): Path {
  const random = new Random('road', name);
  const places: Place[] = [from];
  const divide = (a: Place, b: Place): void => {
    const length = metresBetween(a, b);
    if (length > 90) {
      const sideways = length * random.range(-0.055, 0.055);
      const middle: Place = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      const bearing = Math.atan2((b[1] - a[1]) * Math.cos((a[0] * Math.PI) / 180), b[0] - a[0]);
      const bent = offset(middle, bearing + Math.PI / 2, sideways);
      divide(a, bent);
      divide(bent, b);
    } else places.push(b);
  };
  divide(from, to);
  return pathThrough(places);
}

/** Where a point is on a path, and where it heads. Reused by the caller: no object per step. */
export interface Fix {
  lat: number;
  lon: number;
  /** Degrees clockwise from north, 0 ≤ heading < 360. */
  heading: number;
}

/** Writes the point `metres` along the path into `fix`; `reverse` counts from the end and heads backwards. */
export function locate(path: Path, metres: number, reverse: boolean, fix: Fix): void {
  const { lat, lon, along, length } = path;
  const at = Math.max(0, Math.min(length, reverse ? length - metres : metres));
  let low = 0;
  let high = along.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((along[middle] as number) <= at) low = middle;
    else high = middle;
  }
  const a = along[low] as number;
  const piece = (along[high] as number) - a;
  const share = piece > 0 ? (at - a) / piece : 0;
  const north = (lat[high] as number) - (lat[low] as number);
  const east = (lon[high] as number) - (lon[low] as number);
  fix.lat = (lat[low] as number) + share * north;
  fix.lon = (lon[low] as number) + share * east;
  const bearing = (Math.atan2(east * Math.cos((fix.lat * Math.PI) / 180), north) * 180) / Math.PI;
  fix.heading = (bearing + (reverse ? 540 : 360)) % 360;
}
