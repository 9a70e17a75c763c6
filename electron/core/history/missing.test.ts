import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchOf } from '../store/telemetry/batch-builder.ts';
import { MemoryHistoryStore } from '../store/telemetry/memory-store.ts';
import { missingSpans, type NumberGap } from './missing.ts';

const T0 = Date.UTC(2026, 0, 5, 6);

it('gaps of numbers are found between the rows before and behind them, whatever is missing', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ step: fc.integer({ min: 1, max: 90_000 }), lost: fc.constantFrom(0, 0, 0, 1, 7), boots: fc.constantFrom(false, false, false, true) }), { minLength: 2, maxLength: 60 }), async (rows) => {
    let [time, boot, number] = [T0, 1, 0];
    const gaps: NumberGap[] = [];
    const expected: { from: number; to: number; messages: number }[] = [];
    const messages = rows.map(({ step, lost, boots }, i) => {
      const before = time;
      time += step;
      if (boots && i > 0) [boot, number] = [boot + 1, 0];
      else if (i > 0) {
        if (lost > 0) {
          gaps.push({ boot, from: number + 1, to: number + lost });
          expected.push({ from: before, to: time, messages: lost });
        }
        number += 1 + lost;
      }
      return { unit: 1, time, received: time, boot, number, values: [[128, 1]] as const };
    });
    const store = new MemoryHistoryStore();
    await store.appendBatch(batchOf(messages));
    const found = await missingSpans({ rows: ({ unitId: _, ...query }) => store.rows({ ...query, unit: 1 }) }, 'u', { from: T0, to: time + 1 }, gaps);
    expect(found).toEqual(expected.slice(-20));
  }), { numRuns: 60 });
});

it('a gap in a long history is found with a few reads, whether the unit reports evenly or not', async () => {
  for (const uneven of [false, true]) {
    const store = new MemoryHistoryStore();
    const gaps: NumberGap[] = [];
    const messages = [];
    let [time, number] = [T0, 0];
    for (let i = 0; i < 5000; i++) {
      time += uneven && i % 500 === 0 ? 3_600_000 : 1000;
      if (i % 250 === 125) {
        gaps.push({ boot: 1, from: number + 1, to: number + 3 });
        number += 3;
      }
      messages.push({ unit: 1, time, received: time, boot: 1, number: ++number, values: [] });
    }
    for (let from = 0; from < messages.length; from += 1000) await store.appendBatch(batchOf(messages.slice(from, from + 1000)));
    let reads = 0;
    const history = { rows: ({ unitId: _, ...query }: Parameters<Parameters<typeof missingSpans>[0]['rows']>[0]) => (reads++, store.rows({ ...query, unit: 1 })) };
    expect(await missingSpans(history, 'u', { from: T0, to: time }, gaps)).toHaveLength(20);
    expect(reads).toBeLessThan(uneven ? 20 * 9 : 20 * 3);
  }
});

it('a gap outside of the range, or of a unit that was not heard in it, is none', async () => {
  const store = new MemoryHistoryStore();
  await store.appendBatch(batchOf([{ unit: 1, time: T0, received: T0, number: 5, values: [] }, { unit: 1, time: T0 + 1000, received: T0, number: 9, values: [] }]));
  const history = { rows: ({ unitId: _, ...query }: Parameters<Parameters<typeof missingSpans>[0]['rows']>[0]) => store.rows({ ...query, unit: 1 }) };
  expect(await missingSpans(history, 'u', { from: T0, to: T0 + 2000 }, [{ boot: 1, from: 6, to: 8 }, { boot: 1, from: 20, to: 22 }])).toEqual([{ from: T0, to: T0 + 1000, messages: 3 }]);
  expect(await missingSpans(history, 'u', { from: T0 + 5000, to: T0 + 9000 }, [{ boot: 1, from: 6, to: 8 }])).toEqual([]);
});
