import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from './checksum.ts';
import { recordBound, RecordDecoder, RecordEncoder, RecordError } from './record.ts';

const encoder = new RecordEncoder();
const decoder = new RecordDecoder();
const bytes = new Uint8Array(1 << 20);

function encode(values: Iterable<readonly [number, number]>, texts: Iterable<readonly [number, string]> = []): Uint8Array {
  let count = 0;
  for (const [parameter, value] of values) {
    encoder.set(parameter, value);
    count++;
  }
  for (const [parameter, text] of texts) encoder.setText(parameter, text);
  const bound = recordBound(1, count, Array.from(texts, ([parameter, text]) => ({ parameter, text })));
  const end = encoder.write(bytes, 0);
  expect(end).toBeLessThanOrEqual(bound);
  return bytes.slice(0, end);
}

function decode(record: Uint8Array): Map<number, number> {
  decoder.read(record);
  const result = new Map<number, number>();
  for (let i = 0; i < decoder.count; i++) result.set(decoder.parameters[i] as number, decoder.values[i] as number);
  return result;
}

const signalValue = fc.tuple(fc.integer({ min: -70_000, max: 70_000 }), fc.constantFrom(1, 0.1, 0.01, 0.001, 0.5, 0.05, 0.0625, 0.125, 1e-7), fc.constantFrom(0, -40, -500, 0.5)).map(([raw, factor, offset]) => raw * factor + offset);

describe('records', () => {
  test('give back exactly what was written, in any order of parameters', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 65_535 }), fc.oneof(signalValue, fc.double(), fc.integer())), { selector: ([parameter]) => parameter, maxLength: 300 }), (values) => {
        const read = decode(encode(values));
        expect(read.size).toBe(values.length);
        for (const [parameter, value] of values) expect(read.get(parameter)).toBe(value);
      }),
    );
  });

  test('carry texts beside numbers', () => {
    decoder.read(encode([[3, 1]], [[900, 'V4.2.1'], [901, 'रिक्शा']]));
    expect(decoder.count).toBe(1);
    expect(decoder.texts).toEqual([{ parameter: 900, text: 'V4.2.1' }, { parameter: 901, text: 'रिक्शा' }]);
    decoder.read(encode([]));
    expect([decoder.count, decoder.texts.length]).toEqual([0, 0]);
  });

  test('forget what was collected before a clear', () => {
    encoder.set(900, 1);
    encoder.setText(901, 'x');
    encoder.clear();
    expect([...decode(encode([[7, 1]]))]).toEqual([[7, 1]]);
    expect(decoder.texts).toEqual([]);
  });

  test('keep the last of two values of one parameter', () => {
    expect([...decode(encode([[7, 1], [7, 2]]))]).toEqual([[7, 2]]);
  });

  test('take about four bytes per value on what vehicles send', () => {
    const values: [number, number][] = [[1, 51.2], [2, -12.5], [3, 87], [4, 12.9715987], [5, 77.594566], [6, 1], [7, 31.4], [8, 1042.7], [9, 3.312], [10, 3.318], [11, 28], [12, 0]];
    expect(encode(values).length).toBeLessThanOrEqual(48);
  });

  test('a damaged or cut record is a RecordError or other values, never another error', () => {
    const good = encode([[1, 51.2], [40, -3.25], [700, 12.9715987]], [[701, 'text']]);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bad = good.slice(0, length);
        if (at < length) bad[at] = byte;
        try {
          decoder.read(bad);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
        }
      }),
      { numRuns: 2000 },
    );
    expect(() => decoder.read(Uint8Array.of(2, 0, 0))).toThrow(/version 2/);
  });
});

test('crc32 has its published check value and can be continued', () => {
  const check = new TextEncoder().encode('123456789');
  expect(crc32(check)).toBe(0xcbf43926);
  expect(crc32(check, 4, 9, crc32(check, 0, 4))).toBe(0xcbf43926);
});

test('crc32 is the same however the bytes are cut', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
    const at = Math.min(cut, bytes.length);
    let single = 0;
    for (let i = 0; i < bytes.length; i++) single = crc32(bytes, i, i + 1, single);
    expect(crc32(bytes)).toBe(single);
    expect(crc32(bytes, at, bytes.length, crc32(bytes, 0, at))).toBe(single);
  }));
});
