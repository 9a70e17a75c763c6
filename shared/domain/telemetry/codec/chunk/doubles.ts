import { integerOf, scaled } from '../number-kinds.ts';
import type { ByteReader, ByteWriter} from './bytes.ts';
import { ChunkError } from './bytes.ts';
import { IntegerWriter, readIntegers } from './integers.ts';

/**
 * How a column of doubles is written: as whole numbers in one scale, with the few that do not fit as they are; as places in a
 * sorted table of the values that occur; as float32; or each as the bytes in which it differs from the one before.
 */
const MODE = { table: 64, float32: 65, different: 66, exceptions: 128 } as const;

/** Scales beyond the kinds 0–11 of a record (number-kinds.ts), from 16 on: a factor, or a divisor of two's powers. Never changed. */
const FACTORS = [0.05, 0.02, 0.2, 0.4, 0.005, 0.025, 0.004, 0.0001, 0.5, 0.25] as const;
const DIVISORS = [32, 128, 1024, 4096] as const;
const OWN = 16;
const TRIED = [0, 1, 8, 2, 9, 3, 10, 11, 4, 5, 6, 7, ...FACTORS.map((_, i) => OWN + i), ...DIVISORS.map((_, i) => OWN + FACTORS.length + i)] as const;
const LIMIT = 0x7fff_fffe;

/** The value that a scale and a whole number stand for. */
export function scaleValue(scale: number, n: number): number {
  if (scale < OWN) return scaled(scale, n);
  const own = scale - OWN;
  return own < FACTORS.length ? n * (FACTORS[own] as number) : n / (DIVISORS[own - FACTORS.length] as number);
}

/** The whole number for `value` in `scale`, NaN where it would not come back exactly. */
function scaleInteger(scale: number, value: number): number {
  if (scale < OWN) return integerOf(scale, value);
  const own = scale - OWN;
  const product = own < FACTORS.length ? value / (FACTORS[own] as number) : value * (DIVISORS[own - FACTORS.length] as number);
  if (!(product <= LIMIT && product >= -LIMIT)) return Number.NaN;
  const n = Math.round(product);
  return scaleValue(scale, n) !== value || (n === 0 && Object.is(value, -0)) ? Number.NaN : n === 0 ? 0 : n;
}

/** What the directory of a chunk says about a column's values beside their bytes; NaN counts as no number. */
export interface ColumnSummary {
  /** Values that are numbers. */
  readonly count: number;
  readonly first: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly sum: number;
}

export const NO_SUMMARY: ColumnSummary = { count: 0, first: Number.NaN, min: Number.NaN, max: Number.NaN, last: Number.NaN, sum: 0 };

const scratch = new DataView(new ArrayBuffer(8));

/** Writes columns of doubles; keeps its working memory. */
export class DoubleWriter {
  readonly #integers = new IntegerWriter();
  #whole = new Float64Array(512);

  /** Writes `values[0, count)` to `out` and their summary to `head`. */
  write(out: ByteWriter, head: ByteWriter, values: Float64Array, count: number): void {
    if (this.#whole.length < count) this.#whole = new Float64Array(count * 2);
    const allowed = count >> 3;
    for (const scale of TRIED) {
      const exceptions = this.#scale(scale, values, count, allowed);
      if (exceptions < 0) continue;
      head.u8(exceptions === 0 ? scale : scale | MODE.exceptions);
      if (exceptions > 0) {
        out.varint(exceptions);
        let before = -1;
        for (let i = 0; i < count; i++) {
          if (!Number.isNaN(scaleInteger(scale, values[i] as number))) continue;
          out.varint(i - before - 1);
          out.f64(values[i] as number);
          before = i;
        }
        writeSummary(head, summaryOf(values, count));
      } else writeWholeSummary(head, this.#whole, count);
      this.#integers.write(out, this.#whole, count);
      return;
    }
    this.#unscaled(out, head, values, count);
    writeSummary(head, summaryOf(values, count));
  }

  /** Puts the whole numbers into #whole; returns how many values do not fit the scale, −1: more than `allowed`. */
  #scale(scale: number, values: Float64Array, count: number, allowed: number): number {
    const whole = this.#whole;
    let exceptions = 0;
    let before = 0;
    for (let i = 0; i < count; i++) {
      const n = scaleInteger(scale, values[i] as number);
      if (Number.isNaN(n)) {
        if (++exceptions > allowed) return -1;
      } else before = n;
      whole[i] = before;
    }
    return exceptions;
  }

  #unscaled(out: ByteWriter, head: ByteWriter, values: Float64Array, count: number): void {
    const table = this.#table(values, count);
    if (table) {
      head.u8(MODE.table);
      out.varint(table.length);
      for (const value of table) out.f64(value);
      this.#integers.write(out, this.#whole, count);
      return;
    }
    let narrow = true;
    for (let i = 0; i < count && narrow; i++) narrow = Object.is(Math.fround(values[i] as number), values[i]);
    head.u8(narrow ? MODE.float32 : MODE.different);
    if (narrow) for (let i = 0; i < count; i++) out.f32(values[i] as number);
    else writeDifferent(out, values, count);
  }

