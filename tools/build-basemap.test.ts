import { readFileSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { insideRing, type Point } from './build-basemap-topology.ts';
import { districtName, placeName } from './build-basemap-names.ts';
import { rankOf } from './build-basemap-places.ts';

const folder = new URL('../resources/basemap/', import.meta.url);
interface Feature { properties: Record<string, unknown>; geometry: { type: string; coordinates: unknown } }
const read = (name: string): Feature[] => (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { features: Feature[] }).features;

describe('the committed basemap', () => {
  const manifest = JSON.parse(readFileSync(new URL('basemap.json', folder), 'utf8')) as { attribution: string; land: string; borders: string; labels: string };

  it('stays under three megabytes and credits its sources', () => {
    const size = readdirSync(folder).reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0);
    expect(size).toBeLessThan(3_000_000);
    expect(manifest.attribution).toContain('GeoNames');
    expect(manifest.attribution).toContain('Natural Earth');
  });

  it('has land where cities are and sea where they are not', () => {
    const polygons = read(manifest.land).map(({ geometry }) => geometry.coordinates as Point[][]);
    const onLand = (point: Point): boolean => polygons.some(([outer, ...holes]) => insideRing(point, outer!) && !holes.some((hole) => insideRing(point, hole)));
    const land: Point[] = [[77.59, 12.97], [72.88, 19.08], [77.21, 28.61], [78.49, 17.38], [91.75, 26.18], [74.86, 32.73], [55.4, 25.1], [80.6, 7.3], [-98, 39], [135, -25]];
    const sea: Point[] = [[72, 18], [85, 12], [65, 15], [-30, 0], [80, -10]];
    expect(land.map(onLand)).toEqual(land.map(() => true));
    expect(sea.map(onLand)).toEqual(sea.map(() => false));
  });

  it('tells countries, contested lines and states apart', () => {
    const kinds = read(manifest.borders).map(({ properties }) => `${String(properties.level)} ${String(properties.disputed)}`);
    expect(kinds.sort()).toEqual(['2 false', '2 true', '4 false']);
  });

  it('names every state of India once and the metropolises first', () => {
    const labels = read(manifest.labels).map(({ properties }) => properties);
    const states = labels.filter(({ kind }) => kind === 'state').map(({ name }) => name);
    expect(new Set(states).size).toBe(states.length);
    expect(states).toHaveLength(36);
    const first = labels.filter(({ kind, rank }) => kind === 'place' && rank === 0).map(({ name }) => name);
    for (const name of ['Mumbai', 'Delhi', 'Bengaluru', 'Kolkata', 'Chennai', 'Hyderabad']) expect(first).toContain(name);
  });
});

describe('names and ranks', () => {
  it('come in the spelling in use', () => {
    expect([placeName('IN', '19', 'Belgaum'), placeName('IN', '09', 'Sūrat'), placeName('IN', '37', 'Bijapur'), placeName('IN', '19', 'Bijapur')]).toEqual(['Belagavi', 'Surat', 'Bijapur', 'Vijayapura']);
    expect([districtName('IN', '36', 'District Banda'), districtName('IN', '19', 'Mysore'), districtName('BD', '81', 'Dhaka District')]).toEqual(['Banda', 'Mysuru', 'Dhaka']);
  });

  it('rise for capitals and district seats and sink for suburbs', () => {
    const town = { name: 'Anytown', country: 'IN', district: 'Elsewhere', population: 30_000, feature: 'PPL' };
    expect(rankOf(town)).toBe(6);
    expect(rankOf({ ...town, feature: 'PPLA' })).toBe(2);
    expect(rankOf({ ...town, district: 'Anytown' })).toBe(4);
    expect(rankOf({ ...town, feature: 'PPLX', population: 900_000 })).toBe(8);
  });
});
