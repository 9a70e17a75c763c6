import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '#shared/testing/random.ts';
import { ChunkEncoder, ChunkError, ChunkHead, ChunkReader, RowSet } from './index.ts';

const T0 = Date.UTC(2026, 0, 5, 10);

interface PlainRow {
  readonly time: number;
  readonly received: number;
  readonly deviceTime: number;
  readonly boot: number;
  readonly number: number;
  readonly flags: number;
  readonly values: readonly (readonly [number, number])[];
  readonly text: string | undefined;
}

function setOf(rows: readonly PlainRow[]): RowSet {
  const set = new RowSet();
  rows.forEach((row, i) => {
    set.begin(row.time, row.received, row.deviceTime, row.boot, row.number, row.flags, i + 1);
    for (const [parameter, value] of [...row.values].sort(([a], [b]) => a - b)) set.push(parameter, value);
    if (row.text !== undefined) set.pushText(9, row.text);
  });
  return set;
}

/** Rows as they can be compared, in the order given. */
function plain(set: RowSet, order: Iterable<number>): unknown[] {
  return Array.from(order, (row) => [
    set.time[row], set.received[row], set.deviceTime[row], set.boot[row], set.number[row], set.flags[row], set.sequence[row],
    [...set.parameters.subarray(set.valueStart(row), set.valueEnd[row])],
    [...set.values.subarray(set.valueStart(row), set.valueEnd[row])],
    set.texts.filter((text) => text.row === row).map(({ parameter, text }) => [parameter, text]),
  ]);
}

function roundTrip(set: RowSet): RowSet {
  const { head, data } = new ChunkEncoder().encode(set, set.order());
  const back = new RowSet();
  new ChunkReader(new ChunkHead(head), data).rows(back);
  return back;
}

const anyDouble = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -1000, max: 1000 }).map((n) => n / 10) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 4000 }).map((n) => n * 0.05) },
  fc.integer({ min: 0, max: 250 }).map((n) => n * 0.4 - 40),
  fc.double(),
  fc.float(),
  fc.constantFrom(Number.NaN, -0, 0, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 31, -(2 ** 31), 2 ** 53),
);
const plainRow: fc.Arbitrary<PlainRow> = fc.record({
  time: fc.oneof(fc.integer({ min: T0, max: T0 + 3_600_000 }), fc.integer({ min: -4e15, max: 4e15 })),
  received: fc.integer({ min: T0, max: T0 + 7_200_000 }),
  deviceTime: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -4e15, max: 4e15 })),
  boot: fc.oneof(fc.constant(3), fc.integer({ min: 0, max: 0xffff_ffff })),
  number: fc.oneof(fc.nat(5000), fc.maxSafeNat()),
  flags: fc.integer({ min: 0, max: 0xf_ffff }),
  values: fc.uniqueArray(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 0xffff })), anyDouble), { selector: ([parameter]) => parameter, maxLength: 8 }),
  text: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined, freq: 8 }),
});
/** One parameter of one kind, as real columns are. */
const column = fc.oneof(fc.array(anyDouble, { minLength: 1, maxLength: 300 }), ...[0.1, 0.05, 0.4, 1 / 128, 1e-7].map((factor) => fc.array(fc.integer({ min: -900, max: 100_000 }).map((n) => n * factor), { minLength: 1, maxLength: 300 })));

