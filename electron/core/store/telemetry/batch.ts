import type { TextValue } from '#shared/domain/telemetry/codec/record.ts';

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();

/**
 * What the core hands to the writer: the columns of up to `capacity` rows, their values, texts and raw payloads, in one ArrayBuffer
 * that is transferred there and back. Filled on the core's thread, made into records on the writer's.
 */
export interface BatchSizes {
  /** Rows. */
  readonly capacity: number;
  /** Numbers of all rows. */
  readonly values: number;
  /** Bytes for texts. */
  readonly textBytes: number;
  /** Bytes for raw payloads. */
  readonly payloadBytes: number;
}

/** Sizes of the batches of the pipeline: 1,000-row transactions are where commits stop mattering (`npm run bench -- pipeline`). */
export const BATCH_SIZES: BatchSizes = { capacity: 1024, values: 32 * 1024, textBytes: 64 * 1024, payloadBytes: 512 * 1024 };

/** Bits of a row's flags above the 16 that hold the message's QUALITY (domain/telemetry/envelope). */
export const ROW_FLAG = {
  /** A further row of the message before: it covers more than a second. */
  continued: 1 << 16,
  /** `number` is the payload's hash: the unit numbers nothing. */
  hashed: 1 << 17,
  /** Carries a fault or alarm: never dropped. */
  alarm: 1 << 18,
  /** Stored only if the unit's log does not hold its (boot, number) yet. */
  unsure: 1 << 19,
  /** Its values were decoded again with another DBC file. */
  rewritten: 1 << 20,
} as const;

const BYTES_PER_ROW = 8 * 4 + 4 * 6 + 1;
const BYTES_PER_VALUE = 8 + 2;

/** Columns of one batch. `time`, `deviceTime` and `received` are epoch ms, a device time that was not given is NaN. */
export class Batch {
  readonly sizes: BatchSizes;
  readonly buffer: ArrayBuffer;
  readonly time: Float64Array;
  readonly deviceTime: Float64Array;
  readonly received: Float64Array;
  /** Unit numbers of this store. */
  readonly unit: Uint32Array;
  readonly boot: Uint32Array;
  /** Sequence number the unit gave, or the payload's 53-bit hash (ROW_FLAG.hashed). */
  readonly number: Float64Array;
  /** Where a row's values, texts and payload end; they begin where those of the row before end. */
  readonly valueEnd: Uint32Array;
  readonly textEnd: Uint32Array;
  readonly payloadEnd: Uint32Array;
  /** QUALITY and ROW_FLAG bits. */
  readonly flags: Uint32Array;
  readonly suffix: Uint8Array;
  readonly values: Float64Array;
  readonly parameters: Uint16Array;
  /** Per text: u16 parameter number and u16 length, little endian, and UTF-8. */
  readonly texts: Uint8Array;
  readonly payloads: Uint8Array;
  count = 0;

  constructor(sizes: BatchSizes, buffer?: ArrayBuffer) {
    const { capacity } = sizes;
    this.sizes = sizes;
    const bytes = capacity * BYTES_PER_ROW + sizes.values * BYTES_PER_VALUE + sizes.textBytes + sizes.payloadBytes;
    this.buffer = buffer ?? new ArrayBuffer(bytes);
    if (this.buffer.byteLength !== bytes) throw new RangeError(`batch of ${this.buffer.byteLength} bytes, expected ${bytes}`);
    // Widest elements first: every column is aligned then.
    let at = 0;
    const take = (length: number): number => (at += length) - length;
    const doubles = (length: number): Float64Array => new Float64Array(this.buffer, take(length * 8), length);
    const words = (): Uint32Array => new Uint32Array(this.buffer, take(capacity * 4), capacity);
    const octets = (length: number): Uint8Array => new Uint8Array(this.buffer, take(length), length);
    this.time = doubles(capacity);
    this.deviceTime = doubles(capacity);
    this.received = doubles(capacity);
    this.number = doubles(capacity);
    this.values = doubles(sizes.values);
    this.unit = words();
    this.boot = words();
    this.valueEnd = words();
    this.textEnd = words();
    this.payloadEnd = words();
    this.flags = words();
    this.parameters = new Uint16Array(this.buffer, take(sizes.values * 2), sizes.values);
    this.suffix = octets(capacity);
    this.texts = octets(sizes.textBytes);
    this.payloads = octets(sizes.payloadBytes);
  }

  /** Where the next row's values, texts and payload begin. */
  get valueAt(): number {
    return this.count === 0 ? 0 : (this.valueEnd[this.count - 1] as number);
  }

  get textAt(): number {
    return this.count === 0 ? 0 : (this.textEnd[this.count - 1] as number);
  }

  get payloadAt(): number {
    return this.count === 0 ? 0 : (this.payloadEnd[this.count - 1] as number);
  }

  /** Whether so many more rows fit, with so many values and bytes of texts and payloads in all. */
  fits(rows: number, values: number, textBytes: number, payloadBytes: number): boolean {
    return (
      this.count + rows <= this.sizes.capacity &&
      this.valueAt + values <= this.sizes.values &&
      this.textAt + textBytes <= this.sizes.textBytes &&
      this.payloadAt + payloadBytes <= this.sizes.payloadBytes
    );
  }

  payloadOf(row: number): Uint8Array {
    return this.payloads.subarray(row === 0 ? 0 : this.payloadEnd[row - 1], this.payloadEnd[row]);
  }

  textsOf(row: number): TextValue[] {
    const texts: TextValue[] = [];
    const end = this.textEnd[row] as number;
    let at = row === 0 ? 0 : (this.textEnd[row - 1] as number);
    while (at < end) {
      const parameter = (this.texts[at] as number) | ((this.texts[at + 1] as number) << 8);
      const length = (this.texts[at + 2] as number) | ((this.texts[at + 3] as number) << 8);
      texts.push({ parameter, text: utf8Decoder.decode(this.texts.subarray(at + 4, at + 4 + length)) });
      at += 4 + length;
    }
    return texts;
  }

  /** Writes a row's texts at `at` and returns where they end; there must be room (textBytesOf). */
  writeTexts(texts: readonly TextValue[], at: number): number {
    let end = at;
    for (const { parameter, text } of texts) {
      const { written } = utf8Encoder.encodeInto(text, this.texts.subarray(end + 4));
      this.texts[end] = parameter;
      this.texts[end + 1] = parameter >>> 8;
      this.texts[end + 2] = written;
      this.texts[end + 3] = written >>> 8;
      end += 4 + written;
    }
    return end;
  }
}

/** The most that texts take in a batch. */
export function textBytesOf(texts: readonly TextValue[]): number {
  let bytes = 0;
  for (const { text } of texts) bytes += 4 + text.length * 3;
  return bytes;
}
