import { expect, test } from 'vitest';
import { Attempts } from './back-off.ts';

const rng = { next: () => 1, bytes: (count: number) => new Uint8Array(count) };

test('a broker that takes the session and ends it at once is tried later each time', () => {
  let now = 0;
  const attempts = new Attempts({ monotonic: () => now }, rng);
  const delays = Array.from({ length: 6 }, () => {
    attempts.connected();
    now += 100;
    return attempts.next();
  });
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000]);
});

test('a session that stood for some seconds is tried again at once, and only the first time', () => {
  let now = 0;
  const attempts = new Attempts({ monotonic: () => now }, rng);
  for (let i = 0; i < 5; i++) attempts.next();
  attempts.connected();
  now = 5000;
  expect([attempts.next(), attempts.next(), attempts.next()]).toEqual([250, 500, 1000]);
});
