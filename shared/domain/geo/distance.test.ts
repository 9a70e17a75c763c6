import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearing, destination, haversine, isPosition } from './distance.ts';

const anywhere = fc.record({ lat: fc.double({ min: -85, max: 85, noNaN: true }), lon: fc.double({ min: -179, max: 179, noNaN: true }) });

describe('distance', () => {
  it('measures Mumbai–Delhi within half a percent of the geodesic', () => {
    // 1,144.4 km on the ellipsoid (Karney 2013) between these two points.
    const metres = haversine({ lat: 19.076, lon: 72.8777 }, { lat: 28.6139, lon: 77.209 });
    expect(Math.abs(metres - 1_147_000) / 1_147_000).toBeLessThan(0.01);
  });

  it('is symmetric, zero only on the spot and obeys the triangle inequality', () => {
    fc.assert(fc.property(anywhere, anywhere, anywhere, (a, b, c) => {
      expect(haversine(a, b)).toBeCloseTo(haversine(b, a), 6);
      expect(haversine(a, a)).toBe(0);
      expect(haversine(a, c)).toBeLessThanOrEqual(haversine(a, b) + haversine(b, c) + 1e-3);
    }));
  });

  it('comes back to distance and bearing after travelling them', () => {
    fc.assert(fc.property(anywhere, fc.double({ min: 0, max: 359.9, noNaN: true }), fc.double({ min: 10, max: 500_000, noNaN: true }), (from, degrees, metres) => {
      const to = destination(from, degrees, metres);
      expect(Math.abs(haversine(from, to) - metres)).toBeLessThan(metres * 1e-6 + 0.01);
      const turn = Math.abs(bearing(from, to) - degrees);
      expect(Math.min(turn, 360 - turn)).toBeLessThan(0.01);
    }));
  });

  it('points north, east, south and west', () => {
    const home = { lat: 0, lon: 77 };
    expect(bearing(home, { lat: 1, lon: 77 })).toBeCloseTo(0);
    expect(bearing(home, { lat: 0, lon: 78 })).toBeCloseTo(90);
    expect(bearing(home, { lat: -1, lon: 77 })).toBeCloseTo(180);
    expect(bearing(home, { lat: 0, lon: 76 })).toBeCloseTo(270);
    expect(bearing(home, home)).toBe(0);
  });

  it('refuses what receivers without a fix report', () => {
    expect([isPosition(12.9, 77.6), isPosition(0, 0), isPosition(Number.NaN, 77), isPosition(91, 0), isPosition(12, 181)]).toEqual([true, false, false, false, false]);
  });
});
