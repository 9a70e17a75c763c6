import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchOf } from './batch-builder.ts';
import type { HistoryStore, RangeQuery } from './history-store.ts';
import { MemoryHistoryStore } from './memory-store.ts';
import { HOUR } from './segments.ts';
import { SqliteHistoryStore } from './sqlite-store.ts';

const T0 = Date.UTC(2026, 0, 5, 10, 30);
const rng = { bytes: (count: number) => new Uint8Array(count).fill(7), next: () => 0.5 };

let folder = '';
let made = 0;
const open: { close(): void }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function sqlite(): HistoryStore {
  const store = new SqliteHistoryStore(join(folder, `t${made++}.db`), { rng });
  open.push(store);
  return store;
}

const message = fc.record({
  unit: fc.integer({ min: 1, max: 4 }),
  time: fc.integer({ min: T0 - 3 * HOUR, max: T0 + 3 * HOUR }),
  values: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -50, max: 50 }).map((n) => n / 10)), { selector: ([parameter]) => parameter, maxLength: 4 }),
});

const stores: readonly (readonly [string, () => HistoryStore])[] = [
  ['the SQLite append log', sqlite],
  ['the in-memory reference', () => new MemoryHistoryStore()],
];

describe.each(stores)('%s as a history store', (_name, make) => {
  const durable = { durable: true };
  const range = (query: Partial<RangeQuery>): RangeQuery => ({ units: [1], parameters: [7], from: T0 - HOUR, to: T0 + 10 * HOUR, maxPoints: 100, ...query });

  test('numbers messages from 1 without gaps and gives back what was appended, oldest first', async () => {
    const store = make();
    expect(await store.appendBatch(batchOf([{ unit: 1, time: T0, received: T0, values: [[7, 51.2]] }]), durable)).toEqual({ first: 1, last: 1 });
    const late = { unit: 1, time: T0 - 1000, received: T0 + 5, values: [[7, 50.9], [8, 1]] as const };
    expect(await store.appendBatch(batchOf([late, { unit: 2, time: T0, received: T0 + 6, values: [[7, 3]] }]), durable)).toEqual({ first: 2, last: 3 });
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
    const store = make();
    await store.appendBatch(batchOf(Array.from({ length: 20 }, (_, i) => ({ unit: 1, time: T0 + i * 1000, received: T0, values: [[7, i]] as const }))), durable);
    const { series, truncated } = await store.readRange(range({ maxPoints: 3 }));
    expect(truncated).toBe(true);
    expect([...(series[0]?.value ?? [])]).toEqual([17, 18, 19]);
  });

  test('includes both ends of a range', async () => {
    const store = make();
    await store.appendBatch(batchOf([0, 1, 2, 3].map((i) => ({ unit: 1, time: T0 + i, received: T0, values: [[7, i]] as const }))), durable);
    expect([...((await store.readRange(range({ from: T0 + 1, to: T0 + 2 }))).series[0]?.value ?? [])]).toEqual([1, 2]);
  });

  test('rolls up into buckets: count, least, greatest, mean, last', async () => {
    const store = make();
    const at = [0, 10_000, 50_000, 60_000, 130_000];
    await store.appendBatch(batchOf(at.map((offset, i) => ({ unit: 1, time: T0 + offset, received: T0, values: [[7, [4, 2, 6, 5, 9][i] ?? 0]] as const }))), durable);
    const [rollup] = await store.rollup({ units: [1], parameters: [7], from: T0, to: T0 + 130_000, bucket: 60_000 });
    expect(rollup && [[...rollup.start], [...rollup.count], [...rollup.min], [...rollup.max], [...rollup.mean], [...rollup.last]]).toEqual([[T0, T0 + 60_000], [3, 1], [2, 5], [6, 5], [4, 5], [6, 5]]);
  });

  test('drops whole hours that are old and applied everywhere, never what a consumer still needs', async () => {
    const store = make();
    for (let hour = 0; hour < 4; hour++) await store.appendBatch(batchOf([0, 1].map((i) => ({ unit: 1, time: T0 + hour * HOUR + i, received: T0 + hour * HOUR, values: [[7, hour]] as const }))), durable);
    expect(await store.drop({ before: T0 + 2 * HOUR, appliedThrough: 3 })).toEqual({ messages: 2, first: 3 });
    expect(await store.drop({ before: T0 + 2 * HOUR, appliedThrough: 8 })).toEqual({ messages: 2, first: 5 });
    expect(await store.drop({ before: T0 + 100 * HOUR, appliedThrough: 8 })).toEqual({ messages: 2, first: 7 });
    expect([...((await store.readRange(range({}))).series[0]?.value ?? [])]).toEqual([3, 3]);
  });

  test('says what sealing did', async () => {
    expect(await make().seal(T0)).toMatchObject({ messages: 0, reason: expect.stringMatching(/nothing was sealed/) as unknown });
  });

  test('an empty batch changes nothing', async () => {
    const store = make();
    expect(await store.appendBatch(batchOf([]), durable)).toEqual({ first: 1, last: 0 });
  });
});

test('both stores answer every query alike, however messages arrive over the hours', async () => {
  const batches = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 2 * HOUR }), messages: fc.array(message, { maxLength: 12 }) }), { maxLength: 8 });
  const query = fc.record({
    units: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
    parameters: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
    from: fc.integer({ min: T0 - 4 * HOUR, max: T0 + 4 * HOUR }),
    span: fc.integer({ min: 0, max: 8 * HOUR }),
    maxPoints: fc.integer({ min: 1, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(batches, query, fc.integer({ min: 0, max: 12 * HOUR }), async (script, asked, keep) => {
      const pair = [sqlite(), new MemoryHistoryStore()] as const;
      let received = T0;
      for (const { gap, messages } of script) {
        received += gap;
        const appended = await Promise.all(pair.map((store) => store.appendBatch(batchOf(messages.map((entry, i) => ({ ...entry, received: received + i }))), { durable: false })));
        expect(appended[0]).toEqual(appended[1]);
      }
      const dropped = await Promise.all(pair.map((store) => store.drop({ before: received - keep, appliedThrough: 1e9 })));
      expect(dropped[0]).toEqual(dropped[1]);
      const range = { ...asked, to: asked.from + asked.span };
      const [a, b] = await Promise.all(pair.map((store) => store.readRange(range)));
      expect(a).toEqual(b);
      const rollups = await Promise.all(pair.map((store) => store.rollup({ ...range, bucket: 600_000 })));
      expect(rollups[0]).toEqual(rollups[1]);
      open.pop()?.close();
    }),
    { numRuns: 60 },
  );
});
