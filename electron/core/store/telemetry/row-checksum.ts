import { crc32 } from '#shared/domain/telemetry/codec/checksum.ts';

/** The columns of a row that its checksum covers: all but the sequence, which is the key it is found by. */
export interface CheckedRow {
  readonly unit: number;
  readonly time: number;
  readonly device_offset: number | null;
  readonly received_offset: number;
  readonly boot: number;
  readonly number: number;
  readonly flags: number;
  readonly back: number;
}

/** 2³²/φ, odd: multiplying by it is a bijection on 32 bits, so that no change of a single column cancels out. */
const MIX = 0x9e3779b1;
const WORD = 0x1_0000_0000;

/**
 * Checksum of a stored row, signed 32 bits: over its record, seeded with its columns. SQLite itself does not notice a flipped byte
 * inside a row; the reader does, with this.
 */
export function rowChecksum(row: CheckedRow, record: Uint8Array): number {
  let seed = Math.imul(row.unit, MIX) ^ Math.floor(row.time / WORD);
  seed = Math.imul(seed, MIX) ^ row.time % WORD;
  seed = Math.imul(seed, MIX) ^ (row.device_offset ?? 0x7fff_ffff);
  seed = Math.imul(seed, MIX) ^ row.received_offset;
  seed = Math.imul(seed, MIX) ^ row.boot;
  seed = Math.imul(seed, MIX) ^ Math.floor(row.number / WORD);
  seed = Math.imul(seed, MIX) ^ row.number % WORD;
  seed = Math.imul(seed, MIX) ^ row.flags;
  seed = Math.imul(seed, MIX) ^ row.back;
  return crc32(record, 0, record.length, seed >>> 0) | 0;
}

/** The checksum that stores of the first version of the schema wrote: fewer columns seed it. */
export function earlyRowChecksum(row: CheckedRow, record: Uint8Array): number {
  let seed = Math.imul(row.unit, MIX) ^ Math.floor(row.time / WORD);
  seed = Math.imul(seed, MIX) ^ row.time % WORD;
  seed = Math.imul(seed, MIX) ^ row.boot;
  seed = Math.imul(seed, MIX) ^ Math.floor(row.number / WORD);
  seed = Math.imul(seed, MIX) ^ row.number % WORD;
  return crc32(record, 0, record.length, seed >>> 0) | 0;
}
