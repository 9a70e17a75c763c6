import { expect, test } from 'vitest';
import { formatAge, formatShortAge } from './age.ts';
import { formatClock, formatDate, formatDuration, formatInstant, formatInstantSeconds } from './format.ts';

const INSTANT = Date.UTC(2024, 1, 6, 9, 21, 7);

test('an instant is written as the portal writes it, in the given zone', () => {
  expect(formatInstant(INSTANT, 'Asia/Kolkata')).toBe('06-Feb-2024 02:51 pm');
  expect(formatInstantSeconds(INSTANT, 'Asia/Kolkata')).toBe('06-Feb-2024 02:51:07 pm');
  expect(formatClock(INSTANT, 'UTC')).toBe('09:21');
});

test('midnight and noon are 12', () => {
  expect([formatInstant(Date.UTC(2024, 0, 1, 0, 5), 'UTC'), formatInstant(Date.UTC(2024, 0, 1, 12, 5), 'UTC')]).toEqual(['01-Jan-2024 12:05 am', '01-Jan-2024 12:05 pm']);
});

test('an instant that is not known is a dash', () => {
  expect([formatInstant(Number.NaN), formatDate('soon'), formatDuration(Number.NaN)]).toEqual(['–', '–', '–']);
});

test('ages are relative below an hour and exact from then on', () => {
  const age = (seconds: number) => formatAge(INSTANT, INSTANT + seconds * 1000, 'Asia/Kolkata');
  expect([age(0), age(12), age(59), age(60), age(3599), age(3600)]).toEqual(['just now', '12 seconds ago', '59 seconds ago', '1 minute ago', '59 minutes ago', '06-Feb-2024 02:51 pm']);
});

test('a time ahead of the clock by more than a minute is not called just now', () => {
  expect(formatAge(INSTANT, INSTANT - 3_600_000, 'UTC')).toBe('06-Feb-2024 09:21 am');
});

test('short ages and durations', () => {
  expect([1, 12, 300, 7200, 400_000].map((s) => formatShortAge(INSTANT, INSTANT + s * 1000))).toEqual(['now', '12 s', '5 min', '2 h', '4 d']);
  expect([12_000, 270_000, 3_840_000, 200_000_000].map((ms) => formatDuration(ms))).toEqual(['12 s', '4 min 30 s', '1 h 04 min', '2 d 7 h']);
  expect(formatAge(undefined, INSTANT)).toBe('never');
});
