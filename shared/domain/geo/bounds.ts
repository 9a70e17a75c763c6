import { isPosition, type LatLon } from './distance.ts';

/** A box in degrees; it never crosses the antimeridian. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The mainland and islands of India, for a map without vehicles. */
export const INDIA_BOUNDS: Bounds = { west: 68.1, south: 6.7, east: 97.4, north: 37.1 };

/** Smallest box around the positions in two columns; rows that are no position are skipped; undefined when none is left. */
export function boundsOf(lat: ArrayLike<number>, lon: ArrayLike<number>, count: number = lat.length): Bounds | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const y = lat[i]!;
    const x = lon[i]!;
    if (!isPosition(y, x)) continue;
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return west <= east ? { west, south, east, north } : undefined;
}

/** Whether the point lies in the box, edges included. */
export function contains(bounds: Bounds, { lat, lon }: LatLon): boolean {
  return lat >= bounds.south && lat <= bounds.north && lon >= bounds.west && lon <= bounds.east;
}

/** Smallest box around both. */
export function union(a: Bounds, b: Bounds): Bounds {
  return { west: Math.min(a.west, b.west), south: Math.min(a.south, b.south), east: Math.max(a.east, b.east), north: Math.max(a.north, b.north) };
}

/** The box of half-width `metres` around a point, clamped to the globe. */
export function boundsAround({ lat, lon }: LatLon, metres: number): Bounds {
  const dLat = metres / 111_195;
  const dLon = Math.min(180, dLat / Math.max(1e-6, Math.cos((Math.min(89, Math.abs(lat) + dLat) * Math.PI) / 180)));
  return { west: Math.max(-180, lon - dLon), south: Math.max(-90, lat - dLat), east: Math.min(180, lon + dLon), north: Math.min(90, lat + dLat) };
}
