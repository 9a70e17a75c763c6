import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchOf } from './batch-builder.ts';
import { describeHistoryStore } from './history-store-contract.ts';
import type { HistoryStore } from './history-store.ts';
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

for (const [name, make] of stores) describeHistoryStore(name, () => Promise.resolve(make()));

test('both stores answer every query alike, however messages arrive over the hours', async () => {
  const batches = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 2 * HOUR }), messages: fc.array(message, { maxLength: 12 }), seal: fc.option(fc.integer({ min: 0, max: 3 * HOUR })) }), { maxLength: 8 });
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
      let number = 0;
      for (const { gap, messages, seal } of script) {
        received += gap;
        const appended = await Promise.all(pair.map((store) => store.appendBatch(batchOf(messages.map((entry, i) => ({ ...entry, received: received + i, number: number++ }))), { durable: false })));
        expect(appended[0]).toEqual(appended[1]);
        if (seal === null) continue;
        const sealed = await Promise.all(pair.map((store) => store.seal(received - seal)));
        expect(sealed[0]?.messages).toBe(sealed[1]?.messages);
      }
      const dropped = await Promise.all(pair.map((store) => store.drop({ before: received - keep, appliedThrough: 1e9 })));
      expect(dropped[0]).toEqual(dropped[1]);
      const range = { ...asked, to: asked.from + asked.span };
      const [a, b] = await Promise.all(pair.map((store) => store.readRange(range)));
      expect(a).toEqual(b);
      // Buckets of less than an hour: the reference keeps no figures of rows that were dropped.
      const curves = await Promise.all(pair.map((store) => store.trends({ ...range, maxPoints: 1000 })));
      expect(curves[0]).toEqual(curves[1]);
      const few = await Promise.all(pair.map((store) => store.trends({ ...range, to: Math.min(range.to, range.from + HOUR), maxPoints: 4 })));
      expect(few[0]).toEqual(few[1]);
      open.pop()?.close();
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
