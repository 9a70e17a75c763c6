import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUALITY } from '../envelope/quality.ts';
import { EARLIEST_PLAUSIBLE, FUTURE_LIMIT, HostClock, LIVE_LAG_LIMIT, ROLLOVER, SKEW_PERIOD, createSkewColumns, foldSkew, isClockWrong, placeInTime, rebuildTime, skewOf } from './index.ts';

const NOW = 1_769_155_200_000;
const DAY = 86_400_000;

function place(deviceTime: number, delayed = false, receivedAt = NOW): { time: number; quality: number } {
  const out = { time: 0, quality: 0 };
  placeInTime(deviceTime, receivedAt, delayed, out);
  return out;
}

describe('the place of a message in time', () => {
  it('is its stamp within the limits, and no further', () => {
    expect(place(NOW - LIVE_LAG_LIMIT)).toEqual({ time: NOW - LIVE_LAG_LIMIT, quality: 0 });
    expect(place(NOW - LIVE_LAG_LIMIT - 1)).toEqual({ time: NOW, quality: QUALITY.clockWrong });
    expect(place(NOW + FUTURE_LIMIT)).toEqual({ time: NOW + FUTURE_LIMIT, quality: 0 });
    expect(place(NOW + FUTURE_LIMIT + 1)).toEqual({ time: NOW, quality: QUALITY.clockWrong });
    expect(place(EARLIEST_PLAUSIBLE, true)).toEqual({ time: EARLIEST_PLAUSIBLE, quality: 0 });
    expect(place(EARLIEST_PLAUSIBLE - 1, true)).toEqual({ time: NOW, quality: QUALITY.quarantined });
    expect(place(NOW + FUTURE_LIMIT + 1, true)).toEqual({ time: NOW, quality: QUALITY.quarantined });
  });

  it('is reception where there is no stamp; a delayed message has no place then', () => {
    expect(place(Number.NaN)).toEqual({ time: NOW, quality: 0 });
    expect(place(Number.NaN, true)).toEqual({ time: NOW, quality: QUALITY.quarantined });
  });

  it.each([1, 2])('undoes %i missed GPS rollovers', (rollovers) => {
    expect(place(NOW - 5000 - rollovers * ROLLOVER)).toEqual({ time: NOW - 5000, quality: QUALITY.rollover });
    expect(place(NOW - DAY - rollovers * ROLLOVER, true)).toEqual({ time: NOW - DAY, quality: QUALITY.rollover });
  });

  it.each([
    ['1970', 0],
    ['1980', 315_532_800_000],
    ['2000', 946_684_800_000],
  ])('does not believe a clock that was reset to %s, even after months', (_, reset) => {
    for (const after of [0, DAY, 100 * DAY]) expect(place(reset + after, true).quality).toBe(QUALITY.quarantined);
    expect(place(reset + DAY).quality).toBe(QUALITY.clockWrong);
  });

  it('is finite and never far in the future, whatever the stamp', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer({ min: NOW - 20 * 365 * DAY, max: NOW + 20 * 365 * DAY })), fc.boolean(), (stamp, delayed) => {
        const { time, quality } = place(stamp, delayed);
        expect(Number.isFinite(time) && time <= NOW + FUTURE_LIMIT).toBe(true);
        if (time !== stamp && !Number.isNaN(stamp)) expect(quality).not.toBe(0);
      }),
    );
  });
});

describe('a time for history', () => {
  it('comes from uptime, else from the known skew, else from nowhere', () => {
    expect(rebuildTime(0, 60, NOW, NOW - DAY, Number.NaN)).toBe(NOW - DAY + 60_000);
    expect(rebuildTime(NOW + 3_600_000, Number.NaN, NOW, Number.NaN, -7_200_000)).toBe(NOW - 3_600_000);
    expect(rebuildTime(NOW + 3_600_000, Number.NaN, NOW, Number.NaN, -100_000)).toBeNaN();
    expect(rebuildTime(0, 60, NOW, Number.NaN, Number.NaN)).toBeNaN();
    expect(rebuildTime(0, 1e9, NOW, NOW - DAY, Number.NaN)).toBeNaN();
  });
});

describe('the skew of a clock', () => {
  const fold = (...samples: [difference: number, at: number][]): number => {
    const columns = createSkewColumns(1);
    for (const [difference, at] of samples) foldSkew(columns, 0, difference, at);
    return skewOf(columns, 0);
  };

  it('is the smallest difference, so that slow messages do not count against it', () => {
    expect(fold()).toBeNaN();
    expect(fold([300_000, NOW], [700, NOW + 1000], [500_000, NOW + 2000])).toBe(700);
    expect(fold([-3_600_000, NOW], [-3_599_000, NOW + 1000])).toBe(-3_600_000);
  });

  it('forgets after a day at the latest', () => {
    expect(fold([-5, NOW], [9, NOW + SKEW_PERIOD])).toBe(-5);
    expect(fold([-5, NOW], [9, NOW + 2 * SKEW_PERIOD])).toBe(9);
  });

  it('is wrong beyond two minutes either way', () => {
    const columns = createSkewColumns(3);
    [120_000, 120_001, -120_001].forEach((difference, i) => foldSkew(columns, i, difference, NOW));
    expect([0, 1, 2].map((i) => isClockWrong(columns, i))).toEqual([false, true, true]);
  });
});

describe("the computer's own clock", () => {
  const heard = (...differences: number[]): number => {
    const clock = new HostClock();
    differences.forEach((difference, i) => clock.observe(`U${i}`, NOW + difference, NOW));
    return clock.offset;
  };

  it('is corrected where most units agree that it is wrong', () => {
    expect(heard(-DAY, -DAY + 900, -DAY - 500, -DAY, 5, -DAY)).toBe(-DAY);
    expect(heard(DAY, DAY, DAY, DAY, DAY + 30_000)).toBe(DAY);
  });

  it('is left alone by a few, by units that disagree, and by small differences', () => {
    expect(heard(-DAY, -DAY, -DAY, -DAY)).toBe(0);
    expect(heard(-DAY, DAY, 7 * DAY, 0, -3 * DAY, 9 * DAY)).toBe(0);
    expect(heard(-100_000, -100_000, -100_000, -100_000, -100_000)).toBe(0);
  });

  it('counts a unit once, by its newest word', () => {
    const clock = new HostClock();
    for (let i = 0; i < 1000; i++) clock.observe('one', NOW + DAY, NOW);
    expect(clock.offset).toBe(0);
    for (let i = 0; i < 6; i++) clock.observe(`U${i}`, NOW + DAY, NOW);
    expect(clock.offset).toBe(DAY);
    for (let i = 0; i < 300; i++) clock.observe(`V${i}`, NOW, NOW);
    expect(clock.offset).toBe(0);
  });
});
