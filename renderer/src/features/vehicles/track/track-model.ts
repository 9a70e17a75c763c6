import type { OutputOf } from '#shared/contract/index.ts';
import { lastAt } from '#shared/domain/history/steps.ts';
import type { MapPoint } from '#renderer/ui/map/camera.ts';
import type { PathColumns } from '#renderer/ui/map/path-data.ts';

export type Track = OutputOf<'vehicle.track'>;

/** Bits of a row's flags. */
const GUESSED = 1;
export const IGNITION = 2;
export const CHARGING = 4;

/** Hues of up to three vehicles, distinguishable with any colour vision; each also carries its letter. */
export const TRACK_COLOURS = ['--cc-track-1', '--cc-track-2', '--cc-track-3'] as const;
export const MAX_TRACKS = TRACK_COLOURS.length;

/** A stretch of time, epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is known of a vehicle at an instant. */
export interface Moment {
  /** The row at or before the instant; -1 before the first. */
  readonly row: number;
  readonly lat: number;
  readonly lon: number;
  /** Degrees clockwise from north; NaN where it does not move. */
  readonly heading: number;
  readonly speed: number;
  readonly soc: number;
  /** Between two points that nothing connects, or after the last: the values are those before. */
  readonly stale: boolean;
}

const NOWHERE: Moment = { row: -1, lat: Number.NaN, lon: Number.NaN, heading: Number.NaN, speed: Number.NaN, soc: Number.NaN, stale: true };

/** The vehicle at an instant: between two points of a ride in proportion to time, in a gap where it was last seen. */
export function momentAt(track: Track, instant: number): Moment {
  const { time, lat, lon, speed, soc, heading, flags } = track;
  const row = lastAt(time, instant);
  if (row < 0) return NOWHERE;
  let placed = row;
  while (placed > 0 && Number.isNaN(lat[placed])) placed--;
  const next = row + 1;
  const moves = speed[row]! > 0;
  const known = { row, heading: moves ? heading[row]! : Number.NaN, speed: speed[row]!, soc: soc[row]! };
  const apart = next >= time.length ? instant > time[row]! : (flags[next]! & GUESSED) !== 0 || Number.isNaN(lat[next]) || placed !== row;
  if (apart || next >= time.length) return { ...known, lat: lat[placed]!, lon: lon[placed]!, stale: apart && silentAt(track, instant) };
  const share = (instant - time[row]!) / (time[next]! - time[row]!);
  return { ...known, lat: lat[row]! + (lat[next]! - lat[row]!) * share, lon: lon[row]! + (lon[next]! - lon[row]!) * share, stale: false };
}

/** Whether nothing was heard of the vehicle at an instant. */
export function silentAt(track: Track, instant: number): boolean {
  const last = track.time.at(-1);
  return last === undefined || instant > last || track.silences.some(({ from, to }) => instant > from && instant < to);
}

/** The path for the map; legs over a gap are guesses. */
export function pathOf({ lat, lon, flags, time }: Track): PathColumns {
  return { count: time.length, lat, lon, guessed: Uint8Array.from(flags, (bits) => bits & GUESSED) };
}

/** Stretches in which the vehicle moved, oldest first; what is closer than `join` ms is one. */
export function movingSpans({ time, speed, flags }: Track, join = 30_000): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (let i = 0; i + 1 < time.length; i++) {
    if (!(speed[i]! > 0) || (flags[i + 1]! & GUESSED) !== 0) continue;
    const last = spans.at(-1);
    if (last && time[i]! - last.to <= join) last.to = time[i + 1]!;
    else spans.push({ from: time[i]!, to: time[i + 1]! });
  }
  return spans;
}

export interface TrackFacts {
  readonly moving: number;
  readonly topSpeed: number;
  readonly firstSoc: number;
  readonly lastSoc: number;
  readonly silent: number;
}

const length = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** What one asks first of a track: time on the move, top speed, SoC at both ends, time of silence (ms, km/h, %). */
export function factsOf(track: Track): TrackFacts {
  let topSpeed = Number.NaN;
  for (const speed of track.speed) if (!(speed <= topSpeed) && !Number.isNaN(speed)) topSpeed = speed;
  const known = (soc: number): boolean => !Number.isNaN(soc);
  return { moving: length(movingSpans(track)), topSpeed, firstSoc: track.soc.find(known) ?? Number.NaN, lastSoc: track.soc.findLast(known) ?? Number.NaN, silent: length(track.silences) };
}

/** The row next to an instant in a direction; undefined at the ends. */
export function neighbour(track: Track, instant: number, direction: 1 | -1): number | undefined {
  const row = lastAt(track.time, instant);
  const next = direction > 0 ? row + 1 : track.time[row]! < instant ? row : row - 1;
  return track.time[next];
}

/** All positions of some tracks. */
export function* positionsOf(tracks: readonly Track[]): Generator<MapPoint> {
  for (const { lat, lon } of tracks) for (let i = 0; i < lat.length; i++) yield { lat: lat[i]!, lon: lon[i]! };
}

/** By which a track is told apart where there are several: A, B, C. */
export function trackLetter(index: number): string {
  return String.fromCharCode(65 + index);
}

/** How far an instant is into a range, percent; below 0 and above 100 outside of it. */
export function shareOf(range: Span, time: number): number {
  return ((time - range.from) / (range.to - range.from)) * 100;
}
