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

    test('gathers many values in buckets: count, least, greatest, mean, last', async () => {
      const store = await make();
      const at = [0, 10_000, 50_000, 60_000, 130_000];
      await store.appendBatch(batch(at.map((offset, i) => ({ unit: 1, time: T0 + offset, received: T0, values: [[7, [4, 2, 6, 5, 9][i] ?? 0]] as const }))), durable);
      const [rollup] = (await store.trends({ units: [1], parameters: [7], from: T0, to: T0 + 120_000 - 1, maxPoints: 3 })).trends;
      expect(rollup && [[...rollup.time], [...rollup.count], [...rollup.min], [...rollup.max], [...rollup.mean], [...rollup.last]]).toEqual([[T0, T0 + 60_000], [3, 1], [2, 5], [6, 5], [4, 5], [6, 5]]);
    });

    test('gives whole rows a page at a time, from either end, and only what was asked for', async () => {
      const store = await make();
      const texts = [{ parameter: 9, text: 'fw 1.2' }];
      const messages = [3, 0, 2, 1].map((i) => ({ unit: 1, time: T0 + i * HOUR, received: T0 + 4 * HOUR, deviceTime: T0 + i * HOUR - 7, boot: 4, number: 10 + i, flags: 1 << 18, values: [[8, 1], [7, i]] as const, ...(i === 2 ? { texts } : {}) }));
      await store.appendBatch(batch([...messages, { unit: 2, time: T0, received: T0, values: [[7, 99]] }]), durable);
      const query = { unit: 1, from: T0, to: T0 + 10 * HOUR, limit: 3 };
      const first = await store.rows(query);
      expect(first.rows.map(({ sequence, time, received, deviceTime, boot, number, flags }) => [sequence, time - T0, received - T0, deviceTime - time, boot, number, flags])).toEqual([
        [2, 0, 4 * HOUR, -7, 4, 10, 1 << 18],
        [4, HOUR, 4 * HOUR, -7, 4, 11, 1 << 18],
        [3, 2 * HOUR, 4 * HOUR, -7, 4, 12, 1 << 18],
      ]);
      expect(first.rows[2] && [[...first.rows[2].parameters], [...first.rows[2].values], first.rows[2].texts]).toEqual([[7, 8], [2, 1], texts]);
      const after = first.next && { after: first.next };
      const second = await store.rows({ ...query, ...after });
      expect([second.rows.map((row) => row.sequence), second.next]).toEqual([[1], undefined]);
      expect((await store.rows({ ...query, newestFirst: true })).rows.map((row) => row.sequence)).toEqual([1, 3, 4]);
      expect((await store.rows({ ...query, newestFirst: true, after: { time: T0 + HOUR, sequence: 4 } })).rows.map((row) => row.sequence)).toEqual([2]);
      const filtered = await store.rows({ ...query, parameters: [9] });
      expect(filtered.rows.map((row) => [row.sequence, row.values.length, row.texts.length])).toEqual([[3, 0, 1]]);
    });

    test('draws a trend with the very extremes, in no more buckets than asked for', async () => {
      const store = await make();
      const values = Array.from({ length: 500 }, (_, i) => (i === 137 ? 999.25 : i === 388 ? -5 : (i * 7) % 90));
      await store.appendBatch(batch(values.map((value, i) => ({ unit: 1, time: T0 + i * 10_000, received: T0, values: [[7, value]] as const }))), durable);
      const query = { units: [1], parameters: [7, 8], from: T0, to: T0 + 2 * HOUR };
      const [exact, none] = (await store.trends({ ...query, maxPoints: 500 })).trends;
      expect([exact?.bucket, exact?.total, [...(exact?.first ?? [])], none?.total]).toEqual([0, 500, values, 0]);
      const [trend] = (await store.trends({ ...query, maxPoints: 40 })).trends;
      if (!trend) throw new Error('no trend');
      expect(trend.time.length).toBeLessThanOrEqual(40);
      expect([Math.max(...trend.max), Math.min(...trend.min), trend.count.reduce((sum, count) => sum + count, 0), trend.first[0], trend.last.at(-1)]).toEqual([999.25, -5, 500, values[0], values.at(-1)]);
      trend.time.forEach((time, i) => {
        const inside = values.filter((_, k) => T0 + k * 10_000 >= time && T0 + k * 10_000 < time + trend.bucket);
        expect([trend.count[i], trend.min[i], trend.max[i]]).toEqual([inside.length, Math.min(...inside), Math.max(...inside)]);
      });
    });

    test('gives payloads back as they came, by unit and time and by their place in the log', async () => {
      const store = await make();
      const payload = (i: number) => Uint8Array.of(i, 200, i);
      await store.appendBatch(batch([0, 1, 2, 3].map((i) => ({ unit: 1 + (i % 2), time: T0 + i, received: T0 + i, number: i, values: [[7, i]] as const, suffix: 3, ...(i === 2 ? {} : { payload: payload(i) }) }))), durable);
      const query = { unit: 1, from: T0, to: T0 + HOUR, limit: 10 };
      const page = await store.rawRange(query);
      expect([page.messages.map(({ sequence, number, suffix, payload: bytes }) => [sequence, number, suffix, [...bytes]]), page.missing, page.next]).toEqual([[[1, 0, 3, [0, 200, 0]]], 1, undefined]);
      const first = await store.rawRange({ ...query, unit: 2, limit: 1 });
      expect([first.messages.map((message) => message.sequence), (await store.rawRange({ ...query, unit: 2, ...(first.next && { after: first.next }) })).messages.map((message) => message.sequence)]).toEqual([[2], [4]]);
      expect([...((await store.raw(4))?.payload ?? [])]).toEqual([3, 200, 3]);
      expect([await store.raw(3), await store.raw(99)]).toEqual([undefined, undefined]);
    });

    test('drops whole hours that are old and applied everywhere, never what a consumer still needs', async () => {
      const store = await make();
      for (let hour = 0; hour < 4; hour++) await store.appendBatch(batch([0, 1].map((i) => ({ unit: 1, time: T0 + hour * HOUR + i, received: T0 + hour * HOUR, values: [[7, hour]] as const }))), durable);
      expect(await store.drop({ before: T0 + 2 * HOUR, appliedThrough: 3 })).toEqual({ messages: 2, first: 3 });
      expect(await store.drop({ before: T0 + 2 * HOUR, appliedThrough: 8 })).toEqual({ messages: 2, first: 5 });
      expect(await store.drop({ before: T0 + 100 * HOUR, appliedThrough: 8 })).toEqual({ messages: 2, first: 7 });
      expect([...((await store.readRange(range({}))).series[0]?.value ?? [])]).toEqual([3, 3]);
    });

    test('answers the same after hours were sealed, also with what comes late, and drops what is sealed by the time of its events', async () => {
      const store = await make();
      const H0 = Math.floor(T0 / HOUR) * HOUR;
      const at = (hour: number, i: number) => ({ unit: 1, time: H0 + hour * HOUR + i * 1000, received: H0 + hour * HOUR + i * 1000 + 9, number: hour * 100 + i, values: [[7, hour + i / 10]] as const, payload: Uint8Array.of(hour, i), suffix: 3 });
      for (let hour = 0; hour < 3; hour++) await store.appendBatch(batch(Array.from({ length: 30 }, (_, i) => at(hour, i))), durable);
      expect(await store.seal(H0 + 2 * HOUR + 60_000)).toMatchObject({ messages: 60, damaged: 0 });
      expect(await store.seal(H0 + 2 * HOUR + 60_000)).toMatchObject({ messages: 0 });
      // Late: a few rows of the first hour; a message again that the store has sealed.
      await store.appendBatch(batch([{ ...at(0, 40), received: H0 + 4 * HOUR }, { ...at(0, 41), received: H0 + 4 * HOUR }]), durable);
      const all = async () => (await store.rows({ unit: 1, from: H0, to: H0 + 10 * HOUR, limit: 1000 })).rows.map(({ sequence, time, number, values }) => [sequence, time, number, ...values]);
      const expected = [...Array.from({ length: 30 }, (_, i) => [i + 1, at(0, i).time, i, i / 10]), [91, at(0, 40).time, 40, 4], [92, at(0, 41).time, 41, 4.1], ...Array.from({ length: 60 }, (_, i) => { const one = at(1 + Math.floor(i / 30), i % 30); return [31 + i, one.time, one.number, one.values[0][1]]; })];
      expect(await all()).toEqual(expected);
      for (const before of [H0 + 5 * HOUR, H0 + 20 * HOUR]) {
        await store.seal(before);
        expect(await all()).toEqual(expected);
        expect((await store.rawRange({ unit: 1, from: H0, to: H0 + HOUR - 1, limit: 100 })).messages.map(({ payload }) => payload[1])).toEqual([...Array.from({ length: 30 }, (_, i) => i), 40, 41]);
      }
      const [hours] = (await store.trends({ units: [1], parameters: [7], from: H0, to: H0 + 3 * HOUR - 1, maxPoints: 4 })).trends;
      expect(hours && [[...hours.count], [...hours.min], [...hours.max], [...hours.last]]).toEqual([[32, 30, 30], [0, 1, 2], [4.1, 3.9, 4.9], [4.1, 3.9, 4.9]]);
      expect(await store.drop({ before: H0 + HOUR, appliedThrough: 1e9 })).toEqual({ messages: 32, first: 93 });
      expect(await all()).toEqual(expected.slice(32));
    });

    test('takes other values for rows, whether they are sealed, late or just came, and leaves their neighbours alone', async () => {
      const store = await make();
      const H0 = Math.floor(T0 / HOUR) * HOUR;
      const at = (hour: number, i: number) => ({ unit: 1, time: H0 + hour * HOUR + i * 1000, received: H0 + hour * HOUR + i * 1000 + 9, number: hour * 100 + i, values: [[7, hour + i / 10], [8, 1]] as const, texts: [{ parameter: 13, text: `V${i}` }] });
      await store.appendBatch(batch(Array.from({ length: 20 }, (_, i) => at(0, i))), durable);
      await store.appendBatch(batch([at(1, 0)]), durable);
      await store.seal(H0 + HOUR + 30_000);
      await store.appendBatch(batch([{ ...at(0, 40), received: H0 + 2 * HOUR }, at(2, 0)]), durable);
      await store.seal(H0 + 3 * HOUR);
      await store.appendBatch(batch([at(4, 0), { ...at(4, 1), unit: 2 }]), durable);
      const row = (sequence: number, time: number) => ({ sequence, time, parameters: Uint16Array.of(7, 9), values: Float64Array.of(-sequence, 0.5) });
      const given = [row(3, at(0, 2).time), row(22, at(0, 40).time), row(24, at(4, 0).time)];
      expect(await store.rewrite(1, [...given, row(25, at(4, 1).time), row(999, H0)])).toEqual({ rewritten: 3, missing: 2 });
      const { rows } = await store.rows({ unit: 1, from: H0, to: H0 + 10 * HOUR, limit: 1000 });
      expect(rows).toHaveLength(24);
      for (const { sequence, parameters, values, texts, flags, number } of rows) {
        const changed = given.some((one) => one.sequence === sequence);
        expect([sequence, [...parameters], values.length, texts.length, flags !== 0]).toEqual([sequence, changed ? [7, 9] : [7, 8], 2, 1, changed]);
        if (changed) expect(values[0]).toBe(-sequence);
        else expect(values[0]).toBeCloseTo(Math.floor(number / 100) + (number % 100) / 10);
      }
      const [hours] = (await store.trends({ units: [1], parameters: [7], from: H0, to: H0 + 10 * HOUR - 1, maxPoints: 11 })).trends;
      expect(hours && [...hours.min]).toEqual([-22, 1, 2, -24]);
      expect((await store.trends({ units: [1], parameters: [9], from: H0, to: H0 + 10 * HOUR, maxPoints: 10 })).trends[0]?.total).toBe(3);
    });

    test('an empty batch changes nothing', async () => {
      const store = await make();
      expect(await store.appendBatch(batch([]), durable)).toEqual({ first: 1, last: 0 });
    });
  });
}
