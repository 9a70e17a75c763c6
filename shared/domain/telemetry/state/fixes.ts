import type { Fix } from './position.ts';

/** Puts a fix among the three newest of the vehicle at `at`; the same key keeps the larger latitude, then longitude. True where that changed them. */
export function insertFix(fixes: Float64Array, at: number, lat: number, lon: number, key: number): boolean {
  for (let place = 0; place < 3; place++) {
    const i = at + place * 3;
    const known = fixes[i + 2]!;
    if (key < known) continue;
    if (key === known) {
      if (!(lat > fixes[i]! || (lat === fixes[i]! && lon > fixes[i + 1]!))) return false;
      fixes[i] = lat;
      fixes[i + 1] = lon;
      return true;
    }
    fixes.copyWithin(i + 3, i, at + 6);
    fixes[i] = lat;
    fixes[i + 1] = lon;
    fixes[i + 2] = key;
    return true;
  }
  return false;
}

/** The three newest fixes, newest first; undefined where there are fewer. */
export function newestFixes(fixes: Float64Array, at: number): [Fix | undefined, Fix | undefined, Fix | undefined] {
  const read = (i: number): Fix | undefined => (fixes[i + 2]! > 0 ? { lat: fixes[i]!, lon: fixes[i + 1]!, key: fixes[i + 2]! } : undefined);
  return [read(at), read(at + 3), read(at + 6)];
}
