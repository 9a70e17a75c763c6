import type { MapBounds } from '#renderer/ui/map/camera.ts';

/** The box around points, degrees; undefined when none of them has a position. */
export function boxAround(points: Iterable<{ readonly lat: number; readonly lon: number }>): MapBounds | undefined {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { lat, lon } of points) {
    if (Number.isNaN(lat) || Number.isNaN(lon)) continue;
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west > east ? undefined : { west, south, east, north };
}

/** Positions of slots, NaN where a vehicle has none. */
export function* positionsOf(slots: Iterable<number>, { lat, lon }: { readonly lat: Float64Array; readonly lon: Float64Array }): Generator<{ lat: number; lon: number }> {
  for (const slot of slots) yield { lat: lat[slot] ?? Number.NaN, lon: lon[slot] ?? Number.NaN };
}
