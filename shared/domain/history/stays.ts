import { haversineMetres } from '../geo/distance.ts';
import type { Span } from './silence.ts';

/** A stretch in which every fix lies within the radius of one place. */
export interface Stay extends Span {
  /** The place: the median of its fixes. */
  readonly lat: number;
  readonly lon: number;
}

export interface StaySettings {
  /** Metres. */
  readonly radius: number;
  /** Shortest stay, ms. */
  readonly duration: number;
}

/** R = 50 m for T = 180 s (docs/domain.md, Trips and stops). */
export const STAY_SETTINGS: StaySettings = { radius: 50, duration: 180_000 };

/**
 * Stays among fixes in order of time; rows without a position (NaN) are passed over, so a gap that ends at the same place does not end
 * the stay. A fix belongs to a stay while it lies within the radius of the mean of those before it.
 */
export function staysOf(time: ArrayLike<number>, lat: ArrayLike<number>, lon: ArrayLike<number>, settings: StaySettings = STAY_SETTINGS): Stay[] {
  const rows: number[] = [];
  for (let i = 0; i < time.length; i++) if (!Number.isNaN(lat[i]) && !Number.isNaN(lon[i])) rows.push(i);
  const stays: Stay[] = [];
  for (let first = 0; first < rows.length; ) {
    const end = reach(rows, first, lat, lon, settings.radius);
    const from = time[rows[first] as number] as number;
    const to = time[rows[end - 1] as number] as number;
    if (to - from < settings.duration) {
      first++;
      continue;
    }
    const members = rows.slice(first, end);
    stays.push({ from, to, lat: median(members.map((row) => lat[row] as number)), lon: median(members.map((row) => lon[row] as number)) });
    first = end;
  }
  return stays;
}

/** Index behind the last fix that belongs to the same place as the one at `first`. */
function reach(rows: readonly number[], first: number, lat: ArrayLike<number>, lon: ArrayLike<number>, radius: number): number {
  let [y, x] = [lat[rows[first] as number] as number, lon[rows[first] as number] as number];
  let end = first + 1;
  for (; end < rows.length; end++) {
    const row = rows[end] as number;
    if (haversineMetres(lat[row] as number, lon[row] as number, y, x) > radius) break;
    const share = 1 / (end - first + 1);
    y += ((lat[row] as number) - y) * share;
    x += ((lon[row] as number) - x) * share;
  }
  return end;
}

/** The middle value, the lower of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}
