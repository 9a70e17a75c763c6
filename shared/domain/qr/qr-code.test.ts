import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { qrCode } from './qr-code.ts';

/** Symbols that an independent reader (jsQR) read back, by the SHA-256 of their modules: one block, two, with a version field, the largest. */
test.each([
  ['HELLO', 21, 'b7e69d6fb795bcda'],
  ['MXEV2WSN1SB100025', 25, '43b6cb0dd0e7a4c3'],
  ['x'.repeat(160), 53, '40d64a4d0417f7f0'],
  ['y'.repeat(400), 77, '0fd03c85011e730c'],
])('the symbol of %j is the one that was read back', (text, size, hash) => {
  const code = qrCode(text);
  expect([code.size, bytesToHex(sha256(code.modules)).slice(0, 16)]).toEqual([size, hash]);
});

test('a text that is too long is refused', () => {
  expect(qrCode('z'.repeat(412)).size).toBe(77);
  expect(() => qrCode('z'.repeat(413))).toThrow(RangeError);
});
