import { beforeEach, describe, expect, test } from 'vitest';
import { FUTURE_LIMIT } from '#shared/domain/telemetry/clock/index.ts';
import { ReceptionClock } from './reception-clock.ts';

const NOW = Date.UTC(2030, 0, 15);
const DAY = 86_400_000;

/** True time, and how far this computer's clock is from it, ms. */
let time = 0;
let error = 0;
let clock: ReceptionClock;
let ends: number[];

beforeEach(() => {
  time = NOW;
  error = 0;
  begin(Number.NEGATIVE_INFINITY);
});

function begin(newest: number): void {
  clock = new ReceptionClock({ now: () => time + error, monotonic: () => time - NOW }, newest);
  ends = [];
}

/** Lets time pass in steps of 100 ms; `units` of them with a right clock send once in each second. */
function pass(seconds: number, units = 0): void {
  for (let step = 0; step < seconds * 10; step++) {
    time += 100;
    if (step % 10 === 5) for (let i = 0; i < units; i++) clock.observe(`U${i}`, time, clock.now());
    const end = clock.check();
    if (end !== undefined) ends.push(end);
  }
}

describe('the clock of reception', () => {
  test('is the computer’s while the units agree with it, and while there are too few to tell', () => {
    pass(5, 20);
    expect([clock.now(), clock.offset]).toEqual([time, 0]);
    error = DAY;
    pass(60, 4);
    expect(clock.offset).toBe(0);
  });

  test.each([DAY, -DAY])('is put right within seconds where the computer is %d ms off, and follows when that is set', (off) => {
    error = off;
    begin(Number.NEGATIVE_INFINITY);
    pass(3, 20);
    expect([clock.now(), clock.offset]).toEqual([time, -off]);
    error = 0;
    pass(3, 20);
    expect([clock.now(), clock.offset]).toEqual([time, 0]);
  });

  test('a clock that is set back wrongly while units are heard makes nothing forgotten', () => {
    pass(5, 20);
    error = -DAY;
    pass(60, 20);
    expect([clock.now(), ends]).toEqual([time, []]);
  });

  test('a clock that was ahead and is put right ends the wrong future, once', () => {
    error = DAY;
    begin(Number.NEGATIVE_INFINITY);
    pass(5);
    error = 0;
    pass(29);
    expect(ends).toEqual([]);
    pass(30);
    expect(ends).toHaveLength(1);
    expect(Math.abs((ends[0] ?? 0) - NOW - 34_000 - FUTURE_LIMIT)).toBeLessThan(2000);
  });

  test('so does one that units correct, and one that was ahead in the run before', () => {
    error = DAY;
    begin(Number.NEGATIVE_INFINITY);
    pass(1);
    pass(5, 20);
    expect(ends).toHaveLength(1);
    begin(time + DAY);
    error = 0;
    pass(40);
    expect(ends).toHaveLength(1);
  });

  test('a computer that slept is not taken for one whose clock is wrong', () => {
    pass(5, 20);
    // Monotonic time stands still in sleep on some systems.
    error = 8 * 3_600_000;
    const awake = (): void => {
      time += 100;
      for (let i = 0; i < 20; i++) clock.observe(`U${i}`, time + error, clock.now());
      clock.check();
    };
    for (let i = 0; i < 50; i++) awake();
    expect([clock.offset, clock.now()]).toEqual([0, time + error]);
  });
});
