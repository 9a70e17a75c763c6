import { describe, expect, it } from 'vitest';
import { recordWords } from '#shared/domain/history/record-words.ts';
import { QUALITY } from '#shared/domain/telemetry/envelope/index.ts';
import { batchOf, type PlainMessage } from '../store/telemetry/batch-builder.ts';
import { MemoryHistoryStore } from '../store/telemetry/memory-store.ts';
import type { BoundUnit } from '../live/directory-port.ts';
import type { RecordHistory } from './ports.ts';
import { readRecords, recordPages } from './record-pages.ts';

const T0 = Date.UTC(2026, 0, 5, 6);
const UNITS = new Map([['old', 1], ['new', 2]]);

async function historyOf(messages: readonly PlainMessage[]): Promise<RecordHistory> {
  const store = new MemoryHistoryStore();
  await store.appendBatch(batchOf(messages));
  const unit = (unitId: string): number => UNITS.get(unitId) ?? 99;
  return {
    read: async ({ unitId, ...query }) => store.readRange({ ...query, units: [unit(unitId)] }),
    series: ({ unitId, ...query }) => store.trends({ ...query, units: [unit(unitId)] }),
    rows: ({ unitId, ...query }) => store.rows({ ...query, unit: unit(unitId) }),
    payload: () => Promise.resolve(undefined),
  };
}
const messages = (unit: number, from: number, count: number): PlainMessage[] => Array.from({ length: count }, (_, i) => ({ unit, time: from + i * 1000, received: from + i * 1000, number: i, values: [[128, i], ...(i % 2 === 0 ? [[258, 80] as const] : [])] }));
const always = (unitId: string): { boundUnits: () => BoundUnit[] } => ({ boundUnits: () => [{ unitId, from: -Infinity, to: Infinity }] });

describe('records of a vehicle', () => {
  it('come newest first, each once, page by page', async () => {
    const history = await historyOf(messages(1, T0, 100));
    const seen: number[] = [];
    for await (const rows of recordPages(history, always('old'), 'v', { from: T0, to: T0 + 1e6, limit: 7 })) {
      expect(rows.length).toBeLessThanOrEqual(7);
      seen.push(...rows.map(({ number }) => number));
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => 99 - i));
  });

  it('are those of every unit for its time in the vehicle, also where a page ends at a swap', async () => {
    const history = await historyOf([...messages(1, T0, 20), ...messages(2, T0, 20)]);
    const change = T0 + 10_000;
    const swapped = { boundUnits: (): BoundUnit[] => [{ unitId: 'old', from: -Infinity, to: change }, { unitId: 'new', from: change, to: Infinity }] };
    for (const limit of [1, 3, 10, 50]) {
      const seen: string[] = [];
      for await (const rows of recordPages(history, swapped, 'v', { from: T0, to: T0 + 1e6, limit })) seen.push(...rows.map(({ time, sequence }) => `${(time - T0) / 1000}:${sequence > 20 ? 'new' : 'old'}`));
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => `${19 - i}:${19 - i >= 10 ? 'new' : 'old'}`));
    }
  });

  it('are narrowed to parameters', async () => {
    const history = await historyOf(messages(1, T0, 10));
    const { rows, next } = await readRecords(history, always('old'), 'v', { from: T0, to: T0 + 1e6, limit: 50, parameters: [258] });
    expect([rows.length, next]).toEqual([5, undefined]);
    expect(rows.every(({ parameters }) => parameters.length === 1 && parameters[0] === 258)).toBe(true);
  });
});

describe('remarks of a record', () => {
  it('name what its bits say, and that it came late', () => {
    expect(recordWords(0, T0, T0 + 500)).toEqual([]);
    expect(recordWords(QUALITY.buffered | QUALITY.clockWrong, T0, T0 + 1000)).toEqual(['Buffered', 'Clock corrected']);
    expect(recordWords(QUALITY.buffered, T0, T0 + 3_600_000)).toEqual(['Buffered', 'Late']);
  });
});
