import { describe, expect, it } from 'vitest';
import { boxAround } from '#renderer/ui/map/bounds.ts';
import { positionsOf } from './fleet-box.ts';
import { Trail, TRAIL_SPAN } from './trail.ts';

const SECOND = 1000;
/** About 11 m of latitude. */
const STEP = 0.0001;

describe('a trail', () => {
  it('grows with every new place and forgets what is older than its span', () => {
    const trail = new Trail();
    for (let i = 0; i <= 200; i++) expect(trail.add(i * 10 * SECOND, 12 + i * STEP, 77)).toBe(true);
    expect(trail.count).toBe(TRAIL_SPAN / (10 * SECOND) + 1);
    expect(trail.lat.at(-1)).toBeCloseTo(12.02);
    expect(trail.guessed).not.toContain(1);
  });

  it('leaves out what is late, the same place, or no position', () => {
    const trail = new Trail();
    trail.add(10 * SECOND, 12, 77);
    expect([trail.add(5 * SECOND, 13, 77), trail.add(20 * SECOND, 12, 77), trail.add(30 * SECOND, Number.NaN, 77), trail.add(Number.NaN, 12, 78)]).toEqual([false, false, false, false]);
    expect(trail.count).toBe(1);
  });

  it('guesses a leg only over a gap in time and in space', () => {
    const trail = new Trail();
    trail.add(0, 12, 77);
    trail.add(300 * SECOND, 12 + STEP, 77);
    trail.add(310 * SECOND, 12.01, 77);
    trail.add(400 * SECOND, 12.03, 77);
    expect(trail.guessed).toEqual([0, 0, 0, 1]);
  });

  it('puts what is stored before what came live, each coordinate keeping its value until the next', () => {
    const trail = new Trail();
    trail.add(50 * SECOND, 12.5, 77.5);
    trail.addStored({ time: [10, 30].map((s) => s * SECOND), value: [12, 12.3] }, { time: [10, 20, 60].map((s) => s * SECOND), value: [77, 77.1, 77.6] });
    expect(trail.lat).toEqual([12, 12, 12.3, 12.3]);
    expect(trail.lon).toEqual([77, 77.1, 77.1, 77.6]);
    expect(trail.count).toBe(4);
  });

  it('has no place before both coordinates are known', () => {
    const trail = new Trail();
    trail.addStored({ time: [1 * SECOND, 2 * SECOND], value: [12, 12.1] }, { time: [2 * SECOND], value: [77] });
    expect([trail.lat, trail.lon]).toEqual([[12.1], [77]]);
  });
});

describe('the box around vehicles', () => {
  const columns = { lat: Float64Array.of(12, Number.NaN, 28), lon: Float64Array.of(77, Number.NaN, 75) };
  it('holds all that have a position', () => {
    expect(boxAround(positionsOf([0, 1, 2], columns))).toEqual({ west: 75, south: 12, east: 77, north: 28 });
  });
  it('is none without positions', () => {
    expect([boxAround(positionsOf([1, 99], columns)), boxAround([])]).toEqual([undefined, undefined]);
  });
});
