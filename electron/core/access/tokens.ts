import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Rng } from '#shared/kernel/ports.ts';

/** Letters and digits that are not mistaken for each other when read out (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 10;

/** A session's secret: 128 random bits, hex. */
export function newToken(rng: Rng): string {
  return bytesToHex(rng.bytes(16));
}

/** What is stored of a token. It has 128 random bits, so a plain hash is enough. */
export function tokenHash(token: string): string {
  return bytesToHex(sha256(utf8ToBytes(`session:${token}`)));
}

/** A one-time code of 50 random bits, as it is shown: `7KQ2M-XD4TA`. */
export function newCode(rng: Rng): string {
  const letters = [...rng.bytes(CODE_LENGTH)].map((byte) => ALPHABET[byte & 31]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** What is stored of a code; case, dashes, spaces and the letters O, I, L typed for 0 and 1 do not matter. */
export function codeHash(userId: string, code: string): string {
  const plain = code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return bytesToHex(sha256(utf8ToBytes(`code:${userId}:${plain}`)));
}
