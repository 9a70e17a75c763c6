import type { ByteReader, ByteWriter} from './bytes.ts';
import { ChunkError, varintSize, zigzag } from './bytes.ts';

/**
 * How a column of whole numbers is written; the shortest is taken. `runs`: zigzag varints, a 0 is followed by the number of further
 * zeros. `packed`: blocks of 128, each its least value, a width, and the distances to it in so many bits.
 */
const MODE = { constant: 0, deltaRuns: 1, delta2Runs: 2, packedDeltas: 3, packedValues: 4, packedDeltas2: 5, doubles: 6 } as const;
const BLOCK = 128;
/** With up to 7 bits that wait, a value of this many bits still fits 31. */
const MAX_WIDTH = 24;
/** Beyond it differences of differences are no longer exact. */
const LIMIT = 2 ** 50;

/** Writes columns of whole numbers; keeps its working memory. */
export class IntegerWriter {
  #deltas = new Float64Array(512);
  #deltas2 = new Float64Array(512);

  /** Writes `values[0, count)`; any double is allowed, those that are no whole numbers below 2⁵⁰ take 8 bytes each. */
  write(out: ByteWriter, values: Float64Array, count: number): void {
    if (count === 0) return;
    if (this.#deltas.length < count) {
      this.#deltas = new Float64Array(count * 2);
      this.#deltas2 = new Float64Array(count * 2);
    }
    const deltas = this.#deltas;
    const deltas2 = this.#deltas2;
    const first = values[0] as number;
    let constant = true;
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      if (!Number.isInteger(value) || value > LIMIT || value < -LIMIT || (value === 0 && Object.is(value, -0))) {
        out.u8(MODE.doubles);
        for (let k = 0; k < count; k++) out.f64(values[k] as number);
        return;
      }
      deltas[i] = i === 0 ? 0 : value - (values[i - 1] as number);
      deltas2[i] = i < 2 ? 0 : (deltas[i] as number) - (deltas[i - 1] as number);
      if (value !== first) constant = false;
    }
    if (constant) {
      out.u8(MODE.constant);
      out.signed(first);
      return;
    }
    const start = varintSize(zigzag(first));
    const second = start + varintSize(zigzag(deltas[1] as number));
    const costs = [Infinity, start + runsSize(deltas, 1, count), second + runsSize(deltas2, 2, count), start + packedSize(deltas, 1, count), packedSize(values, 0, count), second + packedSize(deltas2, 2, count)];
    let mode = 1;
    for (let i = 2; i < costs.length; i++) if ((costs[i] as number) < (costs[mode] as number)) mode = i;
    out.u8(mode);
    if (mode !== MODE.packedValues) out.signed(first);
    if (mode === MODE.delta2Runs || mode === MODE.packedDeltas2) out.signed(deltas[1] as number);
    if (mode === MODE.deltaRuns) writeRuns(out, deltas, 1, count);
    else if (mode === MODE.delta2Runs) writeRuns(out, deltas2, 2, count);
    else if (mode === MODE.packedDeltas) writePacked(out, deltas, 1, count);
    else if (mode === MODE.packedValues) writePacked(out, values, 0, count);
    else writePacked(out, deltas2, 2, count);
  }
}

/** Reads a column of `count` numbers. */
export function readIntegers(input: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0) return values;
  const mode = input.u8();
  switch (mode) {
    case MODE.constant:
      return values.fill(input.signed());
    case MODE.doubles:
      for (let i = 0; i < count; i++) values[i] = input.f64();
      return values;
    case MODE.deltaRuns:
      values[0] = input.signed();
      readRuns(input, values, 1);
      return summed(values, 1);
    case MODE.delta2Runs:
      values[0] = input.signed();
      values[1] = input.signed();
      readRuns(input, values, 2);
      return summed(summed(values, 2), 1);
    case MODE.packedDeltas:
      values[0] = input.signed();
      readPacked(input, values, 1);
      return summed(values, 1);
    case MODE.packedValues:
      readPacked(input, values, 0);
      return values;
    case MODE.packedDeltas2:
      values[0] = input.signed();
      values[1] = input.signed();
      readPacked(input, values, 2);
      return summed(summed(values, 2), 1);
    default:
      throw new ChunkError(`unknown coding ${mode}`);
  }
}

