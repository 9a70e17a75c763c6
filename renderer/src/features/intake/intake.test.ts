import { expect, test } from 'vitest';
import { gapState, gapText } from './gap-text.ts';
import { hexLines } from './hex-lines.ts';
import { clockText } from './unit-columns.ts';

test('bytes in lines of eight with offset and printable text', () => {
  const hex = [...'{"soc":81.2}\n'].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  expect(hexLines(hex)).toEqual([
    { offset: '0000', bytes: '7b 22 73 6f 63 22 3a 38', ascii: '{"soc":8' },
    { offset: '0008', bytes: '31 2e 32 7d 0a'.padEnd(23), ascii: '1.2}.' },
  ]);
  expect(hexLines('')).toEqual([]);
});

test('a unit clock is right within two seconds, else ahead or behind', () => {
  expect([clockText(1500), clockText(142_000), clockText(-142_000), clockText(undefined)]).toEqual(['right', '2 min 22 s ahead', '2 min 22 s behind', undefined]);
});

test('a gap says which messages are missing and what becomes of them', () => {
  expect(gapText({ boot: 7, from: 5, to: 5, noticedAt: 1 })).toBe('Message 5 of boot 7');
  expect(gapText({ boot: 7, from: 1, to: 1200, noticedAt: 1 })).toBe('1,200 messages, 1 to 1,200 of boot 7');
  expect(gapState({ boot: 7, from: 1, to: 2, noticedAt: 1 })).toBe('asked for again');
  expect(gapState({ boot: 7, from: 1, to: 2, noticedAt: 1, reason: 'not-kept' })).toBe('given up: the unit no longer has them');
});
