import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage, arbitraryPayload } from '#shared/testing/dbc-arbitraries.ts';
import { bitNumber, bitSpan } from '../dbc/bits.ts';
import type { DbcDatabase, DbcMessage, DbcSignal } from '../dbc/model.ts';
import { createDecoder, type DecoderMode, type DecoderOptions } from './decoder.ts';
import { compileEncoder } from './encode.ts';

/** fast-check prints the seed and the smallest failing case. */
const RUNS = { numRuns: 2000 };

const databaseOf = (message: DbcMessage): DbcDatabase => ({
  version: undefined, comment: undefined, nodes: [], messages: [message], unusedSignals: [], valueTables: {}, attributeDefinitions: [], attributes: {},
});

interface Payload {
  readonly view: DataView;
  readonly at: number;
  readonly length: number;
}

function decode(message: DbcMessage, payload: Payload, mode: DecoderMode, options: DecoderOptions = {}): ReadonlyMap<number, number> {
  const decoder = createDecoder(databaseOf(message), { ...options, mode }).lookup(message.id, message.extended);
  if (decoder === undefined) throw new Error('not found');
  const values = new Float64Array(message.signals.length).fill(-12345.678);
  const present = new Uint16Array(message.signals.length);
  const count = decoder.decode(payload.view, payload.at, payload.length, values, present);
  const indices = count === message.signals.length ? [...values.keys()] : [...present.subarray(0, count)];
  return new Map(indices.map((index) => [index, values[index] ?? Number.NaN]));
}

/** Bit by bit in BigInt: slow, and shares nothing with the decoders but the numbering of bits. */
function reference(message: DbcMessage, data: Uint8Array, missing: (signal: DbcSignal) => readonly number[]): ReadonlyMap<number, number> {
  const raws = new Map<string, number>();
  const values = new Map<number, number>();
  const rawOf = (signal: DbcSignal): number | undefined => {
    const { first, end } = bitSpan(signal);
    if (end > 8 * Math.min(data.length, message.length)) return undefined;
    let bits = 0n;
    for (let step = 0; step < signal.length; step++) {
      const position = signal.byteOrder === 'intel' ? end - 1 - step : first + step;
      const number = bitNumber(signal.byteOrder, position);
      bits = (bits << 1n) | BigInt(((data[number >> 3] ?? 0) >> (number & 7)) & 1);
    }
    if (!signal.float) return Number(signal.signed ? BigInt.asIntN(signal.length, bits) : bits);
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits);
    return signal.length === 32 ? view.getFloat32(4) : view.getFloat64(0);
  };
  const isPresent = (signal: DbcSignal): boolean => {
    if (signal.multiplexing === undefined) return true;
    const selector = message.signals.find(({ name }) => name === signal.multiplexing?.selector);
    if (selector === undefined || !isPresent(selector)) return false;
    const raw = raws.get(selector.name);
    return raw !== undefined && signal.multiplexing.ranges.some(([from, to]) => raw >= from && raw <= to);
  };
  for (const signal of message.signals) {
    const raw = rawOf(signal);
    if (raw !== undefined) raws.set(signal.name, raw);
  }
  message.signals.forEach((signal, index) => {
    const raw = raws.get(signal.name);
    if (raw === undefined || !isPresent(signal) || missing(signal).some((value) => Object.is(value, raw) || value === raw)) return;
    const product = raw * signal.scale + signal.offset;
    values.set(index, signal.float ? product : product + 0);
  });
  return values;
}

const close = (a: number | undefined, b: number | undefined): boolean => Object.is(a, b) || a === b || (a !== undefined && b !== undefined && Math.abs(a - b) <= 1e-12 * Math.abs(b));

describe('decoding', () => {
  it('gives the same values in the same order compiled and interpreted', () => {
    fc.assert(fc.property(arbitraryMessage().chain((message) => fc.tuple(fc.constant(message), arbitraryPayload(message.length))), ([message, payload]) => {
      expect([...decode(message, payload, 'compiled')]).toEqual([...decode(message, payload, 'interpreted')]);
    }), RUNS);
  });

  it('agrees with decoding bit by bit, also where raw values mean "not available"', () => {
    const missing = (signal: DbcSignal): readonly number[] => (signal.start % 3 === 0 ? [signal.signed ? -1 : 2 ** signal.length - 1, Number.NaN] : []);
    fc.assert(fc.property(arbitraryMessage().chain((message) => fc.tuple(fc.constant(message), arbitraryPayload(message.length))), ([message, payload]) => {
      const expected = reference(message, payload.data, missing);
      for (const mode of ['compiled', 'interpreted'] as const) {
        const got = decode(message, payload, mode, { notAvailable: (_, signal) => missing(signal) });
        expect([...got.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [index, value] of got) if (!close(value, expected.get(index))) expect(`${mode} S${index} ${value}`).toBe(`${mode} S${index} ${String(expected.get(index))}`);
      }
    }), RUNS);
  });

  it('is undone by encoding, bit for bit', () => {
    const bits = { integerBits: 48, scaledFloats: false };
    fc.assert(fc.property(arbitraryMessage(bits).chain((message) => fc.tuple(fc.constant(message), fc.uint8Array({ minLength: message.length, maxLength: message.length }))), ([message, data]) => {
      const decoded = decode(message, { view: new DataView(data.buffer, data.byteOffset, data.byteLength), at: 0, length: data.length }, 'compiled');
      fc.pre([...decoded.values()].every((value) => !Number.isNaN(value)));
      const values = new Float64Array(message.signals.length).fill(Number.NaN);
      const covered = new Uint8Array(message.length);
      for (const [index, value] of decoded) {
        values[index] = value;
        const signal = message.signals[index];
        if (signal === undefined) continue;
        const { first, end } = bitSpan(signal);
        for (let position = first; position < end; position++) {
          const number = bitNumber(signal.byteOrder, position);
          covered[number >> 3] = (covered[number >> 3] ?? 0) | (1 << (number & 7));
        }
      }
      const encoded = new Uint8Array(message.length);
      compileEncoder(message).encode(values, encoded);
      expect([...encoded]).toEqual([...data].map((byte, index) => byte & (covered[index] ?? 0)));
    }), RUNS);
  });
});