function summed(values: Float64Array, from: number): Float64Array {
  let sum = values[from - 1] as number;
  for (let i = from; i < values.length; i++) values[i] = sum += values[i] as number;
  return values;
}

function runsSize(values: Float64Array, from: number, to: number): number {
  let size = 0;
  for (let i = from; i < to; ) {
    const value = values[i] as number;
    if (value !== 0) {
      size += varintSize(value > 0 ? value * 2 : -value * 2 - 1);
      i++;
      continue;
    }
    let end = i + 1;
    while (end < to && values[end] === 0) end++;
    size += 1 + varintSize(end - i - 1);
    i = end;
  }
  return size;
}

function writeRuns(out: ByteWriter, values: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; ) {
    const value = values[i] as number;
    if (value !== 0) {
      out.signed(value);
      i++;
      continue;
    }
    let end = i + 1;
    while (end < to && values[end] === 0) end++;
    out.u8(0);
    out.varint(end - i - 1);
    i = end;
  }
}

function readRuns(input: ByteReader, values: Float64Array, from: number): void {
  for (let i = from; i < values.length; ) {
    const value = input.signed();
    if (value !== 0) {
      values[i++] = value;
      continue;
    }
    const end = i + 1 + input.varint();
    if (end > values.length) throw new ChunkError('run too long');
    // The array is 0 where nothing was written.
    i = end;
  }
}

function packedSize(values: Float64Array, from: number, to: number): number {
  let size = 0;
  for (let start = from; start < to; start += BLOCK) {
    const end = Math.min(to, start + BLOCK);
    const [least, width] = extent(values, start, end);
    if (width > MAX_WIDTH) return Infinity;
    size += varintSize(zigzag(least)) + 1 + Math.ceil((width * (end - start)) / 8);
  }
  return size;
}

function extent(values: Float64Array, from: number, to: number): readonly [least: number, width: number] {
  let least = values[from] as number;
  let greatest = least;
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    if (value < least) least = value;
    else if (value > greatest) greatest = value;
  }
  const range = greatest - least;
  return [least, range > 0xffff_ffff ? 64 : 32 - Math.clz32(range)];
}

function writePacked(out: ByteWriter, values: Float64Array, from: number, to: number): void {
  for (let start = from; start < to; start += BLOCK) {
    const end = Math.min(to, start + BLOCK);
    const [least, width] = extent(values, start, end);
    out.signed(least);
    out.u8(width);
    let bits = 0;
    let filled = 0;
    for (let i = start; i < end; i++) {
      bits |= ((values[i] as number) - least) << filled;
      filled += width;
      while (filled >= 8) {
        out.u8(bits & 0xff);
        bits >>>= 8;
        filled -= 8;
      }
    }
    if (filled > 0) out.u8(bits & 0xff);
  }
}

function readPacked(input: ByteReader, values: Float64Array, from: number): void {
  for (let start = from; start < values.length; start += BLOCK) {
    const end = Math.min(values.length, start + BLOCK);
    const least = input.signed();
    const width = input.u8();
    if (width > MAX_WIDTH) throw new ChunkError(`width ${width}`);
    const bytes = input.take(Math.ceil((width * (end - start)) / 8));
    const mask = (1 << width) - 1;
    let bits = 0;
    let filled = 0;
    let at = 0;
    for (let i = start; i < end; i++) {
      while (filled < width) {
        bits |= (bytes[at++] as number) << filled;
        filled += 8;
      }
      values[i] = least + (bits & mask);
      bits >>>= width;
      filled -= width;
    }
  }
}
