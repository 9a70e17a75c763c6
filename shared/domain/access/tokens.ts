import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Rng } from '../../kernel/ports.ts';

/** Letters and digits that are not mistaken for each other when read out (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 26 letters carry the 128 random bits of a one-time code. */
const CODE_BITS = 128;
const RECOVERY_BITS = 50;

/** A session's secret: 128 random bits, hex. */
export function newToken(rng: Rng): string {
  return bytesToHex(rng.bytes(16));
}

/** What is stored of a token. It has 128 random bits, so a plain hash is enough. */
export function tokenHash(token: string): string {
  return bytesToHex(sha256(utf8ToBytes(`session:${token}`)));
}

/** Random bits in Crockford's base 32, in groups as people read them. */
function readable(rng: Rng, bits: number, group: number): string {
  let value = 0n;
  for (const byte of rng.bytes(Math.ceil(bits / 8))) value = (value << 8n) | BigInt(byte);
  let letters = '';
  for (let index = 0; index < Math.ceil(bits / 5); index++) {
    letters = ALPHABET[Number(value & 31n)] + letters;
    value >>= 5n;
  }
  return letters.match(new RegExp(`.{1,${group}}`, 'g'))?.join('-') ?? '';
}

/** A one-time code of 128 random bits, as it is shown: `3F7KQ2M-XD4TA9B-…`. */
export function newCode(rng: Rng): string {
  return readable(rng, CODE_BITS, 7);
}

/** A recovery code of 50 random bits, as it is shown: `7KQ2M-XD4TA`; guessing is slowed down by the growing delays. */
export function newRecoveryCode(rng: Rng): string {
  return readable(rng, RECOVERY_BITS, 5);
}

const plain = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');

/** What is stored of a code; case, dashes, spaces and the letters O, I, L typed for 0 and 1 do not matter. */
export function codeHash(userId: string, code: string): string {
  return bytesToHex(sha256(utf8ToBytes(`code:${userId}:${plain(code)}`)));
}

/** What is stored of a recovery code. */
export function recoveryHash(userId: string, code: string): string {
  return bytesToHex(sha256(utf8ToBytes(`recovery:${userId}:${plain(code)}`)));
}
