import { describe, expect, test } from 'vitest';
import type { Batch, BatchSizes } from './batch.ts';
import { batchOf, type PlainMessage } from './batch-builder.ts';
import type { HistoryStore, RangeQuery } from './history-store.ts';
import { HOUR } from './segments.ts';

const T0 = Date.UTC(2026, 0, 5, 10, 30);

/** What every history store has to do; `make` gives a new, empty one per test. Messages of a batch are built with `sizes`. */
export function describeHistoryStore(name: string, make: () => Promise<HistoryStore>, sizes?: BatchSizes): void {
  const batch = (messages: readonly PlainMessage[]): Batch => batchOf(messages, sizes);
  describe(`${name} as a history store`, () => {
    const durable = { durable: true };
    const range = (query: Partial<RangeQuery>): RangeQuery => ({ units: [1], parameters: [7], from: T0 - HOUR, to: T0 + 10 * HOUR, maxPoints: 100, ...query });

    test('numbers messages from 1 without gaps and gives back what was appended, oldest first', async () => {
      const store = await make();
      expect(await store.appendBatch(batch([{ unit: 1, time: T0, received: T0, values: [[7, 51.2]] }]), durable)).toEqual({ first: 1, last: 1 });
      const late = { unit: 1, time: T0 - 1000, received: T0 + 5, values: [[7, 50.9], [8, 1]] as const };
      expect(await store.appendBatch(batch([late, { unit: 2, time: T0, received: T0 + 6, values: [[7, 3]] }]), durable)).toEqual({ first: 2, last: 3 });
      const { series, truncated, damaged } = await store.readRange(range({ units: [2, 1], parameters: [7, 8] }));
      expect({ truncated, damaged }).toEqual({ truncated: false, damaged: 0 });
      expect(series.map(({ unit, parameter, time, value }) => [unit, parameter, [...time], [...value]])).toEqual([
        [2, 7, [T0], [3]],
        [2, 8, [], []],
        [1, 7, [T0 - 1000, T0], [50.9, 51.2]],
        [1, 8, [T0 - 1000], [1]],
      ]);
    });

    test('keeps the newest points where there are more than asked for, and says so', async () => {
      const store = await make();
      await store.appendBatch(batch(Array.from({ length: 20 }, (_, i) => ({ unit: 1, time: T0 + i * 1000, received: T0, values: [[7, i]] as const }))), durable);
      const { series, truncated } = await store.readRange(range({ maxPoints: 3 }));
      expect(truncated).toBe(true);
      expect([...(series[0]?.value ?? [])]).toEqual([17, 18, 19]);
    });

    test('includes both ends of a range', async () => {
      const store = await make();
      await store.appendBatch(batch([0, 1, 2, 3].map((i) => ({ unit: 1, time: T0 + i, received: T0, values: [[7, i]] as const }))), durable);
      expect([...((await store.readRange(range({ from: T0 + 1, to: T0 + 2 }))).series[0]?.value ?? [])]).toEqual([1, 2]);
    });

    test('rolls up into buckets: count, least, greatest, mean, last', async () => {
      const store = await make();
      const at = [0, 10_000, 50_000, 60_000, 130_000];
      await store.appendBatch(batch(at.map((offset, i) => ({ unit: 1, time: T0 + offset, received: T0, values: [[7, [4, 2, 6, 5, 9][i] ?? 0]] as const }))), durable);
      const [rollup] = await store.rollup({ units: [1], parameters: [7], from: T0, to: T0 + 130_000, bucket: 60_000 });
      expect(rollup && [[...rollup.start], [...rollup.count], [...rollup.min], [...rollup.max], [...rollup.mean], [...rollup.last]]).toEqual([[T0, T0 + 60_000], [3, 1], [2, 5], [6, 5], [4, 5], [6, 5]]);
    });

    test('drops whole hours that are old and applied everywhere, never what a consumer still needs', async () => {
      const store = await make();
      for (let hour = 0; hour < 4; hour++) await store.appendBatch(batch([0, 1].map((i) => ({ unit: 1, time: T0 + hour * HOUR + i, received: T0 + hour * HOUR, values: [[7, hour]] as const }))), durable);
      expect(await store.drop({ before: T0 + 2 * HOUR, appliedThrough: 3 })).toEqual({ messages: 2, first: 3 });
      expect(await store.drop({ before: T0 + 2 * HOUR, appliedThrough: 8 })).toEqual({ messages: 2, first: 5 });
      expect(await store.drop({ before: T0 + 100 * HOUR, appliedThrough: 8 })).toEqual({ messages: 2, first: 7 });
      expect([...((await store.readRange(range({}))).series[0]?.value ?? [])]).toEqual([3, 3]);
    });

    test('says what sealing did', async () => {
      expect(await (await make()).seal(T0)).toMatchObject({ messages: 0, reason: expect.stringMatching(/nothing was sealed/) as unknown });
    });

    test('an empty batch changes nothing', async () => {
      const store = await make();
      expect(await store.appendBatch(batch([]), durable)).toEqual({ first: 1, last: 0 });
    });
  });
}
