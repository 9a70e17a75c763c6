/**
 * Normal forms of text for search, sort and uniqueness. They are computed here and stored in columns of their own, so that
 * SQLite and PostgreSQL (compared byte by byte) find, order and refuse the same rows.
 */

/** Latin diacritics; the vowel signs of Indic scripts are letters to their readers and stay. */
const DIACRITICS = /[\u0300-\u036f]/g;
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g;

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** Repeats a step until it changes nothing: taking marks out can bring letters together that then compose otherwise. */
function settle(value: string, step: (value: string) => string): string {
  for (let before = value, round = 0; ; round++) {
    const next = step(before);
    if (next === before || round === 4) return next;
    before = next;
  }
}

/** Text for search and sort: lower case, without Latin diacritics, spaces collapsed. Idempotent. */
export function searchText(value: string): string {
  // Nothing but printable ASCII with single spaces inside, as nearly all of it is: every form of it is the same.
  if (PLAIN.test(value)) return value.toLowerCase();
  return settle(value, (text) => text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(DIACRITICS, '').replace(INVISIBLE, '').normalize('NFC').replace(/\s+/g, ' ').trim());
}

/** Identity of a VIN, BMS, motor or telematics number: upper case, without spaces. Dashes count. */
export function identifierKey(value: string): string {
  return settle(value, (text) => text.normalize('NFKC').toUpperCase().normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/g, ''));
}

/** Country calling code assumed for national numbers: India. */
const COUNTRY_CODE = '91';
const NATIONAL_LENGTH = 10;

/** Identity of a phone number: digits with country code. `98450 12345`, `098450 12345` and `+91 98450 12345` are one. */
export function phoneKey(value: string): string {
  const international = /^\s*(\+|00)/.test(value);
  const digits = digitsOf(value);
  if (international) return value.trimStart().startsWith('+') ? digits : digits.slice(2);
  const national = digits.startsWith('0') ? digits.slice(1) : digits;
  return national.length === NATIONAL_LENGTH ? COUNTRY_CODE + national : digits;
}

/** Identity of an e-mail address: lower case, without surrounding space. */
export function emailKey(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase();
}

/** The digits of a text, in any script's decimal digits that NFKC maps to ASCII. */
export function digitsOf(value: string): string {
  return value.normalize('NFKC').replace(/[^0-9]/g, '');
}

export type Normalisation = 'exact' | 'identifier' | 'phone' | 'email' | 'text';

/** The normal form by which a unique value is compared. */
export function uniqueKey(normalisation: Normalisation, value: string): string {
  switch (normalisation) {
    case 'exact':
      return value;
    case 'identifier':
      return identifierKey(value);
    case 'phone':
      return phoneKey(value);
    case 'email':
      return emailKey(value);
    case 'text':
      return searchText(value);
  }
}

/** Order of two normal forms as the databases have it: by code point, which is the order of their UTF-8 bytes. */
export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
