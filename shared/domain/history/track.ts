import { haversineMetres } from '../geo/distance.ts';
import { PARAMETER } from '../telemetry/catalogue/numbers.ts';
import { GPS_STANDSTILL } from '../telemetry/state/rules.ts';
import { chargesOf } from './charges.ts';
import { fixesOf, type Fixes } from './fixes.ts';
import { heardAt, isChargingState, longestPause, silences, type Span } from './silence.ts';
import { median, STAY_SETTINGS, staysOf, type Stay } from './stays.ts';
import { StepReader, type Steps } from './steps.ts';
import { thinPath } from './thin.ts';

/** Facts about one row of a track, as bits. */
export const TRACK_FLAG = {
  /** The leg that ends here is a guess: the vehicle was silent, or had no fix. */
  guessed: 1,
  ignition: 2,
  charging: 4,
  /** The position is the median of a parked stretch. */
  parked: 8,
} as const;

/** Where a row's speed is from. */
export const SPEED_SOURCE = { none: 0, wheel: 1, gps: 2 } as const;

/** Parameters a track is made of. */
export const TRACK_PARAMETERS = [
  PARAMETER.lat, PARAMETER.lon, PARAMETER.gpsSpeed, PARAMETER.heading, PARAMETER.satellites, PARAMETER.hdop, PARAMETER.speed, PARAMETER.odometer, PARAMETER.ignition,
  PARAMETER.soc, PARAMETER.chargingState, PARAMETER.chargerState, PARAMETER.bmsState, PARAMETER.chargerPlugged, PARAMETER.packCurrent, PARAMETER.nominalCapacity,
] as const;

/** One row per fix, oldest first, and rows without a position where there was none; what is not known is NaN. */
export interface TrackRows {
  readonly time: Float64Array<ArrayBuffer>;
  readonly lat: Float64Array<ArrayBuffer>;
  readonly lon: Float64Array<ArrayBuffer>;
  /** km/h */
  readonly speed: Float64Array<ArrayBuffer>;
  /** % */
  readonly soc: Float64Array<ArrayBuffer>;
  /** Degrees clockwise from north. */
  readonly heading: Float64Array<ArrayBuffer>;
  /** Of SPEED_SOURCE. */
  readonly source: Uint8Array<ArrayBuffer>;
  /** Bits of TRACK_FLAG. */
  readonly flags: Uint8Array<ArrayBuffer>;
}

export interface Track {
  readonly rows: TrackRows;
  /** Rows before they were thinned. */
  readonly readings: number;
  readonly stays: readonly Stay[];
  readonly charges: readonly Span[];
  readonly silences: readonly Span[];
  /** km, and whether the odometer says so or the path. */
  readonly distance: number;
  readonly distanceSource: 'odometer' | 'path';
}

/** Wheel speed that is older than GPS speed by more than this has ended: the CAN bus is silent, the receiver is not, ms. */
const WHEEL_SPEED_LAG = 60_000;
/** SoC changes slowly: a reading holds for so long, ms. */
const SOC_HOLDS = 900_000;
const HEADING_HOLDS = 60_000;
/** Rows without a position stand at least this far apart, ms. */
const UNPLACED_EVERY = 10_000;
const MAX_ROWS = 20_000;

export interface TrackOptions {
  /** Fastest believable travel, km/h. */
  readonly speedLimit: number;
  /** End of the range, epoch ms; of one that reaches into the future, now. */
  readonly to: number;
  readonly maxRows?: number;
}

