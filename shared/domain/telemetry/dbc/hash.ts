import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The name of a DBC file in configurations, vehicle metadata and decoded sets: `sha256:` and 64 lower-case hex digits, of the file's bytes. */
export function dbcHash(bytes: Uint8Array): string {
  return `sha256:${bytesToHex(sha256(bytes))}`;
}
