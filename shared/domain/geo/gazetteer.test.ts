import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haversineMetres } from './distance.ts';
import { createGazetteer } from './gazetteer.ts';
import { parseGazetteer, type GazetteerData } from './gazetteer-data.ts';
import { INDIA_STATES, zoneOf } from './zones.ts';

const data = parseGazetteer(JSON.parse(readFileSync(new URL('../../../resources/gazetteer/places.json', import.meta.url), 'utf8')));
const gazetteer = createGazetteer(data);

/** Distance of the nearest of all places, km, without an index. */
function bruteForce(lat: number, lon: number, from: GazetteerData): number {
  let best = Infinity;
  for (let i = 0; i < from.name.length; i++) best = Math.min(best, haversineMetres(lat, lon, from.lat[i]! / 1e4, from.lon[i]! / 1e4) / 1000);
  return best;
}

describe('gazetteer', () => {
  it('finds what a search of all places finds, anywhere in the region', () => {
    fc.assert(fc.property(fc.double({ min: -5, max: 40, noNaN: true }), fc.double({ min: 40, max: 105, noNaN: true }), (lat, lon) => {
      const found = gazetteer.nearest(lat, lon);
      const best = bruteForce(lat, lon, data);
      if (best > 150) expect(found).toBeUndefined();
      else expect(found?.distanceKm).toBeCloseTo(best, 9);
    }), { numRuns: 400 });
  });

  it('finds the nearest of a few places at any latitude and across the antimeridian', () => {
    const point = fc.record({ lat: fc.integer({ min: -890_000, max: 890_000 }), lon: fc.integer({ min: -1_800_000, max: 1_799_999 }) });
    fc.assert(fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), point, (places, at) => {
      const count = places.length;
      const few: GazetteerData = {
        version: 1, attribution: '', countries: [['XX', 'X']], states: [[0, 'S']], districts: [], name: places.map((_, i) => `p${i}`),
        lat: places.map((p) => p.lat), lon: places.map((p) => p.lon), state: Array<number>(count).fill(0), district: Array<number>(count).fill(-1), rank: Array<number>(count).fill(5),
      };
      const [lat, lon] = [at.lat / 1e4, at.lon / 1e4];
      const best = bruteForce(lat, lon, few);
      const found = createGazetteer(few).nearest(lat, lon, 3000)?.distanceKm;
      if (best > 3000) expect(found).toBeUndefined();
      else expect(found).toBeCloseTo(best, 6);
    }), { numRuns: 300 });
  });

  it('names the city people would name', () => {
    expect(gazetteer.nearest(12.9352, 77.6245)).toMatchObject({ city: 'Bengaluru', state: 'Karnataka', country: 'India', zone: 'South' });
    expect(gazetteer.nearest(19.1136, 72.8697)).toMatchObject({ city: 'Mumbai', state: 'Maharashtra', zone: 'West' });
    expect(gazetteer.nearest(28.4595, 77.0266)).toMatchObject({ city: 'Gurugram', state: 'Haryana', zone: 'North' });
    expect(gazetteer.nearest(22.5958, 88.2636)?.state).toBe('West Bengal');
    expect(gazetteer.nearest(25.2, 55.27)).toMatchObject({ city: 'Dubai', countryCode: 'AE', zone: undefined });
  });

  it('names a district or place where no town is near', () => {
    const found = gazetteer.nearest(26.95, 70.9);
    expect(found?.district).toBe('Jaisalmer');
    expect(found?.city).not.toBe('');
  });

  it('has nothing at sea, nor for what is no position', () => {
    expect(gazetteer.nearest(5, 65)).toBeUndefined();
    expect(gazetteer.nearest(Number.NaN, 77)).toBeUndefined();
    expect(gazetteer.nearest(91, 77)).toBeUndefined();
  });

  it('puts the metropolis before places that merely contain its name', () => {
    expect(gazetteer.search('mumbai', 5)[0]).toMatchObject({ place: 'Mumbai', rank: 0 });
    expect(gazetteer.search('Delh', 3)[0]?.place).toBe('Delhi');
    expect(gazetteer.search('sūrat', 1)[0]?.place).toBe('Surat');
    expect(gazetteer.search('   ', 5)).toEqual([]);
    expect(gazetteer.search('pur', 7)).toHaveLength(7);
  });

  it('knows the zone of every state of India it names', () => {
    const states = data.states.filter(([country]) => data.countries[country]![0] === 'IN').map(([, name]) => name);
    expect(states.filter((name) => name !== '' && zoneOf(name) === undefined)).toEqual([]);
    expect(INDIA_STATES).toHaveLength(36);
    expect(zoneOf('Orissa')).toBe('East');
    expect(zoneOf('Jammu & Kashmir')).toBe('North');
    expect(zoneOf('Punjab Province')).toBeUndefined();
  });

  it('keeps to its size budget', () => {
    expect(JSON.stringify(data).length).toBeLessThan(1_500_000);
    expect(gazetteer.size).toBeGreaterThan(8000);
  });

  it('refuses a file with columns of unequal length or a dangling number', () => {
    expect(() => parseGazetteer({ ...data, lat: data.lat.slice(1) })).toThrow(/inconsistent/);
    expect(() => parseGazetteer({ ...data, state: data.state.map(() => 99_999) })).toThrow(/inconsistent/);
    expect(() => parseGazetteer({ version: 2 })).toThrow(/not readable/);
  });
});
