import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haversineMetres } from '../geo/distance.ts';
import { PARAMETER } from '../telemetry/catalogue/numbers.ts';
import { chargesOf, type ChargeSeries } from './charges.ts';
import { silences } from './silence.ts';
import { staysOf } from './stays.ts';
import { StepReader, lastAt, type Steps } from './steps.ts';
import { thinPath } from './thin.ts';
import { buildTrack, SPEED_SOURCE, TRACK_FLAG } from './track.ts';

const T0 = Date.UTC(2026, 0, 5, 6);
const SECOND = 1000;
/** Degrees of latitude in a metre. */
const METRE = 1 / 111_195;
const LAT = 12.97;
const LON = 77.59;

type Point = readonly [seconds: number, value: number];
const steps = (points: readonly Point[]): Steps => ({ time: points.map(([at]) => T0 + at * SECOND), value: points.map(([, value]) => value) });
const every = (from: number, to: number, step: number, value: (at: number) => number): Point[] => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => [from + i * step, value(from + i * step)] as const);

/** A ride north at `metresPerSecond` with a fix every two seconds, and what a unit says beside it. */
function ride(seconds: number, metresPerSecond = 10, extra: Partial<Record<keyof typeof PARAMETER, readonly Point[]>> = {}) {
  const values = new Map<number, Steps>([
    [PARAMETER.lat, steps(every(0, seconds, 2, (at) => LAT + at * metresPerSecond * METRE))],
    [PARAMETER.lon, steps(every(0, seconds, 2, () => LON))],
    [PARAMETER.speed, steps(every(0, seconds, 10, () => metresPerSecond * 3.6))],
    [PARAMETER.soc, steps(every(0, seconds, 60, (at) => 80 - at / 60))],
    [PARAMETER.ignition, steps(every(0, seconds, 60, () => 1))],
  ]);
  for (const [key, points] of Object.entries(extra)) values.set(PARAMETER[key as keyof typeof PARAMETER], steps(points));
  return values;
}
const build = (values: Map<number, Steps>, maxRows?: number) => buildTrack(values, { speedLimit: 120, to: Math.max(T0, ...[...values.values()].map(({ time }) => time[time.length - 1] ?? 0)), ...(maxRows === undefined ? {} : { maxRows }) });

describe('steps', () => {
  it('hold from their time until the next', () => {
    const reader = new StepReader(steps([[0, 1], [10, 2]]));
    expect([T0 - 1, T0, T0 + 9999, T0 + 10_000].map((at) => reader.at(at))).toEqual([Number.NaN, 1, 1, 2]);
    expect(reader.age(T0 + 12_000)).toBe(2000);
    expect(new StepReader(undefined).age(T0)).toBe(Infinity);
    expect([lastAt([1, 3, 3, 5], 0), lastAt([1, 3, 3, 5], 3), lastAt([1, 3, 3, 5], 9)]).toEqual([-1, 2, 3]);
  });
});

