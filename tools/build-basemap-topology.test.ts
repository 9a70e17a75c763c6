import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildArcs, joinRings, nestRings, signedArea, simplifyLine, type Point, type Region } from './build-basemap-topology.ts';

const square = (x: number, y: number, size: number): Point[] => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];
const region = (code: string, country: string, ...rings: Point[][]): Region => ({ code, country, rings });

describe('basemap topology', () => {
  it('gives two neighbours one shared line and a coast that closes around both', () => {
    const arcs = buildArcs([region('A', 'X', square(0, 0, 1)), region('B', 'X', square(1, 0, 1))]);
    const shared = arcs.filter((arc) => arc.other !== undefined);
    expect(shared).toHaveLength(1);
    expect(new Set(shared[0]!.points.map(String))).toEqual(new Set(['1,0', '1,1']));
    const rings = joinRings(arcs.filter((arc) => arc.other === undefined).map((arc) => arc.points));
    expect(rings).toHaveLength(1);
    expect(Math.abs(signedArea(rings[0]!)) / 2).toBeCloseTo(2);
  });

  it('keeps a lone island as one closed coast', () => {
    const arcs = buildArcs([region('A', 'X', square(5, 5, 2))]);
    expect(arcs).toHaveLength(1);
    expect(arcs[0]!.points[0]).toEqual(arcs[0]!.points.at(-1));
  });

  it('makes a lake a hole and an island in the lake land again', () => {
    const polygons = nestRings([square(4, 4, 2), square(0, 0, 10), square(2, 2, 6)]);
    expect(polygons).toHaveLength(2);
    const large = polygons.find((polygon) => Math.abs(signedArea(polygon[0]!)) === 200)!;
    expect(large).toHaveLength(2);
    expect(signedArea(large[0]!)).toBeGreaterThan(0);
    expect(signedArea(large[1]!)).toBeLessThan(0);
  });

  it('keeps the total land area whatever the grid of regions', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }), (cells) => {
        const regions = cells.flatMap((filled, i) => (filled ? [region(`r${i}`, `c${i % 3}`, square(i % 6, Math.floor(i / 6), 1))] : []));
        const coast = buildArcs(regions).filter((arc) => arc.other === undefined);
        const area = nestRings(joinRings(coast.map((arc) => arc.points))).flat().reduce((sum, ring) => sum + signedArea(ring) / 2, 0);
        expect(area).toBeCloseTo(regions.length);
      }),
      { numRuns: 200 },
    );
  });

  it('simplifies within the tolerance and keeps both ends', () => {
    const points: Point[] = Array.from({ length: 200 }, (_, i) => [i / 100, Math.sin(i / 10) * 0.3] as const);
    const line = simplifyLine(points, () => 0.01);
    expect(line.length).toBeLessThan(points.length / 3);
    expect([line[0], line.at(-1)]).toEqual([points[0], points.at(-1)]);
    for (const [x, y] of points) {
      const at = line.findIndex((point) => point[0] >= x);
      const [x1, y1] = line[Math.max(0, at - 1)]!;
      const [x2, y2] = line[at]!;
      const onLine = x2 === x1 ? y1 : y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
      // Vertical distance is at most the perpendicular one times the slope's secant.
      expect(Math.abs(onLine - y)).toBeLessThan(0.01 * Math.hypot(1, (y2 - y1) / Math.max(1e-9, x2 - x1)) + 1e-6);
    }
  });
});
