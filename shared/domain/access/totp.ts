import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';

/** Seconds for which a code stands, and its digits, as every authenticator app assumes them (RFC 6238 § 4.1, RFC 4226 § 5.3). */
const STEP = 30;
const DIGITS = 6;
/** Steps by which the clock of a phone may be off, either way. */
const DRIFT = 1;
/** Bytes of a secret: as long as the hash (RFC 4226 § 4, R6). */
export const SECRET_BYTES = 20;
/** RFC 4648 § 6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base 32 without padding, as authenticator apps take a secret that is typed. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + BASE32[(value << (5 - bits)) & 31];
}

/** The bytes of a base 32 text; case and blanks do not matter. Throws RangeError for other letters. */
export function fromBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let value = 0;
  let bits = 0;
  for (const letter of text.toUpperCase().replace(/[\s=]/g, '')) {
    const digit = BASE32.indexOf(letter);
    if (digit < 0) throw new RangeError('not base 32');
    value = (value << 5) | digit;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}

/** The number of the time step that an instant (epoch ms) is in. */
export function stepAt(now: number): number {
  return Math.floor(now / 1000 / STEP);
}

/** The code of one time step: HOTP of its number with HMAC-SHA-1 (RFC 4226 § 5.3, RFC 6238 § 4.2). */
export function totpCode(secret: Uint8Array, step: number, digits: number = DIGITS): string {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const mac = hmac(sha1, secret, counter);
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = new DataView(mac.buffer, mac.byteOffset + offset, 4).getUint32(0) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The step whose code this is, at most one away from now and later than `lastStep`, so that no code is good twice (RFC 6238 § 5.2); undefined
 * for a wrong, old or used code. Blanks in the code do not matter.
 */
export function matchingStep(secret: Uint8Array, code: string, now: number, lastStep: number): number | undefined {
  const typed = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(typed)) return undefined;
  const current = stepAt(now);
  for (let step = current - DRIFT; step <= current + DRIFT; step++) if (step > lastStep && totpCode(secret, step) === typed) return step;
  return undefined;
}

/** What a QR code tells an authenticator app (Key URI Format of Google Authenticator). */
export function otpauthUri(secret: Uint8Array, about: { readonly issuer: string; readonly account: string }): string {
  const issuer = encodeURIComponent(about.issuer);
  return `otpauth://totp/${issuer}:${encodeURIComponent(about.account)}?secret=${toBase32(secret)}&issuer=${issuer}&algorithm=SHA1&digits=${DIGITS}&period=${STEP}`;
}
