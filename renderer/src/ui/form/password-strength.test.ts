import { expect, test } from 'vitest';
import { passwordStrength } from './password-strength.ts';

test('what is short, common or a run is weak', () => {
  expect(passwordStrength('Xy7!')).toBe(0);
  for (const weak of ['password', 'Password1', '12345678', 'aaaaaaaaaaaa', 'abcdefghij', 'qwerty123']) expect(passwordStrength(weak), weak).toBeLessThanOrEqual(1);
});

test('long passphrases are strong without odd characters', () => {
  expect(passwordStrength('correct horse battery staple')).toBe(4);
  expect(passwordStrength('river kettle maple')).toBeGreaterThanOrEqual(3);
});
