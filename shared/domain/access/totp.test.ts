import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase32, matchingStep, otpauthUri, SECRET_BYTES, stepAt, toBase32, totpCode } from './totp.ts';

const SECRET = new TextEncoder().encode('12345678901234567890');

describe('time-based one-time passwords', () => {
  // RFC 6238, appendix B, the rows of SHA-1.
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s are those of the standard', (seconds, code) => {
    expect(totpCode(SECRET, stepAt(seconds * 1000), 8)).toBe(code);
  });

  // RFC 4226, appendix D.
  test('count as the standard counts', () => {
    expect([0, 1, 2, 3, 9].map((step) => totpCode(SECRET, step))).toEqual(['755224', '287082', '359152', '969429', '520489']);
  });

  test('may be one step early or late, no more, and are good once', () => {
    const now = 1_234_567_890_000;
    const step = stepAt(now);
    const tried = [-2, -1, 0, 1, 2].map((away) => matchingStep(SECRET, totpCode(SECRET, step + away), now, 0));
    expect(tried).toEqual([undefined, step - 1, step, step + 1, undefined]);
    expect(matchingStep(SECRET, totpCode(SECRET, step), now, step)).toBeUndefined();
    expect(matchingStep(SECRET, totpCode(SECRET, step - 1), now, step)).toBeUndefined();
    expect(matchingStep(SECRET, totpCode(SECRET, step + 1), now, step)).toBe(step + 1);
  });

  test('are taken with the blank that apps show, and nothing else is', () => {
    const now = 59_000;
    const code = totpCode(SECRET, 1);
    expect(matchingStep(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, now, 0)).toBe(1);
    for (const wrong of ['', '0', 'abcdef', `${code}0`, code.slice(1)]) expect(matchingStep(SECRET, wrong, now, 0)).toBeUndefined();
  });
});

describe('base 32', () => {
  // RFC 4648, section 10, without padding.
  test.each([['', ''], ['f', 'MY'], ['fo', 'MZXQ'], ['foo', 'MZXW6'], ['foob', 'MZXW6YQ'], ['fooba', 'MZXW6YTB'], ['foobar', 'MZXW6YTBOI']])('writes %j as %j', (plain, text) => {
    expect(toBase32(new TextEncoder().encode(plain))).toBe(text);
  });

  test('reads what it writes, in any case and grouping', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect([...fromBase32(toBase32(bytes).toLowerCase().replace(/(.{4})/g, '$1 '))]).toEqual([...bytes]);
    }));
    expect(() => fromBase32('0189')).toThrow(RangeError);
  });
});

test('the address in the QR code names issuer and account, also with odd letters', () => {
  const uri = new URL(otpauthUri(SECRET.slice(0, SECRET_BYTES), { issuer: 'Command & Center', account: 'asha+1@example.com' }));
  expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual(['otpauth:', 'totp', '/Command & Center:asha+1@example.com']);
  expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', issuer: 'Command & Center', algorithm: 'SHA1', digits: '6', period: '30' });
});
