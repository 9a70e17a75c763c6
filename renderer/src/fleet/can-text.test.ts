import { expect, test } from 'vitest';
import { bytesText, idText } from './can-text.ts';

test('ids of 11 and of 29 bits are told apart, and bytes are read one by one', () => {
  expect([idText(0x1a5, false), idText(0x18fef100, true), idText(1, true)]).toEqual(['1A5', '18FEF100x', '00000001x']);
  expect([bytesText(Uint8Array.of(1, 15, 162)), bytesText('010fa2'), bytesText('')]).toEqual(['01 0F A2', '01 0F A2', '']);
});
