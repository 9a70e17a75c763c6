/**
 * What the core hands to the writer: the columns of up to `capacity` messages, their records and their raw payloads, in one
 * ArrayBuffer that is transferred there and back. Filled on the core's thread, read on the writer's.
 */
export interface BatchSizes {
  /** Messages. */
  readonly capacity: number;
  /** Bytes for records. */
  readonly recordBytes: number;
  /** Bytes for raw payloads. */
  readonly payloadBytes: number;
}

/** Sizes of the batches of the pipeline: 1,000-row transactions are where commits stop mattering (docs/benchmarks.md). */
export const BATCH_SIZES: BatchSizes = { capacity: 1024, recordBytes: 256 * 1024, payloadBytes: 512 * 1024 };

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
} as const;

const BYTES_PER_ROW = 8 * 4 + 4 * 5 + 4;

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
  /** Where a record and a payload end; they begin where the one before ends. */
  readonly recordEnd: Uint32Array;
  readonly payloadEnd: Uint32Array;
  /** QUALITY and ROW_FLAG bits. */
  readonly flags: Uint32Array;
  readonly suffix: Uint8Array;
  readonly records: Uint8Array;
  readonly payloads: Uint8Array;
  count = 0;

  constructor(sizes: BatchSizes, buffer?: ArrayBuffer) {
    const { capacity } = sizes;
    this.sizes = sizes;
    const bytes = capacity * BYTES_PER_ROW + sizes.recordBytes + sizes.payloadBytes;
    this.buffer = buffer ?? new ArrayBuffer(bytes);
    if (this.buffer.byteLength !== bytes) throw new RangeError(`batch of ${this.buffer.byteLength} bytes, expected ${bytes}`);
    let at = 0;
    const doubles = (): Float64Array => new Float64Array(this.buffer, (at += capacity * 8) - capacity * 8, capacity);
    const words = (): Uint32Array => new Uint32Array(this.buffer, (at += capacity * 4) - capacity * 4, capacity);
    const octets = (length: number): Uint8Array => new Uint8Array(this.buffer, (at += length) - length, length);
    this.time = doubles();
    this.deviceTime = doubles();
    this.received = doubles();
    this.number = doubles();
    this.unit = words();
    this.boot = words();
    this.recordEnd = words();
    this.payloadEnd = words();
    this.flags = words();
    this.suffix = octets(capacity);
    octets(capacity * 3);
    this.records = octets(sizes.recordBytes);
    this.payloads = octets(sizes.payloadBytes);
  }

  /** Where the next record and the next payload begin. */
  get recordAt(): number {
    return this.count === 0 ? 0 : (this.recordEnd[this.count - 1] as number);
  }

  get payloadAt(): number {
    return this.count === 0 ? 0 : (this.payloadEnd[this.count - 1] as number);
  }

  /** Whether so many more rows with records and payloads of these sizes in all fit. */
  fits(rows: number, recordBytes: number, payloadBytes: number): boolean {
    return this.count + rows <= this.sizes.capacity && this.recordAt + recordBytes <= this.sizes.recordBytes && this.payloadAt + payloadBytes <= this.sizes.payloadBytes;
  }

  recordOf(row: number): Uint8Array {
    return this.records.subarray(row === 0 ? 0 : this.recordEnd[row - 1], this.recordEnd[row]);
  }

  payloadOf(row: number): Uint8Array {
    return this.payloads.subarray(row === 0 ? 0 : this.payloadEnd[row - 1], this.payloadEnd[row]);
  }
}
