import { expect, test } from 'vitest';
import { formatBytes, formatNumber } from './format-number.ts';

test('a number has its decimals and grouped thousands; what is unknown is a dash and never 0', () => {
  expect([formatNumber(8030), formatNumber(3.14159, 2), formatNumber(-0.001, 1), formatNumber(undefined), formatNumber(Number.NaN, 1)]).toEqual(['8,030', '3.14', '0.0', '–', '–']);
});

test('bytes in decimal steps', () => {
  expect([0, 999, 4_800, 4_812_000_000, 480_000_000].map(formatBytes)).toEqual(['0 B', '999 B', '4.8 kB', '4.8 GB', '480 MB']);
});
