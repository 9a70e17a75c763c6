import { describe, expect, test } from 'vitest';
import { codeOf } from '#shared/testing/operations.ts';
import { createPasswordHasher } from './password-hasher.ts';

describe('the password hasher', () => {
  test('makes Argon2id hashes with 64 MiB and three passes, each with its own salt', async () => {
    const hasher = createPasswordHasher();
    const [one, two] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify('correct horse', one)).toBe(true);
    expect(await hasher.verify('correct hose', one)).toBe(false);
  });

  test('says no for an account without a hash, whatever is typed', async () => {
    const hasher = createPasswordHasher({ memory: 64, passes: 1 });
    expect(await hasher.verify('nobody has this password', undefined)).toBe(false);
  });

  test('refuses what is beyond two at work and sixteen waiting, and then goes on', async () => {
    const hasher = createPasswordHasher({ memory: 8_192, passes: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => hasher.hash('x')));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(18);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(await codeOf(Promise.reject(refused?.reason as Error))).toBe('unavailable');
    expect(await hasher.verify('x', await hasher.hash('x'))).toBe(true);
  });
});
