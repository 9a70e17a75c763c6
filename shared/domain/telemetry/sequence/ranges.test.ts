import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareRanges, countOf, intersectRanges, subtractRanges, type SequenceRange } from './index.ts';

/** Ascending ranges without overlaps, from a set of numbers. */
const ranges = fc.array(fc.record({ boot: fc.integer({ min: 1, max: 2 }), from: fc.nat(40), length: fc.nat(6) }), { maxLength: 8 }).map((items) => {
  const result: SequenceRange[] = [];
  for (const { boot, from, length } of items.sort((a, b) => a.boot - b.boot || a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || last.boot !== boot || from > last.to) result.push({ boot, from, to: from + length });
  }
  return result;
});
const numbers = (list: readonly SequenceRange[]): string[] => list.flatMap(({ boot, from, to }) => Array.from({ length: to - from + 1 }, (_, i) => `${boot}.${from + i}`));

it('agrees with sets', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const taken = new Set(numbers(b));
      const left = subtractRanges(a, b);
      const common = intersectRanges(a, b, (part) => part);
      expect(numbers(left)).toEqual(numbers(a).filter((number) => !taken.has(number)));
      expect(numbers(common)).toEqual(numbers(a).filter((number) => taken.has(number)));
      expect(countOf(left) + countOf(common)).toBe(countOf(a));
      expect([...left].sort(compareRanges)).toEqual(left);
    }),
    { numRuns: 500 },
  );
});

it('keeps what else a range carries', () => {
  expect(subtractRanges([{ boot: 1, from: 0, to: 9, noticedAt: 5 }], [{ boot: 1, from: 3, to: 4 }])).toEqual([{ boot: 1, from: 0, to: 2, noticedAt: 5 }, { boot: 1, from: 5, to: 9, noticedAt: 5 }]);
});
