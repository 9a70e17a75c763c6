import type { GazetteerData } from '#shared/domain/geo/gazetteer-data.ts';
import type { Place } from './build-basemap-places.ts';

/** The gazetteer file's columns from places; states and districts are numbered in the order they first appear. */
export function gazetteerOf(places: readonly Place[], attribution: string): GazetteerData {
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  const countries: [string, string][] = [];
  const states: [number, string][] = [];
  const districts: [number, string][] = [];
  const numbers = new Map<string, number>();
  const numberOf = (key: string, add: () => number): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const added = add() - 1;
    numbers.set(key, added);
    return added;
  };
  const data = { version: 1 as const, attribution, countries, states, districts, name: [] as string[], lat: [] as number[], lon: [] as number[], state: [] as number[], district: [] as number[], rank: [] as number[] };
  for (const place of places) {
    const country = numberOf(place.country, () => countries.push([place.country, names.of(place.country) ?? place.country]));
    const state = numberOf(`${place.country}/${place.state}`, () => states.push([country, place.state]));
    data.name.push(place.name);
    data.lat.push(Math.round(place.lat * 1e4));
    data.lon.push(Math.round(place.lon * 1e4));
    data.state.push(state);
    data.district.push(place.district === undefined ? -1 : numberOf(`${place.country}/${place.state}/${place.district}`, () => districts.push([state, place.district!])));
    data.rank.push(place.rank);
  }
  return data;
}
