import ahmedabad from '../../../resources/demo/roads/ahmedabad.json' with { type: 'json' };
import bengaluru from '../../../resources/demo/roads/bengaluru.json' with { type: 'json' };
import chennai from '../../../resources/demo/roads/chennai.json' with { type: 'json' };
import delhi from '../../../resources/demo/roads/delhi.json' with { type: 'json' };
import hyderabad from '../../../resources/demo/roads/hyderabad.json' with { type: 'json' };
import jaipur from '../../../resources/demo/roads/jaipur.json' with { type: 'json' };
import kochi from '../../../resources/demo/roads/kochi.json' with { type: 'json' };
import kolkata from '../../../resources/demo/roads/kolkata.json' with { type: 'json' };
import mumbai from '../../../resources/demo/roads/mumbai.json' with { type: 'json' };
import pune from '../../../resources/demo/roads/pune.json' with { type: 'json' };

/** One road: its junctions in order, its speed limit in km/h, and whether it runs underground (no satellites in view). */
export interface RoadData {
  readonly name: string;
  readonly limit: number;
  readonly tunnel?: boolean;
  readonly path: readonly string[];
}

/** Arterial roads of a city. Coordinates are WGS 84 degrees [latitude, longitude] of real junctions, to about 200 m. */
export interface CityData {
  readonly key: string;
  readonly city: string;
  readonly district: string;
  readonly state: string;
  readonly zone: string;
  readonly pinPrefix: string;
  readonly registration: readonly string[];
  readonly lat: number;
  readonly lon: number;
  /** Share of the fleet, relative to the other cities. */
  readonly weight: number;
  readonly junctions: Readonly<Record<string, readonly number[]>>;
  readonly roads: readonly RoadData[];
}

/** Every city of the demo fleet, the one with most vehicles first. */
export const CITIES: readonly CityData[] = [bengaluru, delhi, chennai, hyderabad, mumbai, pune, kolkata, ahmedabad, jaipur, kochi];
