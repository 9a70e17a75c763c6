import type { MapBounds, MapPoint } from './camera.ts';

/** The box around points, degrees; undefined when none of them has a position (NaN). */
export function boxAround(points: Iterable<MapPoint>): MapBounds | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { lat, lon } of points) {
    if (Number.isNaN(lat) || Number.isNaN(lon)) continue;
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west > east ? undefined : { west, south, east, north };
}
