import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys, emailKey, identifierKey, phoneKey, searchText } from './normalise.ts';

describe('normal forms', () => {
  test('search ignores case, Latin diacritics and runs of spaces', () => {
    expect(searchText('  Café   BENGALŪRU ')).toBe('cafe bengaluru');
  });

  test('search keeps the vowel signs of Indic scripts', () => {
    expect(searchText('मुंबई')).not.toBe(searchText('मबई'));
  });

  test('an identifier ignores case, spaces and full-width letters, and keeps dashes', () => {
    expect(identifierKey(' ch1-0042 a')).toBe('CH1-0042A');
    expect(identifierKey('ＭＸ０１')).toBe('MX01');
    expect(identifierKey('CH1-2')).not.toBe(identifierKey('CH12'));
  });

  test('the ways to write an Indian mobile number are one number', () => {
    const forms = ['9845012345', '98450 12345', '098450-12345', '+91 98450 12345', '0091 9845012345', '(98450) 12345'];
    expect(new Set(forms.map(phoneKey))).toEqual(new Set(['919845012345']));
    expect(phoneKey('+1 984 501 2345')).toBe('19845012345');
  });

  test('an e-mail address ignores case', () => {
    expect(emailKey(' Asha@Example.COM ')).toBe('asha@example.com');
  });

  test('normalising twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (value) => {
        expect(searchText(searchText(value))).toBe(searchText(value));
        expect(identifierKey(identifierKey(value))).toBe(identifierKey(value));
      }),
      { examples: [['\u02d8\ufc5e']] },
    );
  });

  test('keys are ordered as their UTF-8 bytes are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});
