import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Batch } from './batch.ts';

/** Raw payloads of a batch as stored: per message u32 length (little endian), then u8 suffix each, then the payloads. */
export const RAW_CODING = { plain: 0, deflated: 1 } as const;
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
  if (!compress) return { coding: RAW_CODING.plain, size: at, data: used };
  return { coding: RAW_CODING.deflated, size: at, data: deflateRawSync(used, { level: 1 }) };
}

/** The payload of the `index`-th of `count` messages; throws where the block is damaged. */
export function unpackRaw(coding: number, data: Uint8Array, count: number, index: number): RawPayload {
  const plain = coding === RAW_CODING.deflated ? inflateRawSync(data, { maxOutputLength: MAX_INFLATED }) : data;
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  let from = count * 5;
  for (let i = 0; i < index; i++) from += view.getUint32(i * 4, true);
  return { suffix: view.getUint8(count * 4 + index), payload: new Uint8Array(plain.subarray(from, from + view.getUint32(index * 4, true))) };
}
