/** Messages remembered per unit that numbers nothing. */
export const RECENT_LIMIT = 256;

/**
 * A hash of `bytes` as an integer of 53 bits, by two multiplicative streams; equal on every node. Not for security: it only
 * tells repeated payloads of one unit apart.
 */
export function payloadHash(bytes: Uint8Array): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    a = Math.imul(a ^ byte, 0x9e3779b1);
    b = Math.imul(b ^ byte, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b & 0x1fffff) * 4_294_967_296 + (a >>> 0);
}

/** The last messages of a unit without numbers, by (device time, payload hash). */
export class RecentMessages {
  readonly #times = new Float64Array(RECENT_LIMIT).fill(Number.NaN);
  readonly #hashes = new Float64Array(RECENT_LIMIT);
  #next = 0;

  /** Notes the message and says whether it was among the last RECENT_LIMIT. One without a time is always new. */
  add(deviceTime: number, hash: number): 'new' | 'duplicate' {
    for (let i = 0; i < RECENT_LIMIT; i++) {
      if (this.#times[i] === deviceTime && this.#hashes[i] === hash) return 'duplicate';
    }
    if (Number.isNaN(deviceTime)) return 'new';
    this.#times[this.#next] = deviceTime;
    this.#hashes[this.#next] = hash;
    this.#next = (this.#next + 1) % RECENT_LIMIT;
    return 'new';
  }
}
