import type { PathColumns } from '#renderer/ui/map/path-data.ts';
import { haversineMetres } from '#shared/domain/geo/distance.ts';

/** Length of a trail, ms. */
export const TRAIL_SPAN = 900_000;
/**
 * A leg that took longer than this, ms, and led further than GAP_METRES is a gap. Positions are stored every 10 s while they change; a
 * vehicle that starts after a stop is seen again before it has gone that far.
 */
const GAP_TIME = 45_000;
const GAP_METRES = 150;
/** Rows kept at most; a unit that reports every second fills them in 15 minutes. */
const BOUND = 1000;

/** A stored series of one parameter, oldest first. */
interface Series {
  readonly time: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** Where a vehicle was in the last minutes, oldest first; legs over a gap are marked as guessed. */
export class Trail implements PathColumns {
  readonly lat: number[] = [];
  readonly lon: number[] = [];
  readonly guessed: number[] = [];
  #time: number[] = [];

  get count(): number {
    return this.#time.length;
  }

  /** Adds a position at an instant, epoch ms. Returns false for one that is not newer or no other place, which is left out. */
  add(time: number, lat: number, lon: number): boolean {
    const last = this.count - 1;
    const before = this.#time[last];
    if (Number.isNaN(time + lat + lon) || (before !== undefined && (time <= before || (this.lat[last] === lat && this.lon[last] === lon)))) return false;
    const gap = before !== undefined && time - before > GAP_TIME && haversineMetres(this.lat[last]!, this.lon[last]!, lat, lon) > GAP_METRES;
    this.#time.push(time);
    this.lat.push(lat);
    this.lon.push(lon);
    this.guessed.push(gap ? 1 : 0);
    let old = Math.max(0, this.count - BOUND);
    while (old < this.count - 1 && time - this.#time[old]! > TRAIL_SPAN) old++;
    for (const column of [this.#time, this.lat, this.lon, this.guessed]) column.splice(0, old);
    return true;
  }

  /** Puts stored positions before those added so far. Latitude and longitude are stored each when it changes, so the other one keeps its value. */
  addStored(lat: Series, lon: Series): void {
    const later = this.#time.map((time, i) => [time, this.lat[i]!, this.lon[i]!] as const);
    for (const column of [this.#time, this.lat, this.lon, this.guessed]) column.length = 0;
    let [y, x] = [Number.NaN, Number.NaN];
    for (let i = 0, k = 0; i < lat.time.length || k < lon.time.length; ) {
      const time = Math.min(lat.time[i] ?? Infinity, lon.time[k] ?? Infinity);
      if (lat.time[i] === time) y = lat.value[i++]!;
      if (lon.time[k] === time) x = lon.value[k++]!;
      this.add(time, y, x);
    }
    for (const [time, laterLat, laterLon] of later) this.add(time, laterLat, laterLon);
  }
}
