import { integerOf, KIND, kindOf, scaled } from './number-kinds.ts';

/**
 * A record: the set of (parameter number, value) that one message gave, as bytes, lossless.
 *
 *   u8 version (1)
 *   varint number of blocks; per block: varint distance of its index from the one before + its 32-bit presence bitmap, little
 *     endian (block index = parameter number >>> 5)
 *   per present parameter, ascending: u8 head = kind (bits 0–3), low 3 bits of the zigzag integer (4–6), more follows (7);
 *     then the rest of the integer as a varint; for kinds float32 and float64 the IEEE bytes, little endian
 *   varint number of texts; per text: varint parameter number, varint byte length, UTF-8
 */
export const RECORD_VERSION = 1;
/** Parameter numbers are 16-bit. */
export const MAX_PARAMETER = 0xffff;
const BLOCKS = (MAX_PARAMETER + 1) >>> 5;

/** A record that cannot be read: an unknown version or damaged bytes. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

export interface TextValue {
  readonly parameter: number;
  readonly text: string;
}

/**
 * An upper bound of the bytes of `records` records with `values` numbers and `texts` in all, known before they are
 * collected: a number takes at most 9 bytes and a block of its own, a text three bytes a character and its header.
 */
export function recordBound(records: number, values: number, texts: readonly TextValue[]): number {
  let bytes = records * 8 + values * 17;
  for (const { text } of texts) bytes += 8 + text.length * 3;
  return bytes;
}

const utf8 = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(8));

/** Collects the values of one message, in any order (the last value of a parameter counts), and writes them as a record. */
export class RecordEncoder {
  #bitmap = new Int32Array(BLOCKS);
  #values = new Float64Array(MAX_PARAMETER + 1);
  /** The kind that fitted a parameter last: its scale does not change from message to message. */
  #kinds = new Uint8Array(MAX_PARAMETER + 1);
  #first = BLOCKS;
  #last = -1;
  #count = 0;
  #texts: TextValue[] = [];

  /** Number of parameters collected. */
  get count(): number {
    return this.#count + this.#texts.length;
  }