describe('track', () => {
  it('has speed, SoC and time at every fix', () => {
    const { rows, readings, distance, distanceSource } = build(ride(600));
    expect([rows.time.length, readings]).toEqual([301, 301]);
    expect([rows.time[0], rows.time.at(-1)]).toEqual([T0, T0 + 600 * SECOND]);
    expect([...new Set(rows.speed)]).toEqual([36]);
    expect([rows.soc[0], rows.soc[299]]).toEqual([80, 71]);
    expect([...new Set(rows.source)]).toEqual([SPEED_SOURCE.wheel]);
    expect([...new Set(rows.flags)]).toEqual([TRACK_FLAG.ignition]);
    expect([distanceSource, Math.round(distance * 10)]).toEqual(['path', 60]);
  });

  it('takes the distance from the odometer where it is believable', () => {
    expect(build(ride(600, 10, { odometer: [[0, 1000], [600, 1006.3]] }))).toMatchObject({ distanceSource: 'odometer', distance: expect.closeTo(6.3) as number });
    expect(build(ride(600, 10, { odometer: [[0, 1000], [600, 3]] }))).toMatchObject({ distanceSource: 'path' });
    expect(build(ride(600, 10, { odometer: [[0, 1000], [600, 9000]] }))).toMatchObject({ distanceSource: 'path' });
  });

  it('drops a spike, a fix of three satellites and 0/0, and invents nothing in their place', () => {
    const values = ride(100);
    const lat = [...(values.get(PARAMETER.lat)!.value as number[])];
    lat[10] = LAT + 0.5;
    values.set(PARAMETER.lat, { ...values.get(PARAMETER.lat)!, value: lat });
    values.set(PARAMETER.satellites, steps([[0, 9], [60, 3], [62, 9]]));
    const { rows } = build(values);
    expect([...rows.time].map((time) => (time - T0) / SECOND).filter((at) => at === 20 || at === 60)).toEqual([]);
    expect(Math.max(...rows.lat)).toBeLessThan(LAT + 0.02);
    const nowhere = new Map([[PARAMETER.lat, steps([[0, 0]])], [PARAMETER.lon, steps([[0, 0]])]]) as Map<number, Steps>;
    expect(build(nowhere).rows.time).toHaveLength(0);
  });

  it('keeps a lasting jump: the vehicle went there', () => {
    const moved = new Map<number, Steps>([[PARAMETER.lat, steps(every(0, 40, 2, (at) => LAT + (at >= 20 ? 0.3 : 0)))], [PARAMETER.lon, steps(every(0, 40, 2, () => LON))]]);
    expect(build(moved).rows.time).toHaveLength(21);
  });

  it('goes on as a guess where the vehicle was silent, and says for how long', () => {
    const values = ride(100);
    for (const [parameter, { time, value }] of values) {
      const kept = Array.from(time, (_, i) => i).filter((i) => time[i]! <= T0 + 30 * SECOND || time[i]! >= T0 + 80 * SECOND);
      values.set(parameter, { time: kept.map((i) => time[i]!), value: kept.map((i) => value[i]!) });
    }
    const { rows, silences: quiet } = build(values);
    expect(quiet).toEqual([{ from: T0 + 30 * SECOND, to: T0 + 80 * SECOND }]);
    expect([...rows.flags].map((flags, i) => [(rows.time[i]! - T0) / SECOND, flags & TRACK_FLAG.guessed]).filter(([, guessed]) => guessed)).toEqual([[80, 1]]);
  });

  it('has rows without a position where wheels turned without a fix', () => {
    const values = ride(300);
    for (const parameter of [PARAMETER.lat, PARAMETER.lon]) {
      const { time, value } = values.get(parameter)!;
      const kept = Array.from(time, (_, i) => i).filter((i) => time[i]! <= T0 + 100 * SECOND || time[i]! >= T0 + 200 * SECOND);
      values.set(parameter, { time: kept.map((i) => time[i]!), value: kept.map((i) => value[i]!) });
    }
    const { rows, silences: quiet } = build(values);
    expect(quiet).toEqual([]);
    const unplaced = [...rows.lat].flatMap((lat, i) => (Number.isNaN(lat) ? [(rows.time[i]! - T0) / SECOND] : []));
    expect(unplaced).toEqual([110, 120, 130, 140, 150, 160, 170, 180, 190]);
    expect(rows.flags[[...rows.time].indexOf(T0 + 200 * SECOND)]! & TRACK_FLAG.guessed).toBe(1);
  });

  it('does not carry old values on: a speed nobody reports any more is unknown', () => {
    const values = ride(600, 10, { speed: [[0, 36]], soc: [[0, 80]] });
    const { rows } = build(values);
    expect([rows.speed[5], rows.speed.at(-1)]).toEqual([36, Number.NaN]);
    expect(rows.soc.at(-1)).toBe(80);
  });

  it('takes GPS speed where no wheel speed is reported, and below 2 km/h as standing', () => {
    const values = ride(60, 10, { gpsSpeed: [[0, 1.4], [30, 35]] });
    values.delete(PARAMETER.speed);
    const { rows } = build(values);
    expect([rows.speed[0], rows.source[0], rows.speed.at(-1)]).toEqual([0, SPEED_SOURCE.gps, 35]);
  });

  it('locks a parked vehicle to the median of its stay', () => {
    const scatter = (at: number): number => ((at * 7919) % 13) - 6;
    const values = new Map<number, Steps>([
      [PARAMETER.lat, steps(every(0, 3600, 60, (at) => LAT + scatter(at) * METRE))], [PARAMETER.lon, steps(every(0, 3600, 60, (at) => LON + scatter(at + 1) * METRE))],
      [PARAMETER.ignition, steps(every(0, 3600, 60, () => 0))], [PARAMETER.speed, steps(every(0, 3600, 60, () => 0))],
    ]);
    const { rows, stays } = build(values);
    expect(new Set([...rows.lat]).size).toBe(1);
    expect(stays).toHaveLength(1);
    expect(stays[0]).toMatchObject({ from: T0, to: T0 + 3600 * SECOND, lat: rows.lat[0], lon: rows.lon[0] });
  });
});

