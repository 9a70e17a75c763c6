import { haversineMetres, isPosition } from '../geo/distance.ts';
import { HDOP_LIMIT, SATELLITES_NEEDED } from '../telemetry/processor/row-builder.ts';
import { StepReader, type Steps } from './steps.ts';

/** Positions in order of time. */
export interface Fixes {
  readonly time: Float64Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
}

/** Latitude and longitude are stored each when it changes: the other one holds for so long, ms. */
const PAIR = 30_000;
/** Satellites and HDOP say something of a fix for so long, ms. */
const QUALITY_HOLDS = 60_000;
/** A leg shorter than this is never a spike, m: fixes in a street canyon scatter that far. */
const SHORT_LEG = 200;

/** The fixes that count: both coordinates, at least four satellites and HDOP up to 5 where these are reported, no 0/0, no spikes. */
export function fixesOf(lat: Steps, lon: Steps, satellites: Steps | undefined, hdop: Steps | undefined, speedLimit: number): Fixes {
  const [times, lats, lons]: [number[], number[], number[]] = [[], [], []];
  const latitude = new StepReader(lat);
  const longitude = new StepReader(lon);
  const seen = new StepReader(satellites);
  const dilution = new StepReader(hdop);
  for (let i = 0, k = 0; i < lat.time.length || k < lon.time.length; ) {
    const time = Math.min((lat.time[i] as number | undefined) ?? Infinity, (lon.time[k] as number | undefined) ?? Infinity);
    while (lat.time[i] === time) i++;
    while (lon.time[k] === time) k++;
    const y = latitude.at(time);
    const x = longitude.at(time);
    const poor = (seen.at(time) < SATELLITES_NEEDED && seen.age(time) <= QUALITY_HOLDS) || (dilution.at(time) > HDOP_LIMIT && dilution.age(time) <= QUALITY_HOLDS);
    if (poor || !isPosition(y, x) || latitude.age(time) > PAIR || longitude.age(time) > PAIR) continue;
    times.push(time);
    lats.push(y);
    lons.push(x);
  }
  return withoutSpikes({ time: Float64Array.from(times), lat: Float64Array.from(lats), lon: Float64Array.from(lons) }, speedLimit);
}

/** Drops a fix that could neither be reached nor left at `speedLimit` km/h while its neighbours agree with each other. */
function withoutSpikes(fixes: Fixes, speedLimit: number): Fixes {
  const { time } = fixes;
  const keep: number[] = [];
  for (let i = 0; i < time.length; i++) {
    const before = keep.at(-1);
    const after = i + 1;
    const spike = before !== undefined && after < time.length && !possible(fixes, before, i, speedLimit) && !possible(fixes, i, after, speedLimit) && possible(fixes, before, after, speedLimit);
    if (!spike) keep.push(i);
  }
  if (keep.length === time.length) return fixes;
  const pick = (column: Float64Array): Float64Array => Float64Array.from(keep, (i) => column[i] as number);
  return { time: pick(time), lat: pick(fixes.lat), lon: pick(fixes.lon) };
}

function possible({ time, lat, lon }: Fixes, a: number, b: number, speedLimit: number): boolean {
  const metres = haversineMetres(lat[a] as number, lon[a] as number, lat[b] as number, lon[b] as number);
  if (metres <= SHORT_LEG) return true;
  const seconds = Math.max(1, ((time[b] as number) - (time[a] as number)) / 1000);
  return (metres / seconds) * 3.6 <= speedLimit;
}
