import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

/** Worlds in every run; `npm run sim -- --seeds N --from S` runs any number. */
const SEEDS = 200;

test(`${SEEDS} worlds of consoles and a server come right again`, async () => {
  const bad: string[] = [];
  let rejected = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await simulate({ seed });
    rejected += result.rejected;
    if (result.problems.length > 0) bad.push(`npm run sim -- --seeds 1 --from ${seed}\n  ${result.problems.slice(0, 5).join('\n  ')}`);
  }
  expect(bad.slice(0, 5)).toEqual([]);
  // The worlds are worth something: people got into each other's way.
  expect(rejected).toBeGreaterThan(SEEDS);
}, 300_000);

test('one seed gives one trace', async () => {
  expect((await simulate({ seed: 7 })).trace).toBe((await simulate({ seed: 7 })).trace);
});

test.each(['skip-duplicate-check', 'cursor-first'] as const)('a planted bug is caught: %s', async (bug) => {
  for (let seed = 1; seed <= 100; seed++) {
    const { problems } = await simulate({ seed, bug });
    if (problems.length > 0) return;
  }
  expect.fail('no world noticed it');
});
