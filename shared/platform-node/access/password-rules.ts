import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/kernel/error.ts';

const SHORTEST = 8;

export type CommonPasswords = ReadonlySet<string>;

/** Reads resources/passwords/common-passwords.txt. */
export function readCommonPasswords(resourcesFolder: string): CommonPasswords {
  const text = readFileSync(join(resourcesFolder, 'passwords', 'common-passwords.txt'), 'utf8');
  return new Set(text.split('\n').filter((line) => line !== ''));
}

/**
 * Refuses a new password that is short, common, or the user's own address or name; nothing is asked of its composition (NIST SP
 * 800-63B). `field` is the input it was typed into. Throws AppError invalid-input with `details.issues`.
 */
export function checkNewPassword(password: string, about: { readonly field: string; readonly email: string; readonly name: string; readonly common: CommonPasswords }): void {
  const refuse = (message: string): never => {
    throw new AppError('invalid-input', message, { issues: [{ path: about.field, message }] });
  };
  const plain = password.toLowerCase();
  if ([...password].length < SHORTEST) refuse(`Use at least ${SHORTEST} characters; 15 or more is better.`);
  if (about.common.has(plain) || new Set(plain).size === 1) refuse('Many people use this password, so it is guessed first. Choose another.');
  const own = [about.email, about.email.split('@')[0] ?? '', about.name].map((value) => value.toLowerCase().replaceAll(' ', ''));
  if (own.includes(plain.replaceAll(' ', ''))) refuse('Choose a password that is not your name or address.');
}
