import type { DbcSignal } from '../dbc/model.ts';
import { bitSpan } from '../dbc/bits.ts';

const TWO_32 = 4_294_967_296;
/** Only between a write and the read that follows it. */
const SCRATCH = new DataView(new ArrayBuffer(8));

/** Raw bits of a signal as two unsigned words: bits 0–31 and 32–63. */
export interface RawWords {
  low: number;
  high: number;
}

/** How a signal's bits are walked byte by byte, from the least significant one. */
export interface BitWalk {
  /** Byte that holds the least significant bit. */
  readonly byte: number;
  /** Position of that bit in its byte, from the low end. */
  readonly shift: number;
  /** Direction towards more significant bytes: 1 Intel, -1 Motorola. */
  readonly step: 1 | -1;
  readonly length: number;
}

export function bitWalk(signal: Pick<DbcSignal, 'start' | 'length' | 'byteOrder'>): BitWalk {
  const { end, firstByte, lastByte } = bitSpan(signal);
  return signal.byteOrder === 'intel'
    ? { byte: firstByte, shift: signal.start & 7, step: 1, length: signal.length }
    : { byte: lastByte, shift: 7 - ((end - 1) & 7), step: -1, length: signal.length };
}

/** Writes the low `walk.length` bits of `words` into `target`, whose byte 0 of the payload is at `at`; `words` is consumed. */
export function writeBits(walk: BitWalk, words: RawWords, target: Uint8Array, at: number): void {
  let { low, high } = words;
  let { shift } = walk;
  let byte = at + walk.byte;
  for (let left = walk.length; left > 0;) {
    const count = Math.min(8 - shift, left);
    const mask = ((1 << count) - 1) << shift;
    target[byte] = ((target[byte] ?? 0) & ~mask) | ((low << shift) & mask);
    low = (low >>> count) | (high << (32 - count));
    high >>>= count;
    left -= count;
    byte += walk.step;
    shift = 0;
  }
}

/** Largest and smallest raw integer of a signal that a double holds exactly. */
export function rawLimits(signal: Pick<DbcSignal, 'length' | 'signed'>): { minimum: number; maximum: number } {
  const bits = signal.signed ? signal.length - 1 : signal.length;
  return { minimum: signal.signed ? -(2 ** bits) : 0, maximum: bits > 53 ? 2 ** bits - 2 ** (bits - 53) : 2 ** bits - 1 };
}

/** Splits an integer, or the bits of a float, into words. */
export function toWords(signal: Pick<DbcSignal, 'length' | 'float'>, raw: number, words: RawWords): void {
  if (!signal.float) {
    words.low = raw >>> 0;
    words.high = Math.floor(raw / TWO_32) >>> 0;
  } else if (signal.length === 32) {
    SCRATCH.setFloat32(0, raw);
    words.low = SCRATCH.getUint32(0);
    words.high = 0;
  } else {
    SCRATCH.setFloat64(0, raw);
    words.high = SCRATCH.getUint32(0);
    words.low = SCRATCH.getUint32(4);
  }
}
