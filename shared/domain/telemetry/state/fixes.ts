/** Fixes kept per vehicle: enough to tell a spike from a journey, and to steady a parked position. */
export const FIX_COUNT = 5;

/** Columns with FIX_COUNT fixes per vehicle, newest first; unused ones have key NaN. */
export interface FixColumns {
  /** Order key. */
  readonly fixKey: Float64Array;
  readonly fixLat: Float64Array;
  readonly fixLon: Float64Array;
}

/**
 * Puts a fix among the newest of a vehicle; false where it is older than all of them or known. Ordered by (key, lat, lon), so
 * the order of calls does not matter.
 */
export function insertFix(columns: FixColumns, slot: number, lat: number, lon: number, key: number): boolean {
  const { fixKey, fixLat, fixLon } = columns;
  const first = slot * FIX_COUNT;
  const end = first + FIX_COUNT;
  let at = first;
  while (at < end && isNewer(fixKey[at] as number, fixLat[at] as number, fixLon[at] as number, key, lat, lon)) at++;
  if (at === end || (fixKey[at] === key && fixLat[at] === lat && fixLon[at] === lon)) return false;
  fixKey.copyWithin(at + 1, at, end - 1);
  fixLat.copyWithin(at + 1, at, end - 1);
  fixLon.copyWithin(at + 1, at, end - 1);
  fixKey[at] = key;
  fixLat[at] = lat;
  fixLon[at] = lon;
  return true;
}

function isNewer(key: number, lat: number, lon: number, thanKey: number, thanLat: number, thanLon: number): boolean {
  return key > thanKey || (key === thanKey && (lat > thanLat || (lat === thanLat && lon > thanLon)));
}
