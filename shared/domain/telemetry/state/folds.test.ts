import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../testing/random.ts';
import { createSkewColumns, foldSkew, SKEW_PERIOD, skewOf } from '../clock/index.ts';
import { ModelValues } from './cells.ts';
import { createColumns } from './columns.ts';
import { insertFix } from './fixes.ts';
import { chooseReading, insertReading } from './odometer.ts';
import { orderKey, timeOfKey } from './order.ts';
import { choosePosition } from './position.ts';
import { LastTexts } from './texts.ts';

/** Few keys and values, so that ties are the rule. */
const item = fc.record({ key: fc.integer({ min: 1, max: 4 }), a: fc.integer({ min: 0, max: 3 }), b: fc.integer({ min: 0, max: 3 }) });
type Item = { key: number; a: number; b: number };

/** Checks that folding the items in any order, some of them twice, gives what folding them in order gives. */
function isCommutative(fold: (items: readonly Item[]) => unknown): void {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), fc.nat(), (items, seed) => {
      const random = new SeededRandom(seed);
      expect(fold(random.shuffled([...items, ...items.filter(() => random.next() < 0.5)]))).toEqual(fold(items));
    }),
    { numRuns: 500 },
  );
}

describe('the order of calls makes no difference', () => {
  it('to last values', () => {
    isCommutative((items) => {
      const values = new ModelValues('m');
      const row = values.addRow();
      for (const { key, a, b } of items) values.put(row, 1 + b, a, key);
      const found: unknown[] = [];
      values.forEach(row, (...entry) => found.push(entry));
      return found.sort();
    });
  });

  it('to texts', () => {
    isCommutative((items) => {
      const texts = new LastTexts();
      for (const { key, a, b } of items) texts.put(0, b, String(a), key);
      return texts.list(0);
    });
  });

  it('to fixes', () => {
    isCommutative((items) => {
      const columns = createColumns(2);
      for (const { key, a, b } of items) insertFix(columns, 1, a, b, key);
      return [columns.fixKey, columns.fixLat, columns.fixLon];
    });
  });

  it('to odometer readings', () => {
    isCommutative((items) => {
      const columns = createColumns(2);
      for (const { key, a } of items) insertReading(columns, 1, a, key);
      return [columns.readingKey, columns.readingValue];
    });
  });

  it('to the skew of a clock', () => {
    isCommutative((items) => {
      const columns = createSkewColumns(1);
      for (const { key, a, b } of items) foldSkew(columns, 0, a * 10 + b, key * SKEW_PERIOD);
      return [columns, skewOf(columns, 0)];
    });
  });
});

describe('last values', () => {
  it('keep their places when a model turns out to have more parameters and vehicles', () => {
    const values = new ModelValues('m');
    const rows = Array.from({ length: 200 }, () => values.addRow());
    for (let parameter = 1; parameter <= 50; parameter++) for (const row of rows) values.put(row, parameter * 7, row * 100 + parameter, 5);
    for (const row of rows) for (let parameter = 1; parameter <= 50; parameter++) expect(values.value(row, parameter * 7)).toBe(row * 100 + parameter);
    expect(values.value(3, 8)).toBeNaN();
    values.releaseRow(3);
    expect(values.addRow()).toBe(3);
    expect(values.value(3, 7)).toBeNaN();
  });
});

describe('an order key', () => {
  it('gives the time back, and puts messages of one millisecond in order of their sequence', () => {
    const time = 1_769_155_200_123;
    expect(timeOfKey(orderKey(time + 0.7, 1023))).toBe(time);
    expect(orderKey(time, 5)).toBeLessThan(orderKey(time, 6));
    expect(orderKey(time, 1023)).toBeLessThan(orderKey(time + 1, 0));
  });
});

describe('the odometer shown', () => {
  const MINUTE = 60_000;
  const shown = (...values: number[]): number => {
    const columns = createColumns(1);
    values.forEach((value, i) => insertReading(columns, 0, value, i * MINUTE));
    return chooseReading(columns, 0, 120);
  };

  it('follows the newest reading', () => {
    expect(shown()).toBeNaN();
    expect(shown(100)).toBe(100);
    expect(shown(100, 101, 102)).toBe(102);
  });

  it('does not go back by a unit', () => {
    expect(shown(100, 101, 100)).toBe(101);
  });

  it('takes a reset at once', () => {
    expect(shown(5000, 5001, 0)).toBe(0);
  });

  it('waits for a second reading before it believes a jump', () => {
    expect(shown(100, 101, 900)).toBe(101);
    expect(shown(100, 900, 900.5)).toBe(900.5);
  });

  it('forgets a single odd reading', () => {
    expect(shown(100, 900, 101)).toBe(101);
    expect(shown(100, 0, 101)).toBe(101);
  });
});

describe('the position shown', () => {
  const shown = (parked: boolean, ...fixes: [lat: number, lon: number][]): [number, number] => {
    const columns = createColumns(1);
    fixes.forEach(([lat, lon], i) => insertFix(columns, 0, lat, lon, i * 10_000));
    const out = { lat: 0, lon: 0, key: 0 };
    choosePosition(columns, 0, 90, parked, out);
    return [out.lat, out.lon];
  };

  it('is the newest fix of a vehicle that drives', () => {
    expect(shown(false, [12.9, 77.6], [12.901, 77.6])).toEqual([12.901, 77.6]);
  });

  it('scatters by up to 200 m without being a spike', () => {
    expect(shown(false, [12.9, 77.6], [12.9017, 77.6])).toEqual([12.9017, 77.6]);
  });

  it('does not go along with one spike, and follows two fixes that agree', () => {
    expect(shown(false, [12.9, 77.6], [12.9001, 77.6], [13.5, 77.6])).toEqual([12.9001, 77.6]);
    expect(shown(false, [12.9, 77.6], [13.5, 77.6], [12.9001, 77.6])).toEqual([12.9001, 77.6]);
    expect(shown(false, [12.9, 77.6], [13.5, 77.6], [13.5001, 77.6])).toEqual([13.5001, 77.6]);
  });

  it('is the median of the stay of a parked vehicle', () => {
    expect(shown(true, [12.9, 77.6], [12.9003, 77.6003], [12.9001, 77.6001])).toEqual([12.9001, 77.6001]);
    expect(shown(true, [12.8, 77.6], [12.9, 77.6], [12.9001, 77.6001])).toEqual([12.9, 77.6]);
  });
});
