import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Batch } from './batch.ts';

/**
 * Raw payloads of a batch as stored: per message u32 length (little endian), then u8 suffix each, then the payloads. `checked` is added
 * where the data ends with its CRC-32 (u32, little endian); blocks of older stores have none.
 */
export const RAW_CODING = { plain: 0, deflated: 1, checked: 2 } as const;
/** A batch inflates to at most this; more is damage. */
const MAX_INFLATED = 16 * 1024 * 1024;

export interface RawPayload {
  readonly suffix: number;
  readonly payload: Uint8Array;
}

/**
 * The payloads of a batch as one block, without the rows in `skipped`; undefined where none is kept. They are found again by
 * their place among the batch's sequences. Level 1 of deflate: the writer is busy.
 */
export function packRaw(batch: Batch, skipped: ReadonlySet<number>, compress: boolean): { coding: number; size: number; data: Uint8Array } | undefined {
  if (batch.payloadAt === 0 || skipped.size === batch.count) return undefined;
  const count = batch.count - skipped.size;
  const plain = new Uint8Array(count * 5 + batch.payloadAt);
  const view = new DataView(plain.buffer);
  let row = 0;
  let at = count * 5;
  for (let i = 0; i < batch.count; i++) {
    if (skipped.has(i)) continue;
    const payload = batch.payloadOf(i);
    view.setUint32(row * 4, payload.length, true);
    plain[count * 4 + row++] = batch.suffix[i] as number;
    plain.set(payload, at);
    at += payload.length;
  }
  const used = plain.subarray(0, at);
  if (!compress) return { coding: RAW_CODING.plain | RAW_CODING.checked, size: at, data: checked(used) };
  return { coding: RAW_CODING.deflated | RAW_CODING.checked, size: at, data: checked(deflateRawSync(used, { level: 1 })) };
}

function checked(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 4);
  out.set(data);
  new DataView(out.buffer).setUint32(data.length, crc32(data), true);
  return out;
}

/** The data of a block without its checksum. Throws RangeError where that is wrong. */
function verified(coding: number, data: Uint8Array): Uint8Array {
  if ((coding & RAW_CODING.checked) === 0) return data;
  const end = data.length - 4;
  if (end < 0 || new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(end, true) !== crc32(data.subarray(0, end))) throw new RangeError('the checksum of raw payloads is wrong');
  return data.subarray(0, end);
}

/** A stored block, opened: its payloads by their place. Throws where it is damaged. */
export class RawBlock {
  readonly first: number;
  readonly last: number;
  readonly #plain: Uint8Array;
  /** Where each payload begins, and where the last one ends. */
  readonly #offsets: Uint32Array;

  constructor(block: { readonly first: number; readonly last: number; readonly coding: number; readonly data: Uint8Array }) {
    this.first = block.first;
    this.last = block.last;
    const count = block.last - block.first + 1;
    const data = verified(block.coding, block.data);
    this.#plain = (block.coding & RAW_CODING.deflated) === 0 ? data : inflateRawSync(data, { maxOutputLength: MAX_INFLATED });
    if (!(count > 0 && count * 5 <= this.#plain.length)) throw new RangeError('raw payloads do not fit their messages');
    const view = new DataView(this.#plain.buffer, this.#plain.byteOffset, this.#plain.byteLength);
    this.#offsets = new Uint32Array(count + 1);
    let at = count * 5;
    for (let i = 0; i < count; i++) {
      this.#offsets[i] = at;
      at += view.getUint32(i * 4, true);
    }
    this.#offsets[count] = at;
    // The checksum does not cover the block's sequences: with another count the lengths no longer add up to what is there.
    if (at !== this.#plain.length) throw new RangeError('raw payloads do not fit their messages');
  }

  suffix(sequence: number): number {
    return this.#plain[(this.last - this.first + 1) * 4 + sequence - this.first] as number;
  }

  /** A view that is valid as long as the block; empty where the message has none. */
  payload(sequence: number): Uint8Array {
    const i = sequence - this.first;
    return this.#plain.subarray(this.#offsets[i], this.#offsets[i + 1]);
  }
}
