import { haversineMetres } from '../../geo/distance.ts';
import { FIX_COUNT, type FixColumns } from './fixes.ts';

/** Fastest believable travel, km/h, of a two-wheeler; 90 for three-wheelers (docs: position and distance). */
export const DEFAULT_SPEED_LIMIT = 120;
/** A leg shorter than this is never a spike, m: fixes in a street canyon scatter that far. */
const SHORT_LEG = 200;
/** Fixes this close belong to one stay, m. */
const STAY_RADIUS = 50;

/** The position to show, written by `choosePosition`. */
export interface ChosenPosition {
  lat: number;
  lon: number;
  /** Order key of the newest fix it rests on; NaN: there is no fix. */
  key: number;
}

/**
 * The newest fix that its neighbours do not contradict: one that could not be reached at `speedLimit` km/h waits for the next
 * to confirm it, unless the fix before it was the odd one. A parked vehicle is shown at the median of the fixes of its stay. A
 * pure function of the kept fixes.
 */
export function choosePosition(columns: FixColumns, slot: number, speedLimit: number, parked: boolean, out: ChosenPosition): void {
  const first = slot * FIX_COUNT;
  const end = first + FIX_COUNT;
  let chosen = first;
  for (let i = first; i < end && !Number.isNaN(columns.fixKey[i]); i++) {
    if (isBelievable(columns, i, end, speedLimit)) {
      chosen = i;
      break;
    }
  }
  out.key = columns.fixKey[chosen] as number;
  out.lat = columns.fixLat[chosen] as number;
  out.lon = columns.fixLon[chosen] as number;
  if (parked && out.key === out.key) steady(columns, chosen, end, out);
}

function isBelievable(columns: FixColumns, i: number, end: number, speedLimit: number): boolean {
  if (i + 1 >= end || Number.isNaN(columns.fixKey[i + 1])) return true;
  if (isPossible(columns, i, i + 1, speedLimit)) return true;
  const hasThird = i + 2 < end && !Number.isNaN(columns.fixKey[i + 2]);
  return hasThird && isPossible(columns, i, i + 2, speedLimit) && !isPossible(columns, i + 1, i + 2, speedLimit);
}

function isPossible(columns: FixColumns, a: number, b: number, speedLimit: number): boolean {
  const metres = metresBetween(columns, a, b);
  if (metres <= SHORT_LEG) return true;
  const seconds = Math.max(1, ((columns.fixKey[a] as number) - (columns.fixKey[b] as number)) / 1000);
  return (metres / seconds) * 3.6 <= speedLimit;
}

function metresBetween(columns: FixColumns, a: number, b: number): number {
  return haversineMetres(columns.fixLat[a] as number, columns.fixLon[a] as number, columns.fixLat[b] as number, columns.fixLon[b] as number);
}

const lats: number[] = [];
const lons: number[] = [];
const ascending = (a: number, b: number): number => a - b;

/** Median, by component, of the chosen fix and the older ones of the same stay. */
function steady(columns: FixColumns, chosen: number, end: number, out: ChosenPosition): void {
  lats.length = 0;
  lons.length = 0;
  for (let i = chosen; i < end && !Number.isNaN(columns.fixKey[i]); i++) {
    if (i > chosen && metresBetween(columns, i, chosen) > STAY_RADIUS) continue;
    lats.push(columns.fixLat[i] as number);
    lons.push(columns.fixLon[i] as number);
  }
  lats.sort(ascending);
  lons.sort(ascending);
  const middle = (lats.length - 1) >> 1;
  out.lat = lats[middle] as number;
  out.lon = lons[middle] as number;
}