describe('stays', () => {
  const path = (points: readonly (readonly [seconds: number, metres: number])[]) => staysOf(points.map(([at]) => T0 + at * SECOND), points.map(([, metres]) => LAT + metres * METRE), points.map(() => LON));

  it('last at least 180 s within 50 m, from the first to the last fix of the place', () => {
    const driving = every(0, 100, 10, (at) => at * 10);
    const standing = every(110, 400, 10, (at) => 1100 + (at % 20));
    const on = every(410, 500, 10, (at) => 1100 + (at - 400) * 10);
    expect(path([...driving, ...standing, ...on]).map(({ from, to }) => [(from - T0) / SECOND, (to - T0) / SECOND])).toEqual([[110, 400]]);
    expect(path([...driving, ...standing.slice(0, 17), ...on.map(([at, metres]) => [at, metres + 500] as const)])).toEqual([]);
  });

  it('go on through a gap that ends at the same place', () => {
    expect(path([[0, 0], [60, 5], [4000, 3], [4060, 0]]).map(({ from, to }) => (to - from) / SECOND)).toEqual([4060]);
  });

  it('are disjoint, in order and long enough, whatever the path', () => {
    fc.assert(fc.property(fc.array(fc.record({ step: fc.integer({ min: 1, max: 200 }), move: fc.integer({ min: -80, max: 80 }) }), { maxLength: 80 }), (legs) => {
      let [at, metres] = [0, 0];
      const stays = path(legs.map(({ step, move }) => [(at += step), (metres += move)] as const));
      stays.forEach(({ from, to }, i) => {
        expect(to - from).toBeGreaterThanOrEqual(180 * SECOND);
        if (i > 0) expect(from).toBeGreaterThan(stays[i - 1]!.to);
      });
    }));
  });
});