  /** The values that occur, sorted, where they are few; #whole has their places then. */
  #table(values: Float64Array, count: number): number[] | undefined {
    const most = count >> 2;
    // A Map takes 0 and −0 for the same.
    const places = new Map<number | string, number>();
    const keyOf = (value: number): number | string => (Object.is(value, -0) ? '-0' : value);
    for (let i = 0; i < count; i++) {
      places.set(keyOf(values[i] as number), 0);
      if (places.size > most) return undefined;
    }
    const table = Array.from(places.keys(), (key) => (typeof key === 'string' ? -0 : key)).sort((a, b) => (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b));
    table.forEach((value, place) => places.set(keyOf(value), place));
    for (let i = 0; i < count; i++) this.#whole[i] = places.get(keyOf(values[i] as number)) ?? 0;
    return table;
  }
}

/** Reads a column of `count` doubles; `mode` is what the directory says. */
export function readDoubles(input: ByteReader, mode: number, count: number): Float64Array {
  if (mode === MODE.float32) return Float64Array.from({ length: count }, () => input.f32());
  if (mode === MODE.different) return readDifferent(input, count);
  if (mode === MODE.table) {
    const size = input.varint();
    if (size > count) throw new ChunkError('table too long');
    const table = Float64Array.from({ length: size }, () => input.f64());
    return readIntegers(input, count).map((place) => table[place] ?? Number.NaN);
  }
  const scale = mode & ~MODE.exceptions;
  if (scale > 11 && (scale < OWN || scale >= OWN + FACTORS.length + DIVISORS.length)) throw new ChunkError(`unknown scale ${scale}`);
  const places: number[] = [];
  const exceptions: number[] = [];
  if (mode >= MODE.exceptions) {
    const many = input.varint();
    if (many > count) throw new ChunkError('too many exceptions');
    for (let i = 0, at = -1; i < many; i++) {
      at += 1 + input.varint();
      places.push(at);
      exceptions.push(input.f64());
    }
  }
  const values = readIntegers(input, count);
  if (scale !== 0) for (let i = 0; i < count; i++) values[i] = scaleValue(scale, values[i] as number);
  places.forEach((place, i) => (values[place] = exceptions[i] as number));
  return values;
}

/** Reads what DoubleWriter wrote into the directory. */
export function readSummary(head: ByteReader): { readonly mode: number; readonly summary: ColumnSummary } {
  const mode = head.u8();
  const count = head.varint();
  if (count === 0) return { mode, summary: NO_SUMMARY };
  if (mode >= MODE.table) return { mode, summary: { count, first: head.f64(), min: head.f64(), max: head.f64(), last: head.f64(), sum: head.f64() } };
  const min = head.signed();
  const max = min + head.varint();
  const first = min + head.varint();
  const last = min + head.varint();
  const sum = min * count + head.varint();
  return { mode, summary: { count, first: scaleValue(mode, first), min: scaleValue(mode, min), max: scaleValue(mode, max), last: scaleValue(mode, last), sum: scaleValue(mode, sum) } };
}

export function summaryOf(values: Float64Array, count: number): ColumnSummary {
  let numbers = 0;
  let first = Number.NaN;
  let min = Number.NaN;
  let max = Number.NaN;
  let last = Number.NaN;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    if (numbers++ === 0) first = min = max = value;
    else if (value < min) min = value;
    else if (value > max) max = value;
    last = value;
    sum += value;
  }
  return { count: numbers, first, min, max, last, sum };
}

function writeSummary(head: ByteWriter, summary: ColumnSummary): void {
  head.varint(summary.count);
  if (summary.count === 0) return;
  for (const value of [summary.first, summary.min, summary.max, summary.last, summary.sum]) head.f64(value);
}

/** In whole numbers and as distances from the least: some 12 bytes. */
function writeWholeSummary(head: ByteWriter, whole: Float64Array, count: number): void {
  const { first, min, max, last, sum } = summaryOf(whole, count);
  head.varint(count);
  if (count === 0) return;
  head.signed(min);
  head.varint(max - min);
  head.varint(first - min);
  head.varint(last - min);
  head.varint(sum - min * count);
}

/** Per value a u8: equal bytes at the upper end (bits 4–7) and at the lower end (0–3) of its XOR with the one before; then the others. */
function writeDifferent(out: ByteWriter, values: Float64Array, count: number): void {
  let high = 0;
  let low = 0;
  for (let i = 0; i < count; i++) {
    scratch.setFloat64(0, values[i] as number);
    const nextHigh = scratch.getUint32(0);
    const nextLow = scratch.getUint32(4);
    scratch.setUint32(0, nextHigh ^ high);
    scratch.setUint32(4, nextLow ^ low);
    high = nextHigh;
    low = nextLow;
    let upper = 0;
    while (upper < 8 && scratch.getUint8(upper) === 0) upper++;
    let lower = 0;
    while (lower < 8 - upper && scratch.getUint8(7 - lower) === 0) lower++;
    out.u8((upper << 4) | lower);
    for (let k = upper; k < 8 - lower; k++) out.u8(scratch.getUint8(k));
  }
}

function readDifferent(input: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  let high = 0;
  let low = 0;
  for (let i = 0; i < count; i++) {
    const ends = input.u8();
    const upper = ends >>> 4;
    const lower = ends & 15;
    if (upper + lower > 8) throw new ChunkError('damaged value');
    for (let k = 0; k < 8; k++) scratch.setUint8(k, k >= upper && k < 8 - lower ? input.u8() : 0);
    high ^= scratch.getUint32(0);
    low ^= scratch.getUint32(4);
    scratch.setUint32(0, high);
    scratch.setUint32(4, low);
    values[i] = scratch.getFloat64(0);
  }
  return values;
}
