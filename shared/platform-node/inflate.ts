import { inflateRawSync } from 'node:zlib';

/** Inflates a raw-deflated body. Throws where it is damaged, or longer than `limit` bytes once inflated. */
export function inflateRaw(body: Uint8Array, limit: number): Uint8Array {
  return inflateRawSync(body, { maxOutputLength: limit });
}
