import type { Rng } from '#shared/kernel/ports.ts';

/** FNV-1a over UTF-16 code units with a final avalanche (MurmurHash3 fmix32): an unsigned 32-bit number. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A seeded random stream (sfc32, Chris Doty-Humphrey's PractRand). Streams made from different labels are independent,
 * so that adding a vehicle or a draw in one place changes nothing elsewhere. Not for secrets.
 */
export class Random implements Rng {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(seed: string | number, ...labels: readonly (string | number)[]) {
    const text = [seed, ...labels].join('\u0000');
    this.#a = hash32(`a${text}`);
    this.#b = hash32(`b${text}`);
    this.#c = hash32(`c${text}`);
    for (let i = 0; i < 12; i++) this.#draw();
  }

  #draw(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t | 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#draw() / 4294967296;
  }

  /** `count` bytes. */
  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#draw() & 0xff;
    return out;
  }

  /** Uniform in [from, to). */
  range(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** A whole number, uniform in 0 … count − 1. */
  int(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Normal with this mean and standard deviation, cut at three deviations (sum of twelve uniforms). */
  normal(mean: number, deviation: number): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.next();
    return mean + deviation * Math.max(-3, Math.min(3, sum));
  }

  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const keep = out[i] as T;
      out[i] = out[j] as T;
      out[j] = keep;
    }
    return out;
  }
}