  set(parameter: number, value: number): void {
    const block = parameter >>> 5;
    const bit = 1 << (parameter & 31);
    const bits = this.#bitmap[block] as number;
    if ((bits & bit) === 0) {
      this.#bitmap[block] = bits | bit;
      this.#count++;
      if (block < this.#first) this.#first = block;
      if (block > this.#last) this.#last = block;
    }
    this.#values[parameter] = value;
  }

  setText(parameter: number, text: string): void {
    this.#texts.push({ parameter, text });
  }

  /** Forgets what was collected. */
  clear(): void {
    for (let block = this.#first; block <= this.#last; block++) this.#bitmap[block] = 0;
    this.#first = BLOCKS;
    this.#last = -1;
    this.#count = 0;
    this.#texts = [];
  }

  /** Writes the record at `offset`, forgets what was collected and returns the offset after it. `bytes` must have `recordBound` bytes left. */
  write(bytes: Uint8Array, offset: number): number {
    let at = offset;
    bytes[at++] = RECORD_VERSION;
    let blocks = 0;
    for (let block = this.#first; block <= this.#last; block++) if (this.#bitmap[block] !== 0) blocks++;
    at = writeVarint(bytes, at, blocks);
    let before = 0;
    for (let block = this.#first; block <= this.#last; block++) {
      const bits = this.#bitmap[block] as number;
      if (bits === 0) continue;
      at = writeVarint(bytes, at, block - before);
      before = block;
      bytes[at++] = bits;
      bytes[at++] = bits >>> 8;
      bytes[at++] = bits >>> 16;
      bytes[at++] = bits >>> 24;
    }
    for (let block = this.#first; block <= this.#last; block++) {
      let bits = this.#bitmap[block] as number;
      this.#bitmap[block] = 0;
      while (bits !== 0) {
        const lowest = bits & -bits;
        bits ^= lowest;
        at = this.#writeValue(bytes, at, (block << 5) + (31 - Math.clz32(lowest)));
      }
    }
    at = this.#writeTexts(bytes, at);
    this.#first = BLOCKS;
    this.#last = -1;
    this.#count = 0;
    return at;
  }

  #writeValue(bytes: Uint8Array, offset: number, parameter: number): number {
    const value = this.#values[parameter] as number;
    let at = offset;
    let kind = this.#kinds[parameter] as number;
    let n = kind < KIND.float32 ? integerOf(kind, value) : Number.NaN;
    if (Number.isNaN(n)) {
      kind = kindOf(value);
      this.#kinds[parameter] = kind;
      if (kind >= KIND.float32) {
        bytes[at++] = kind;
        const wide = kind === KIND.float64;
        if (wide) scratch.setFloat64(0, value, true);
        else scratch.setFloat32(0, value, true);
        for (let i = 0; i < (wide ? 8 : 4); i++) bytes[at++] = scratch.getUint8(i);
        return at;
      }
      n = integerOf(kind, value);
    }
    let zigzag = ((n << 1) ^ (n >> 31)) >>> 0;
    const head = kind | ((zigzag & 7) << 4);
    zigzag >>>= 3;
    if (zigzag === 0) {
      bytes[at++] = head;
      return at;
    }
    bytes[at++] = head | 0x80;
    return writeVarint(bytes, at, zigzag);
  }

  #writeTexts(bytes: Uint8Array, offset: number): number {
    let at = writeVarint(bytes, offset, this.#texts.length);
    if (this.#texts.length === 0) return at;
    for (const { parameter, text } of this.#texts) {
      const encoded = utf8.encode(text);
      at = writeVarint(bytes, at, parameter);
      at = writeVarint(bytes, at, encoded.length);
      bytes.set(encoded, at);
      at += encoded.length;
    }
    this.#texts = [];
    return at;
  }
}

function writeVarint(bytes: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/**
 * Reads records into columns it owns: after `read`, `parameters[i]` and `values[i]` for i < `count`, and `texts`.
 * Throws RecordError for an unknown version and for bytes that end early or do not fit together.
 */
export class RecordDecoder {
  count = 0;
  parameters = new Uint16Array(256);
  values = new Float64Array(256);
  texts: TextValue[] = [];
  #decoder: { decode(bytes: Uint8Array): string };
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  constructor(decoder: { decode(bytes: Uint8Array): string } = new TextDecoder()) {
    this.#decoder = decoder;
  }

  read(bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.count = 0;
    if (this.texts.length > 0) this.texts = [];
    const version = this.#byte();
    if (version !== RECORD_VERSION) throw new RecordError(`unknown record version ${version}`);
    this.#presence();
    for (let i = 0; i < this.count; i++) this.values[i] = this.#value();
    const texts = this.#varint();
    for (let i = 0; i < texts; i++) this.#text();
    if (this.#at !== this.#end) throw new RecordError(`${this.#end - this.#at} bytes after the record`);
  }

  #presence(): void {
    const blocks = this.#varint();
    if (blocks > BLOCKS) throw new RecordError(`${blocks} blocks`);
    let block = 0;
    for (let i = 0; i < blocks; i++) {
      block += this.#varint();
      if (block >= BLOCKS) throw new RecordError(`block ${block}`);
      let bits = this.#byte() | (this.#byte() << 8) | (this.#byte() << 16) | (this.#byte() << 24);
      while (bits !== 0) {
        const lowest = bits & -bits;
        bits ^= lowest;
        if (this.count === this.parameters.length) this.#grow();
        this.parameters[this.count++] = (block << 5) + (31 - Math.clz32(lowest));
      }
    }
  }

  #value(): number {
    const head = this.#byte();
    const kind = head & 15;
    if (kind < KIND.float32) {
      const zigzag = head & 0x80 ? ((this.#varint() << 3) | ((head >>> 4) & 7)) >>> 0 : (head >>> 4) & 7;
      return scaled(kind, (zigzag >>> 1) ^ -(zigzag & 1));
    }
    if (kind > KIND.float64) throw new RecordError(`kind ${kind}`);
    const size = kind === KIND.float64 ? 8 : 4;
    for (let i = 0; i < size; i++) scratch.setUint8(i, this.#byte());
    return size === 8 ? scratch.getFloat64(0, true) : scratch.getFloat32(0, true);
  }

  #text(): void {
    const parameter = this.#varint();
    const length = this.#varint();
    if (length > this.#end - this.#at) throw new RecordError('text ends early');
    this.texts.push({ parameter, text: this.#decoder.decode(this.#bytes.subarray(this.#at, this.#at + length)) });
    this.#at += length;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new RecordError('record ends early');
    return this.#bytes[this.#at++] as number;
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RecordError('number too long');
  }

  #grow(): void {
    const parameters = new Uint16Array(this.parameters.length * 2);
    const values = new Float64Array(parameters.length);
    parameters.set(this.parameters);
    values.set(this.values);
    this.parameters = parameters;
    this.values = values;
  }
}
