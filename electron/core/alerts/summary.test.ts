import { expect, test } from 'vitest';
import { SummaryCounts } from './summary.ts';

const NOW = 1_769_155_200_000;
const at = (minutes: number): number => NOW - minutes * 60_000;

test('a flood began with the alert that was one too many, whoever signs in later, and goes on until fewer than five are left', () => {
  const calls = [...Array.from({ length: 10 }, () => at(8)), at(5), at(2), at(1)];
  const counts = new SummaryCounts({ view: 'all', open: [], calls, bell: 0, now: NOW });
  const flood = (now: number) => {
    counts.tick(now, []);
    return counts.summary(1, now, undefined as never).flood;
  };
  expect(flood(NOW)).toEqual({ active: true, since: at(5), inTenMinutes: 13 });
  expect(flood(NOW + 60_000)).toMatchObject({ active: true, since: at(5) });
  expect(flood(NOW + 150_000)).toEqual({ active: false, inTenMinutes: 3 });
});
