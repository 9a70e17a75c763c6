import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsAround, boundsOf, contains, union } from './bounds.ts';
import { destination, haversine } from './distance.ts';
import { simplifyPath } from './simplify.ts';

const ride = fc.array(fc.record({ turn: fc.double({ min: -60, max: 60, noNaN: true }), metres: fc.double({ min: 1, max: 200, noNaN: true }) }), { minLength: 0, maxLength: 200 }).map((legs) => {
  const path = [{ lat: 12.97, lon: 77.59 }];
  let heading = 0;
  for (const leg of legs) path.push(destination(path.at(-1)!, (heading += leg.turn), leg.metres));
  return { lat: Float64Array.from(path, (p) => p.lat), lon: Float64Array.from(path, (p) => p.lon) };
});

/** Smallest distance in metres of a point from a dense sampling of the segment. */
function offLine(lat: Float64Array, lon: Float64Array, i: number, from: number, to: number): number {
  let best = Infinity;
  for (let step = 0; step <= 200; step++) {
    const t = step / 200;
    best = Math.min(best, haversine({ lat: lat[i]!, lon: lon[i]! }, { lat: lat[from]! + t * (lat[to]! - lat[from]!), lon: lon[from]! + t * (lon[to]! - lon[from]!) }));
  }
  return best;
}

describe('path simplification', () => {
  it('keeps both ends, keeps order and stays within the tolerance', () => {
    fc.assert(fc.property(ride, fc.double({ min: 2, max: 100, noNaN: true }), ({ lat, lon }, tolerance) => {
      const kept = simplifyPath(lat, lon, tolerance);
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(lat.length - 1);
      for (let k = 1; k < kept.length; k++) {
        const [from, to] = [kept[k - 1]!, kept[k]!];
        expect(to).toBeGreaterThan(from);
        const sampling = haversine({ lat: lat[from]!, lon: lon[from]! }, { lat: lat[to]!, lon: lon[to]! }) / 400;
        for (let i = from + 1; i < to; i++) expect(offLine(lat, lon, i, from, to)).toBeLessThan(tolerance * 1.02 + sampling);
      }
    }), { numRuns: 60 });
  });

  it('reduces a straight road to its ends and survives a million points', () => {
    const count = 1_000_000;
    const lat = Float64Array.from({ length: count }, (_, i) => 12 + i * 1e-6);
    const lon = new Float64Array(count).fill(77);
    expect([...simplifyPath(lat, lon, 5)]).toEqual([0, count - 1]);
  });

  it('returns every point of a path too short to shorten', () => {
    expect([...simplifyPath([], [], 5)]).toEqual([]);
    expect([...simplifyPath([1, 2], [1, 2], 5)]).toEqual([0, 1]);
  });
});

describe('bounds', () => {
  it('hold every position and touch each side', () => {
    fc.assert(fc.property(ride, ({ lat, lon }) => {
      const bounds = boundsOf(lat, lon)!;
      lat.forEach((y, i) => expect(contains(bounds, { lat: y, lon: lon[i]! })).toBe(true));
      expect([bounds.north, bounds.south, bounds.east, bounds.west]).toEqual([Math.max(...lat), Math.min(...lat), Math.max(...lon), Math.min(...lon)]);
    }));
  });

  it('skip rows without a fix and say when nothing is left', () => {
    expect(boundsOf([0, Number.NaN, 12], [0, 77, 77])).toEqual({ west: 77, south: 12, east: 77, north: 12 });
    expect(boundsOf([0, Number.NaN], [0, 77])).toBeUndefined();
  });

  it('around a point hold every point within the distance', () => {
    const anywhere = fc.record({ lat: fc.double({ min: -80, max: 80, noNaN: true }), lon: fc.double({ min: -170, max: 170, noNaN: true }) });
    fc.assert(fc.property(anywhere, fc.double({ min: 0, max: 359, noNaN: true }), fc.double({ min: 1, max: 50_000, noNaN: true }), (centre, degrees, metres) => {
      expect(contains(boundsAround(centre, metres * 1.001), destination(centre, degrees, metres))).toBe(true);
    }));
  });

  it('of two boxes hold both', () => {
    expect(union({ west: 1, south: 2, east: 3, north: 4 }, { west: 0, south: 3, east: 2, north: 5 })).toEqual({ west: 0, south: 2, east: 3, north: 5 });
  });
});
