import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from './frame.ts';

const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
);
const key = fc.string().filter((text) => text !== '__proto__');
const message = fc.dictionary(key, fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4 })),
})).value, { maxKeys: 6 });

/** JSON writes negative zero as 0. */
const withoutNegativeZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, item: unknown) => (ArrayBuffer.isView(item) ? Array.from(item as Uint8Array, String) : item)));

describe('frame', () => {
  it('gives back any message it was given', () => {
    fc.assert(fc.property(message, (sent) => {
      const received = decodeFrame(encodeFrame(sent));
      expect(withoutNegativeZero(received)).toEqual(withoutNegativeZero(sent));
    }));
  });

  it('reads frames at any offset of a larger buffer', () => {
    const sent = { values: Float64Array.of(1, 2), bytes: Uint8Array.of(3) };
    const frame = encodeFrame(sent) as Uint8Array<ArrayBuffer>;
    for (let offset = 0; offset < 9; offset++) {
      const larger = new Uint8Array(frame.length + 16);
      larger.set(frame, offset);
      expect(decodeFrame(larger.subarray(offset, offset + frame.length))).toEqual(sent);
    }
  });

  it('makes views of the frame, not copies', () => {
    const frame = encodeFrame({ values: Float64Array.of(1, 2) }) as Uint8Array<ArrayBuffer>;
    expect((decodeFrame(frame)['values'] as Float64Array).buffer).toBe(frame.buffer);
  });

  it('either reads or refuses damaged frames with invalid-input, never anything else', () => {
    const frame = encodeFrame({ name: 'fleet.live', nested: { values: Float64Array.of(1, 2), more: Uint16Array.of(7) } }) as Uint8Array<ArrayBuffer>;
    fc.assert(fc.property(fc.nat(frame.length - 1), fc.nat(255), fc.nat(frame.length), (at, byte, length) => {
      const damaged = frame.slice(0, length);
      if (at < damaged.length) damaged[at] = byte;
      try {
        decodeFrame(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-input' });
      }
    }), { numRuns: 2_000 });
  });

  it.each([
    ['a path through the prototype', [['__proto__', 'polluted'], 'Uint8Array', 0, 1]],
    ['a path to nowhere', [['nothing'], 'Uint8Array', 0, 1]],
    ['a path over a value', [['name'], 'Uint8Array', 0, 1]],
    ['a kind that does not travel', [['a'], 'BigInt64Array', 0, 1]],
    ['an odd offset', [['a'], 'Float64Array', 4, 1]],
    ['a negative length', [['a'], 'Uint8Array', 0, -1]],
    ['more elements than bytes', [['a'], 'Float64Array', 0, 2]],
  ])('refuses %s', (_what, attachment) => {
    const header = new TextEncoder().encode(JSON.stringify({ m: { a: 0, name: 'x' }, b: [attachment] }));
    const start = Math.ceil((4 + header.length) / 8) * 8;
    const frame = new Uint8Array(start + 8);
    new DataView(frame.buffer).setUint32(0, header.length, true);
    frame.set(header, 4);
    expect(() => decodeFrame(frame)).toThrow('could not be read');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('refuses a cycle instead of running out of stack', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => encodeFrame(cycle)).toThrow('nested too deeply');
  });
});
