import { utf8ToBytes } from '@noble/hashes/utils.js';
import { generator, remainder } from './reed-solomon.ts';
import { penalty } from './penalty.ts';
import { ALIGNMENT, BLOCKS, CHECK_PER_BLOCK, dataModules, LAST_VERSION } from './tables.ts';

/** A QR code: `size` by `size` modules, row by row; 1 is dark. The quiet zone of four modules around it is the caller's. */
export interface QrCode {
  readonly size: number;
  readonly modules: Uint8Array;
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * The QR code of a text in byte mode (UTF-8) with error correction level M, which survives 15 % of damage, in the smallest version that holds it
 * (ISO/IEC 18004:2015). Throws RangeError for a text beyond version 15 (412 bytes).
 */
export function qrCode(text: string): QrCode {
  const bytes = utf8ToBytes(text);
  let version = 1;
  while (version <= LAST_VERSION && dataBytes(version) * 8 < 4 + countBits(version) + bytes.length * 8) version++;
  if (version > LAST_VERSION) throw new RangeError('the text is too long for a QR code');
  const symbol = new SymbolGrid(version);
  symbol.drawPatterns();
  symbol.drawWords(withChecks(dataWords(bytes, version), version));
  const candidates = MASKS.map((_, mask) => symbol.masked(mask));
  const marks = candidates.map((modules) => penalty(modules, symbol.size));
  return { size: symbol.size, modules: candidates[marks.indexOf(Math.min(...marks))] as Uint8Array };
}

const countBits = (version: number): number => (version < 10 ? 8 : 16);
const allBytes = (version: number): number => Math.floor(dataModules(version) / 8);
const dataBytes = (version: number): number => allBytes(version) - (CHECK_PER_BLOCK[version] ?? 0) * (BLOCKS[version] ?? 0);

/** Mode, length, text, terminator and padding (7.4). */
function dataWords(bytes: Uint8Array, version: number): Uint8Array {
  const capacity = dataBytes(version);
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, countBits(version));
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, capacity * 8 - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity * 8; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Uint8Array.from({ length: capacity }, (_, index) => bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
}

/** Data and check words of all blocks, interleaved (7.6). */
function withChecks(data: Uint8Array, version: number): Uint8Array {
  const blocks = BLOCKS[version] ?? 1;
  const checks = CHECK_PER_BLOCK[version] ?? 0;
  const short = Math.floor(data.length / blocks);
  const longFrom = blocks - (data.length % blocks);
  const divisor = generator(checks);
  let at = 0;
  const made = Array.from({ length: blocks }, (_, index) => {
    const words = data.slice(at, (at += short + (index < longFrom ? 0 : 1)));
    return { words, check: remainder(words, divisor) };
  });
  const result: number[] = [];
  for (let index = 0; index <= short; index++) for (const { words } of made) if (index < words.length) result.push(words[index] ?? 0);
  for (let index = 0; index < checks; index++) for (const { check } of made) result.push(check[index] ?? 0);
  return Uint8Array.from(result);
}

/** Modules under construction. */
class SymbolGrid {
  readonly size: number;
  readonly #version: number;
  readonly #modules: Uint8Array;
  /** 1: belongs to a pattern, so that no data and no mask goes there. */
  readonly #fixed: Uint8Array;

  constructor(version: number) {
    this.#version = version;
    this.size = version * 4 + 17;
    this.#modules = new Uint8Array(this.size * this.size);
    this.#fixed = new Uint8Array(this.size * this.size);
  }

  drawPatterns(): void {
    const { size } = this;
    for (let index = 0; index < size; index++) {
      this.#set(6, index, index % 2 === 0);
      this.#set(index, 6, index % 2 === 0);
    }
    for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) this.#drawRings(x, y, 4, [0, 1, 3]);
    const centres = ALIGNMENT[this.#version] ?? [];
    const last = centres.length - 1;
    centres.forEach((x, i) => centres.forEach((y, j) => ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0) ? undefined : this.#drawRings(x, y, 2, [0, 2]))));
    this.#drawFormat(this.#modules, 0, true);
    this.#drawVersion();
  }

  /** Puts the bits in two columns at a time, upwards and downwards in turn, from the right (7.7.3). */
  drawWords(words: Uint8Array): void {
    let bit = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; step++) {
        for (const x of [right, right - 1]) {
          const y = ((right + 1) & 2) === 0 ? this.size - 1 - step : step;
          const at = y * this.size + x;
          if (this.#fixed[at] === 1 || bit >= words.length * 8) continue;
          this.#modules[at] = ((words[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;
          bit++;
        }
      }
    }
  }

  /** The modules with a mask and the format that names it. */
  masked(mask: number): Uint8Array {
    const modules = this.#modules.slice();
    const flips = MASKS[mask];
    for (let at = 0; at < modules.length; at++) if (this.#fixed[at] === 0 && flips?.(at % this.size, Math.floor(at / this.size)) === true) modules[at] = (modules[at] ?? 0) ^ 1;
    this.#drawFormat(modules, mask, false);
    return modules;
  }

  #set(x: number, y: number, dark: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.#modules[y * this.size + x] = dark ? 1 : 0;
    this.#fixed[y * this.size + x] = 1;
  }

  #drawRings(x: number, y: number, reach: number, dark: readonly number[]): void {
    for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) this.#set(x + dx, y + dy, dark.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  }

  /** Level M and the mask with their BCH code, twice (7.9). */
  #drawFormat(modules: Uint8Array, mask: number, reserve: boolean): void {
    let code = mask;
    for (let round = 0; round < 10; round++) code = (code << 1) ^ ((code >>> 9) * 0x537);
    const bits = ((mask << 10) | code) ^ 0x5412;
    const { size } = this;
    const put = (x: number, y: number, index: number): void => {
      modules[y * size + x] = index < 0 ? 1 : (bits >>> index) & 1;
      if (reserve) this.#fixed[y * size + x] = 1;
    };
    for (let index = 0; index <= 5; index++) put(8, index, index);
    put(8, 7, 6);
    put(8, 8, 7);
    put(7, 8, 8);
    for (let index = 9; index < 15; index++) put(14 - index, 8, index);
    for (let index = 0; index < 8; index++) put(size - 1 - index, 8, index);
    for (let index = 8; index < 15; index++) put(8, size - 15 + index, index);
    put(8, size - 8, -1);
  }

  /** The version with its Golay code, from version 7 on (7.10). */
  #drawVersion(): void {
    if (this.#version < 7) return;
    let code = this.#version;
    for (let round = 0; round < 12; round++) code = (code << 1) ^ ((code >>> 11) * 0x1f25);
    const bits = (this.#version << 12) | code;
    for (let index = 0; index < 18; index++) {
      const dark = ((bits >>> index) & 1) === 1;
      const a = this.size - 11 + (index % 3);
      const b = Math.floor(index / 3);
      this.#set(a, b, dark);
      this.#set(b, a, dark);
    }
  }
}