describe('charge intervals', () => {
  const found = (series: ChargeSeries, end = 24 * 3600) => chargesOf(series, T0 + end * SECOND).map(({ from, to }) => [(from - T0) / SECOND, (to - T0) / SECOND]);
  const minutely = (from: number, to: number, value: number): Point[] => every(from, to, 60, () => value);

  it('are what the battery says, from its first to its last word', () => {
    expect(found({ chargingState: steps([...minutely(0, 540, 0), ...minutely(600, 3540, 2), [3600, 4], ...minutely(3660, 7200, 4)]) })).toEqual([[600, 3600]]);
  });

  it('need plug and current for a minute where no unit has a word for it', () => {
    const plugged = steps(minutely(0, 7200, 1));
    expect(found({ plugged, packCurrent: steps([[0, 0], [600, 5], [640, 0], ...minutely(700, 7200, 0)]) })).toEqual([]);
    expect(found({ plugged, packCurrent: steps([[0, 0], ...minutely(600, 1200, 5), ...minutely(1260, 7200, 0)]) })).toEqual([[600, 1260]]);
    expect(found({ plugged, packCurrent: steps(minutely(600, 1200, 0.6)), nominalCapacity: steps([[0, 40]]) }, 7200)).toEqual([]);
  });

  it('end by moving and by unplugging at once, and with the last word of a silent vehicle', () => {
    const chargingState = steps(minutely(0, 3600, 2));
    expect(found({ chargingState, speed: steps([[0, 0], [1200, 12], [1260, 12]]) }, 1300)).toEqual([[0, 1200]]);
    expect(found({ chargingState: steps([...minutely(0, 600, 2), [660, 0]]), plugged: steps([[0, 1], [660, 0]]) })).toEqual([[0, 660]]);
    expect(found({ chargingState: steps(minutely(0, 600, 2)) })).toEqual([[0, 600]]);
  });

  it('are one when the plug stayed in and less than half an hour passed, two after a ride', () => {
    const pause = [...minutely(0, 600, 2), ...minutely(660, 1800, 0), ...minutely(1860, 2400, 2)];
    expect(found({ chargingState: steps(pause) })).toEqual([[0, 2400]]);
    expect(found({ chargingState: steps(pause), speed: steps([[0, 0], [900, 20], [1000, 0]]) })).toEqual([[0, 660], [1860, 2400]]);
  });
});

describe('silences', () => {
  it('are longer than three reports of what the vehicle does, at most 15 minutes', () => {
    const heard = [0, 25, 60, 200, 1000, 1950].map((at) => T0 + at * SECOND);
    const ignition = steps([[0, 1], [60, 0]]);
    const charging = steps([[0, 0], [60, 2], [200, 0]]);
    expect(silences(heard, ignition, charging).map(({ from, to }) => [(from - T0) / SECOND, (to - T0) / SECOND])).toEqual([[25, 60], [1000, 1950]]);
    expect(silences(heard, ignition, charging, T0 + 3000 * SECOND).at(-1)).toEqual({ from: T0 + 1950 * SECOND, to: T0 + 3000 * SECOND });
    expect(silences(heard, ignition, charging, T0 + 2000 * SECOND)).toHaveLength(2);
  });
});

describe('thinning', () => {
  it('keeps both ends, the fixed rows and the position at every time within the tolerance that was needed', () => {
    fc.assert(fc.property(fc.array(fc.record({ step: fc.integer({ min: 500, max: 5000 }), north: fc.integer({ min: -20, max: 20 }), east: fc.integer({ min: -20, max: 20 }) }), { minLength: 3, maxLength: 120 }), fc.integer({ min: 3, max: 60 }), (legs, bound) => {
      let [at, north, east] = [T0, 0, 0];
      const rows = legs.map((leg) => [(at += leg.step), (north += leg.north), (east += leg.east)] as const);
      const path = { time: rows.map(([time]) => time), lat: rows.map(([, metres]) => LAT + metres * METRE), lon: rows.map(([, , metres]) => LON + metres * METRE) };
      const fixed = (row: number): boolean => row === 1;
      const kept = [...thinPath(path, bound, fixed)];
      expect([kept[0], kept.includes(1), kept.at(-1)]).toEqual([0, true, rows.length - 1]);
      expect(kept.length).toBeLessThanOrEqual(Math.max(bound, 3));
      expect(kept.every((row, i) => i === 0 || row > kept[i - 1]!)).toBe(true);
    }));
  });

  it('drops what a straight ride at constant speed does not need, and keeps where it stopped', () => {
    const time = Array.from({ length: 1000 }, (_, i) => T0 + i * SECOND);
    const metres = (i: number): number => (i < 400 ? i * 10 : i < 600 ? 4000 : (i - 200) * 10);
    const kept = [...thinPath({ time, lat: time.map((_, i) => LAT + metres(i) * METRE), lon: time.map(() => LON) }, 100, () => false)];
    expect(kept.length).toBeLessThan(12);
    for (const i of [400, 599]) expect(Math.min(...kept.map((row) => haversineMetres(LAT + metres(row) * METRE, LON, LAT + metres(i) * METRE, LON)))).toBeLessThan(25);
  });
});
