/** A chunk that cannot be read: an unknown version, a wrong checksum, or content that does not fit together. */
export class ChunkError extends Error {
  override readonly name = 'ChunkError';
}

const WORD = 0x8000_0000;

/** Bytes of a whole number as a varint; `value` is at least 0 and at most 2⁵³. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  if (value < 0x1000_0000) return 4;
  if (value < 0x8_0000_0000) return 5;
  if (value < 0x400_0000_0000) return 6;
  if (value < 0x2_0000_0000_0000) return 7;
  return 8;
}

/** Signed to unsigned so that small magnitudes stay small: 0, −1, 1, −2 … become 0, 1, 2, 3 …; exact up to 2⁵². */
export function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** A whole number from 0 to 2⁵³, 7 bits a byte, the lowest first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= WORD) {
      this.#bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.length++] = rest;
  }

  signed(value: number): void {
    this.varint(zigzag(value));
  }

  f32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + count, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Reads what a ByteWriter wrote, between two offsets. Throws ChunkError where the bytes end early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  at: number;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    if (from > to || to > bytes.length) throw new ChunkError('bytes end early');
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = from;
    this.#end = to;
  }

  u8(): number {
    if (this.at >= this.#end) throw new ChunkError('bytes end early');
    return this.#bytes[this.at++] as number;
  }

  u32(): number {
    this.#need(4);
    return this.#view.getUint32(this.at - 4, true);
  }

  varint(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let scale = 128;
    for (let i = 0; i < 7; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new ChunkError('number too long');
  }

  signed(): number {
    return unzigzag(this.varint());
  }

  f32(): number {
    this.#need(4);
    return this.#view.getFloat32(this.at - 4, true);
  }

  f64(): number {
    this.#need(8);
    return this.#view.getFloat64(this.at - 8, true);
  }

  take(count: number): Uint8Array {
    this.#need(count);
    return this.#bytes.subarray(this.at - count, this.at);
  }

  #need(count: number): void {
    if (!(count >= 0) || this.at + count > this.#end) throw new ChunkError('bytes end early');
    this.at += count;
  }
}
