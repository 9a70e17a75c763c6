import { crc32 } from '#shared/domain/telemetry/codec/checksum.ts';

/**
 * Checksum of a stored message, signed 32 bits: over its record, seeded with the columns that place it. SQLite itself does not
 * notice a flipped byte inside a row; the reader does, with this.
 */
export function rowChecksum(unit: number, time: number, boot: number, number: number, bytes: Uint8Array, from: number, to: number): number {
  // 2³²/φ, odd: multiplying by it is a bijection on 32 bits, so that no change of a single column cancels out.
  let seed = Math.imul(unit, 0x9e3779b1) ^ Math.floor(time / 0x1_0000_0000);
  seed = Math.imul(seed, 0x9e3779b1) ^ time % 0x1_0000_0000;
  seed = Math.imul(seed, 0x9e3779b1) ^ boot;
  seed = Math.imul(seed, 0x9e3779b1) ^ Math.floor(number / 0x1_0000_0000);
  seed = Math.imul(seed, 0x9e3779b1) ^ number % 0x1_0000_0000;
  return crc32(bytes, from, to, seed >>> 0) | 0;
}
