import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CITIES } from '#electron/simulator/roads/cities.ts';
import { locate, metresBetween } from '#electron/simulator/roads/geometry.ts';
import { buildNetwork } from '#electron/simulator/roads/network.ts';
import { demoRoads, placesOf, roadsFile } from './build-basemap-roads.ts';

const resources = new URL('../resources/', import.meta.url);
const networks = CITIES.map(buildNetwork);

describe('the roads of the demo cities on the map', () => {
  it('are those of the committed file', () => {
    const labels = JSON.parse(readFileSync(new URL('basemap/labels.geojson', resources), 'utf8')) as Parameters<typeof placesOf>[0];
    // Made anew by: node tools/build-demo-roads.ts
    expect(readFileSync(new URL('demo/roads.geojson', resources), 'utf8') === roadsFile(networks, placesOf(labels))).toBe(true);
  });

  it('lie where the vehicles drive', () => {
    const [network] = networks;
    if (network === undefined) throw new Error('no city');
    const lines = demoRoads([network], []).features.flatMap(({ geometry }) => (geometry.type === 'LineString' ? [geometry.coordinates] : []));
    const fix = { lat: 0, lon: 0, heading: 0 };
    for (const { path } of network.edges.slice(0, 12)) {
      for (let at = 0; at <= path.length; at += path.length / 7) {
        locate(path, at, false, fix);
        const metres = Math.min(...lines.flatMap((line) => line.slice(1).map((to, i) => distanceTo(fix, line[i]!, to))));
        // The tolerance of the drawing and the rounding of its coordinates.
        expect(metres).toBeLessThan(4);
      }
    }
  });

  it('leave a junction to the basemap where that has its name', () => {
    const [network] = networks;
    if (network === undefined) throw new Error('no city');
    const names = (places: Parameters<typeof demoRoads>[1]) => demoRoads([network], places).features.flatMap(({ properties }) => (properties['kind'] === 'junction' ? [properties['name']] : []));
    expect(names([])).toContain('Hebbal');
    expect(names([{ name: 'Hebbal', lat: 13.04, lon: 77.6 }])).not.toContain('Hebbal');
    expect(names([{ name: 'Hebbal', lat: 15, lon: 77.6 }])).toContain('Hebbal');
  });
});

function distanceTo(p: { lat: number; lon: number }, a: readonly number[], b: readonly number[]): number {
  const scale = Math.cos((p.lat * Math.PI) / 180);
  const [dx, dy] = [(b[0]! - a[0]!) * scale, b[1]! - a[1]!];
  const [px, py] = [(p.lon - a[0]!) * scale, p.lat - a[1]!];
  const t = dx === 0 && dy === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)));
  return metresBetween([p.lat, p.lon], [a[1]! + t * dy, a[0]! + (t * dx) / scale]);
}
