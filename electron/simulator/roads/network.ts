import type { CityData } from './cities.ts';
import { metresBetween, offset, pathThrough, windingPath, type Path, type Place } from './geometry.ts';

/** A road between two neighbouring junctions, or the lane between a junction and a door. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly path: Path;
  /** Speed limit, km/h. */
  readonly limit: number;
  readonly tunnel: boolean;
}

/** One edge of a route, driven from its start or from its end. */
export interface Leg {
  readonly edge: Edge;
  readonly reverse: boolean;
}

/** A place off the road network that vehicles go to: a door at the end of a lane. */
export interface Door {
  readonly junction: number;
  readonly place: Place;
  /** From the junction to the door. */
  readonly lane: Edge;
}

export interface Network {
  readonly city: CityData;
  readonly junctions: readonly Place[];
  readonly edges: readonly Edge[];
  /** Legs that leave each junction. */
  readonly leaving: readonly (readonly Leg[])[];
}

const LANE_LIMIT = 20;

/** The junction a leg ends at; −1 for the door of a lane. */
export function endOf(leg: Leg): number {
  return leg.reverse ? leg.edge.from : leg.edge.to;
}

/** The roads of a city as a graph with winding shapes. */
export function buildNetwork(city: CityData): Network {
  const names = Object.keys(city.junctions);
  const index = new Map(names.map((name, position) => [name, position]));
  const junctions = Object.values(city.junctions).map(([lat = 0, lon = 0]): Place => [lat, lon]);
  const edges: Edge[] = [];
  const leaving: Leg[][] = junctions.map(() => []);
  for (const road of city.roads) {
    for (let i = 1; i < road.path.length; i++) {
      const from = index.get(road.path[i - 1] as string);
      const to = index.get(road.path[i] as string);
      if (from === undefined || to === undefined) throw new Error(`${city.key}: ${road.name} passes an unknown junction`);
      const path = windingPath(junctions[from] as Place, junctions[to] as Place, `${city.key}:${road.path[i - 1]}:${road.path[i]}`);
      const edge: Edge = { from, to, path, limit: road.limit, tunnel: road.tunnel === true };
      edges.push(edge);
      leaving[from]?.push({ edge, reverse: false });
      leaving[to]?.push({ edge, reverse: true });
    }
  }
  return { city, junctions, edges, leaving };
}

/** The junction nearest to a place. */
export function nearestJunction(network: Network, place: Place): number {
  let best = 0;
  let distance = Infinity;
  network.junctions.forEach((junction, index) => {
    const d = metresBetween(junction, place);
    if (d < distance) {
      distance = d;
      best = index;
    }
  });
  return best;
}

/** A door at `place`, reached from its nearest junction along two streets at a right angle. */
export function doorAt(network: Network, place: Place): Door {
  const junction = nearestJunction(network, place);
  const from = network.junctions[junction] as Place;
  const corner: Place = [place[0], from[1]];
  return { junction, place, lane: { from: junction, to: -1, path: pathThrough([from, corner, place]), limit: LANE_LIMIT, tunnel: false } };
}

/** A door `metres` off a junction in the direction `bearing` (radians). It belongs to that junction even where another is nearer. */
export function doorNear(network: Network, junction: number, bearing: number, metres: number): Door {
  const from = network.junctions[junction] as Place;
  const place = offset(from, bearing, metres);
  const corner: Place = [place[0], from[1]];
  return { junction, place, lane: { from: junction, to: -1, path: pathThrough([from, corner, place]), limit: LANE_LIMIT, tunnel: false } };
}

/** The quickest way between two junctions at the speed limits (Dijkstra over at most a few dozen junctions); undefined where there is none. */
export function quickestWay(network: Network, from: number, to: number): Leg[] | undefined {
  const count = network.junctions.length;
  const seconds = new Float64Array(count).fill(Infinity);
  const done = new Uint8Array(count);
  const arrivals: (Leg | undefined)[] = Array.from({ length: count }, () => undefined);
  seconds[from] = 0;
  for (;;) {
    let at = -1;
    for (let i = 0; i < count; i++) if (done[i] === 0 && (at < 0 || (seconds[i] as number) < (seconds[at] as number))) at = i;
    if (at < 0 || seconds[at] === Infinity) return undefined;
    if (at === to) break;
    done[at] = 1;
    for (const leg of network.leaving[at] ?? []) {
      const end = endOf(leg);
      const sum = (seconds[at] as number) + leg.edge.path.length / (leg.edge.limit / 3.6) + 12;
      if (sum < (seconds[end] as number)) {
        seconds[end] = sum;
        arrivals[end] = leg;
      }
    }
  }
  const legs: Leg[] = [];
  for (let at = to; at !== from;) {
    const leg = arrivals[at] as Leg;
    legs.push(leg);
    at = leg.reverse ? leg.edge.to : leg.edge.from;
  }
  return legs.reverse();
}

/** The way from door to door; a single lane there and back where both share a junction. Undefined where the roads do not connect. */
export function route(network: Network, from: Door, to: Door): Leg[] | undefined {
  const way = quickestWay(network, from.junction, to.junction);
  return way && [{ edge: from.lane, reverse: true }, ...way, { edge: to.lane, reverse: false }];
}

/** Metres of a way. */
export function lengthOf(legs: readonly Leg[]): number {
  return legs.reduce((sum, leg) => sum + leg.edge.path.length, 0);
}
