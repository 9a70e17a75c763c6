import fc from 'fast-check';
import type { DbcMessage, DbcMultiplexing, DbcSignal } from '../domain/telemetry/dbc/model.ts';

export interface MessageShape {
  /** Longest integer in bits; 64 by default. */
  readonly integerBits?: number;
  /** Floats with scale and offset other than 1 and 0. */
  readonly scaledFloats?: boolean;
}

interface SignalSeed {
  readonly kind: 'integer' | 'float32' | 'float64' | 'selector';
  readonly length: number;
  readonly at: number;
  readonly motorola: boolean;
  readonly signed: boolean;
  readonly scale: number;
  readonly offset: number;
  /** Chooses what the signal depends on; below 0.5: nothing. */
  readonly parent: number;
  readonly ranges: readonly (readonly [number, number])[];
}

const seeds = (shape: MessageShape): fc.Arbitrary<SignalSeed> => fc.record({
  kind: fc.constantFrom('integer', 'integer', 'integer', 'float32', 'float64', 'selector', 'selector'),
  length: fc.integer({ min: 1, max: shape.integerBits ?? 64 }),
  at: fc.double({ min: 0, max: 1.05, noNaN: true }),
  motorola: fc.boolean(),
  signed: fc.boolean(),
  scale: fc.constantFrom(1, 1, 0.1, -0.5, 2, 0.001, -3),
  offset: fc.constantFrom(0, 0, -40, 0.5, 10_000),
  parent: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  ranges: fc.array(fc.tuple(fc.integer({ min: -2, max: 4 }), fc.integer({ min: 0, max: 2 })).map(([from, more]): readonly [number, number] => [from, from + more]), { minLength: 1, maxLength: 3 }),
});

/** A message with signals of every kind, also overlapping ones, ones beyond its end, and nested multiplexors. */
export function arbitraryMessage(shape: MessageShape = {}): fc.Arbitrary<DbcMessage> {
  return fc.record({ length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 64 })), signals: fc.array(seeds(shape), { maxLength: 14 }) })
    .map(({ length, signals }): DbcMessage => ({
      id: 0x100, extended: false, name: 'M', length, frameFormat: 'standard', senders: [], cycleTime: undefined, comment: undefined, attributes: {}, line: 1,
      signals: signals.map((seed, index) => toSignal(seed, index, length, signals, shape)),
    }));
}

function toSignal(seed: SignalSeed, index: number, bytes: number, all: readonly SignalSeed[], shape: MessageShape): DbcSignal {
  const float = seed.kind === 'float32' || seed.kind === 'float64';
  const length = seed.kind === 'float32' ? 32 : seed.kind === 'float64' ? 64 : seed.kind === 'selector' ? 1 + (seed.length % 4) : seed.length;
  const first = Math.max(0, Math.floor(seed.at * (8 * bytes - length + 1)));
  const plain = float && shape.scaledFloats === false;
  return {
    name: `S${index}`, start: seed.motorola ? (first & ~7) + 7 - (first & 7) : first, length, byteOrder: seed.motorola ? 'motorola' : 'intel', signed: seed.signed, float,
    scale: plain ? 1 : seed.scale, offset: plain ? 0 : seed.offset, minimum: undefined, maximum: undefined, unit: '', receivers: [], multiplexor: seed.kind === 'selector',
    multiplexing: dependency(seed, index, all), choices: undefined, startValue: undefined, spn: undefined, comment: undefined, attributes: {}, line: 1,
  };
}

/** Selectors depend on earlier selectors only, so that there is no circle; other signals on any. */
function dependency(seed: SignalSeed, index: number, all: readonly SignalSeed[]): DbcMultiplexing | undefined {
  if (seed.parent < 0.5) return undefined;
  const selectors = all.flatMap(({ kind }, at) => (kind === 'selector' && at !== index && (at < index || seed.kind !== 'selector') ? [at] : []));
  const selector = selectors[Math.floor((seed.parent - 0.5) * 2 * selectors.length)];
  return selector === undefined ? undefined : { selector: `S${selector}`, ranges: seed.ranges };
}

/** A payload that may be shorter or longer than `bytes`, with the bytes around it in one buffer. */
export function arbitraryPayload(bytes: number): fc.Arbitrary<{ view: DataView; at: number; length: number; data: Uint8Array }> {
  return fc.record({ at: fc.integer({ min: 0, max: 9 }), length: fc.oneof({ weight: 3, arbitrary: fc.constant(bytes) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: bytes + 3 }) }), after: fc.integer({ min: 0, max: 4 }) })
    .chain(({ at, length, after }) => fc.oneof(fc.uint8Array({ minLength: at + length + after, maxLength: at + length + after }), fc.constantFrom(0, 255, 1, 2).map((byte) => new Uint8Array(at + length + after).fill(byte)))
      .map((buffer) => ({ view: new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength), at, length, data: buffer.subarray(at, at + length) })));
}