/** The track of a vehicle from its stored values by parameter number. A pure function of them: their order of arrival does not matter. */
export function buildTrack(values: ReadonlyMap<number, Steps>, options: TrackOptions): Track {
  const of = (parameter: number): Steps => values.get(parameter) ?? { time: [], value: [] };
  const ignition = of(PARAMETER.ignition);
  const charging = of(PARAMETER.chargingState);
  const fixes = fixesOf(of(PARAMETER.lat), of(PARAMETER.lon), values.get(PARAMETER.satellites), values.get(PARAMETER.hdop), options.speedLimit);
  const heard = heardAt([...values.values()]);
  const quiet = silences(heard, ignition, charging, options.to);
  const placed = withUnplaced(fixes, of(PARAMETER.speed), ignition, charging);
  const rows = fill(placed, of);
  lockParked(rows);
  const stays = staysOf(rows.time, rows.lat, rows.lon);
  const charges = chargesOf({
    chargingState: values.get(PARAMETER.chargingState), chargerState: values.get(PARAMETER.chargerState), bmsState: values.get(PARAMETER.bmsState), plugged: values.get(PARAMETER.chargerPlugged),
    packCurrent: values.get(PARAMETER.packCurrent), nominalCapacity: values.get(PARAMETER.nominalCapacity), speed: values.get(PARAMETER.speed) ?? standing(values.get(PARAMETER.gpsSpeed)),
  }, options.to);
  const fixed = (row: number): boolean => [row, row + 1].some((at) => ((rows.flags[at] ?? 0) & TRACK_FLAG.guessed) !== 0 || Number.isNaN(rows.lat[at] ?? 0));
  const kept = thinPath(rows, options.maxRows ?? MAX_ROWS, fixed);
  return { rows: kept.length === rows.time.length ? rows : pick(rows, kept), readings: rows.time.length, stays, charges, silences: quiet, ...travelled(of(PARAMETER.odometer), rows, options.speedLimit) };
}

/** GPS speed with what counts as standing as 0. */
function standing(speed: Steps | undefined): Steps | undefined {
  return speed && { time: speed.time, value: Array.from(speed.value, (value) => (value < GPS_STANDSTILL ? 0 : value)) };
}

interface Placed extends Fixes {
  readonly guessed: Uint8Array;
}

/** Fixes with rows of no position where a speed was reported and no fix for longer than may be; legs over such a stretch are guesses. */
function withUnplaced({ time, lat, lon }: Fixes, speed: Steps, ignition: Steps, charging: Steps): Placed {
  const on = new StepReader(ignition);
  const plugged = new StepReader(charging);
  const rows: { time: number; lat: number; lon: number; guessed: number }[] = [];
  let k = 0;
  const unplaced = (from: number, to: number): void => {
    let last = from;
    while (k < speed.time.length && (speed.time[k] as number) <= from) k++;
    for (; k < speed.time.length && (speed.time[k] as number) < to; k++) {
      const at = speed.time[k] as number;
      if (at - last < UNPLACED_EVERY) continue;
      rows.push({ time: at, lat: Number.NaN, lon: Number.NaN, guessed: 0 });
      last = at;
    }
  };
  if (time.length === 0) unplaced(-Infinity, Infinity);
  for (let i = 0; i < time.length; i++) {
    const before = i === 0 ? undefined : (time[i - 1] as number);
    const at = time[i] as number;
    const gap = before !== undefined && at - before > longestPause(on.at(before), isChargingState(plugged.at(before)));
    if (gap) unplaced(before, at);
    rows.push({ time: at, lat: lat[i] as number, lon: lon[i] as number, guessed: gap ? 1 : 0 });
  }
  return { time: Float64Array.from(rows, (row) => row.time), lat: Float64Array.from(rows, (row) => row.lat), lon: Float64Array.from(rows, (row) => row.lon), guessed: Uint8Array.from(rows, (row) => row.guessed) };
}

