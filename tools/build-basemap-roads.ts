import type { Network } from '#electron/simulator/roads/network.ts';
import { simplifyPath } from '#shared/domain/geo/simplify.ts';

/** Metres a drawn road may be off the one that vehicles drive: two pixels at zoom 16. */
const TOLERANCE = 2.5;
/** Speed limit, km/h, from which a road counts as major. */
const MAJOR_LIMIT = 50;
/** Metres within which a place of the basemap stands for a junction of the same name. */
const SAME_PLACE = 4_000;
const METRES_PER_DEGREE = 111_195;

type Position = [lon: number, lat: number];
interface Feature {
  readonly type: 'Feature';
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly geometry: { readonly type: 'Point'; readonly coordinates: Position } | { readonly type: 'LineString'; readonly coordinates: readonly Position[] };
}

/** A place that the basemap names already. */
export interface NamedPlace {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
}

/**
 * The roads of the demo cities as GeoJSON for the map: one line per road (`kind` road, `name`, `major`, `tunnel`), one point per junction
 * (`kind` junction, `name`, `rank` 1 = named first to 3) unless one of `places` names it. The lines are those that vehicles drive.
 */
export function demoRoads(networks: readonly Network[], places: readonly NamedPlace[]): { readonly type: 'FeatureCollection'; readonly features: readonly Feature[] } {
  const named = new Map<string, NamedPlace[]>();
  for (const place of places) named.set(place.name, [...(named.get(place.name) ?? []), place]);
  const features: Feature[] = [];
  for (const { city, edges, junctions, leaving } of networks) {
    let next = 0;
    for (const road of city.roads) {
      const line: Position[] = [];
      for (const { path } of edges.slice(next, (next += road.path.length - 1))) {
        const kept = Array.from(simplifyPath(path.lat, path.lon, TOLERANCE), (i) => position(path.lat[i]!, path.lon[i]!));
        line.push(...(line.length === 0 ? kept : kept.slice(1)));
      }
      features.push({ type: 'Feature', properties: { kind: 'road', name: road.name, major: road.limit >= MAJOR_LIMIT, ...(road.tunnel === true ? { tunnel: true } : {}) }, geometry: { type: 'LineString', coordinates: line } });
    }
    Object.keys(city.junctions).forEach((name, i) => {
      const [lat, lon] = junctions[i]!;
      if (named.get(name)?.some((place) => Math.hypot(place.lat - lat, place.lon - lon) * METRES_PER_DEGREE < SAME_PLACE) === true) return;
      features.push({ type: 'Feature', properties: { kind: 'junction', name, rank: rankOf(leaving[i]!.length) }, geometry: { type: 'Point', coordinates: position(lat, lon) } });
    });
  }
  return { type: 'FeatureCollection', features };
}

/** Crossings of two through roads and ends of the network are the landmarks; places along one road come last. */
function rankOf(ways: number): number {
  return ways >= 4 || ways === 1 ? 1 : ways === 3 ? 2 : 3;
}

/** Five decimals are a metre. */
function position(lat: number, lon: number): Position {
  return [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}

/** The file as it is kept: one feature a line, so that a changed road is a changed line. */
export function roadsFile(networks: readonly Network[], places: readonly NamedPlace[]): string {
  return `{"type":"FeatureCollection","features":[\n${demoRoads(networks, places).features.map((feature) => JSON.stringify(feature)).join(',\n')}\n]}\n`;
}

/** Named places of a parsed `labels.geojson`. */
export function placesOf(labels: { readonly features: readonly { readonly properties: { readonly kind: string; readonly name: string }; readonly geometry: { readonly coordinates: readonly number[] } }[] }): NamedPlace[] {
  return labels.features.filter(({ properties }) => properties.kind === 'place').map(({ properties, geometry: { coordinates: [lon = 0, lat = 0] } }) => ({ name: properties.name, lat, lon }));
}