describe('a chunk', () => {
  test('gives back every row as it was, in the order of time, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(plainRow, { minLength: 1, maxLength: 60 }), (rows) => {
        const set = setOf(rows);
        expect(plain(roundTrip(set), Array.from({ length: rows.length }, (_, i) => i))).toEqual(plain(set, set.order()));
      }),
      { numRuns: 300 },
    );
  });

  test('gives back long columns exactly, and their summary in the head', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 9 }), (values, every) => {
        const set = new RowSet();
        values.forEach((value, i) => {
          set.begin(T0 + i * 10_000, T0 + i * 10_000 + 40, T0 + i * 10_000, 1, i, 0, i * 50);
          if (i % every === 0) set.push(7, value);
        });
        const { head, data } = new ChunkEncoder().encode(set, set.order());
        const reader = new ChunkReader(new ChunkHead(head), data);
        const present = values.filter((_, i) => i % every === 0);
        expect([...(reader.column(7)?.values ?? [])].map((value, i) => Object.is(value, present[i])).every(Boolean)).toBe(true);
        expect(reader.column(8)).toBeUndefined();
        const numbers = present.filter((value) => !Number.isNaN(value));
        const { summary, rows } = new ChunkHead(head).columns.get(7) ?? {};
        expect([rows, summary?.count]).toEqual([present.length, numbers.length]);
        if (numbers.length === 0) return;
        const same = (a: number | undefined, b: number): boolean => a === b;
        expect([same(summary?.first, numbers[0] as number), same(summary?.last, numbers.at(-1) as number), same(summary?.min, Math.min(...numbers)), same(summary?.max, Math.max(...numbers))]).toEqual([true, true, true, true]);
      }),
      { numRuns: 300 },
    );
  });

  test('notices every flipped bit', () => {
    const set = setOf(Array.from({ length: 40 }, (_, i) => ({ time: T0 + i * 1000, received: T0 + i * 1000 + 9, deviceTime: Number.NaN, boot: 1, number: i, flags: 0, values: [[7, i / 10], [8, i % 3]], text: i === 3 ? 'ü' : undefined })));
    const { head, data } = new ChunkEncoder().encode(set, set.order());
    const readAll = (h: Uint8Array, d: Uint8Array): void => new ChunkReader(new ChunkHead(h), d).rows(new RowSet());
    readAll(head, data);
    for (const [bytes, read] of [[head, (flipped: Uint8Array) => readAll(flipped, data)], [data, (flipped: Uint8Array) => readAll(head, flipped)]] as const) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => read(flipped)).toThrow(ChunkError);
      }
    }
    expect(() => readAll(head, data.subarray(1))).toThrow(ChunkError);
  });

  test('with a right checksum over nonsense ends with an error, not with an endless loop', () => {
    const random = new SeededRandom(7);
    const set = setOf(Array.from({ length: 100 }, (_, i) => ({ time: T0 + i * 1000, received: T0, deviceTime: T0, boot: 1, number: i, flags: 0, values: [[7, i / 10], [300, Math.sin(i)]], text: undefined })));
    const { head, data } = new ChunkEncoder().encode(set, set.order());
    const sound = new ChunkHead(head);
    for (let round = 0; round < 300; round++) {
      const broken = data.slice();
      for (let i = 0; i < 5; i++) broken[random.below(broken.length)] = random.below(256);
      const lying = Object.assign(Object.create(ChunkHead.prototype) as ChunkHead, sound, { checksum: checksumOf(broken) });
      try {
        new ChunkReader(lying, broken).rows(new RowSet());
      } catch (error) {
        expect(error).toBeInstanceOf(ChunkError);
      }
    }
  });

  test('takes little room for what vehicles send', () => {
    const random = new SeededRandom(11);
    const set = new RowSet();
    let latitude = 12.97;
    let charge = 80;
    for (let i = 0; i < 360; i++) {
      const time = T0 + i * 10_000 + random.below(3);
      latitude += (random.next() - 0.3) * 0.001;
      charge -= 0.02;
      set.begin(time, time + 30 + random.below(50), time, 2, i, 0, i * 1000 + random.below(300));
      [Math.round(latitude * 1e7) / 1e7, Math.round(latitude * 6e7) / 1e7, random.below(50), random.below(36) * 10, Math.round(charge * 10) / 10, 51.2 + random.below(20) / 10, random.below(300) / 10, 31, 30, 1234.5 + Math.floor(i / 4) / 10, 1, 4].forEach((value, at) => set.push(100 + at, value));
    }
    const { head, data } = new ChunkEncoder().encode(set, set.order());
    expect((head.length + data.length) / 360).toBeLessThan(12);
  });
});

function checksumOf(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