/** Speed, SoC, heading and state at every row. */
function fill(placed: Placed, of: (parameter: number) => Steps): TrackRows {
  const count = placed.time.length;
  const rows: TrackRows = {
    time: Float64Array.from(placed.time), lat: Float64Array.from(placed.lat), lon: Float64Array.from(placed.lon), speed: new Float64Array(count).fill(Number.NaN),
    soc: new Float64Array(count).fill(Number.NaN), heading: new Float64Array(count).fill(Number.NaN), source: new Uint8Array(count), flags: new Uint8Array(count),
  };
  const wheel = new StepReader(of(PARAMETER.speed));
  const gps = new StepReader(of(PARAMETER.gpsSpeed));
  const soc = new StepReader(of(PARAMETER.soc));
  const heading = new StepReader(of(PARAMETER.heading));
  const ignition = new StepReader(of(PARAMETER.ignition));
  const charging = new StepReader(of(PARAMETER.chargingState));
  for (let i = 0; i < count; i++) {
    const at = rows.time[i] as number;
    const on = ignition.at(at);
    const plugged = isChargingState(charging.at(at));
    const holds = longestPause(on, plugged);
    const wheelSpeed = Math.abs(wheel.at(at));
    const gpsSpeed = gps.at(at);
    if (wheel.age(at) <= holds && !(wheel.age(at) - gps.age(at) > WHEEL_SPEED_LAG) && !Number.isNaN(wheelSpeed)) {
      rows.speed[i] = wheelSpeed;
      rows.source[i] = SPEED_SOURCE.wheel;
    } else if (gps.age(at) <= holds && !Number.isNaN(gpsSpeed)) {
      rows.speed[i] = gpsSpeed < GPS_STANDSTILL ? 0 : gpsSpeed;
      rows.source[i] = SPEED_SOURCE.gps;
    }
    const charge = soc.at(at);
    if (soc.age(at) <= SOC_HOLDS) rows.soc[i] = charge;
    const direction = heading.at(at);
    if (heading.age(at) <= HEADING_HOLDS) rows.heading[i] = direction;
    rows.flags[i] = (placed.guessed[i] === 1 ? TRACK_FLAG.guessed : 0) | (on > 0 ? TRACK_FLAG.ignition : 0) | (plugged && !((rows.speed[i] as number) > 0) ? TRACK_FLAG.charging : 0);
  }
  return rows;
}

/** A parked vehicle stands still: while ignition is off and no wheel turns, the fixes around one place become their median. */
function lockParked(rows: TrackRows): void {
  const { lat, lon, speed, flags, time } = rows;
  for (let first = 0; first < time.length; ) {
    let end = first;
    const still = (row: number): boolean => ((flags[row] as number) & TRACK_FLAG.ignition) === 0 && !((speed[row] as number) > 0) && !Number.isNaN(lat[row]);
    while (end < time.length && still(end) && haversineMetres(lat[end] as number, lon[end] as number, lat[first] as number, lon[first] as number) <= STAY_SETTINGS.radius) end++;
    if (end - first > 1) {
      const [y, x] = [median([...lat.subarray(first, end)]), median([...lon.subarray(first, end)])];
      lat.fill(y, first, end);
      lon.fill(x, first, end);
      for (let row = first; row < end; row++) flags[row] = (flags[row] as number) | TRACK_FLAG.parked;
    }
    first = Math.max(end, first + 1);
  }
}

function pick(rows: TrackRows, kept: Uint32Array): TrackRows {
  const doubles = (column: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(kept, (row) => column[row] as number);
  const bytes = (column: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(kept, (row) => column[row] as number);
  return { time: doubles(rows.time), lat: doubles(rows.lat), lon: doubles(rows.lon), speed: doubles(rows.speed), soc: doubles(rows.soc), heading: doubles(rows.heading), source: bytes(rows.source), flags: bytes(rows.flags) };
}

/** Distance of a track, km: the odometer's difference where it is believable, else along the path. */
function travelled(odometer: Steps, { time, lat, lon }: TrackRows, speedLimit: number): Pick<Track, 'distance' | 'distanceSource'> {
  const count = odometer.time.length;
  const difference = count < 2 ? Number.NaN : (odometer.value[count - 1] as number) - (odometer.value[0] as number);
  const hours = count < 2 ? 0 : ((odometer.time[count - 1] as number) - (odometer.time[0] as number)) / 3_600_000;
  if (difference >= 0 && difference <= 1 + speedLimit * hours) return { distance: difference, distanceSource: 'odometer' };
  let metres = 0;
  let last = -1;
  for (let i = 0; i < time.length; i++) {
    if (Number.isNaN(lat[i])) continue;
    if (last >= 0) metres += haversineMetres(lat[last] as number, lon[last] as number, lat[i] as number, lon[i] as number);
    last = i;
  }
  return { distance: metres / 1000, distanceSource: 'path' };
}
