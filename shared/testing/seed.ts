import { randomInt } from 'node:crypto';

/**
 * The seed of everything random in tests: the same in every run, so that a run fails for what was changed. `FC_SEED=random` takes
 * others and says them, `FC_SEED=17` this one.
 */
export const SEED: number = seedOf(process.env['FC_SEED']);

function seedOf(given: string | undefined): number {
  if (given === undefined) return 4711;
  if (given === 'random') {
    const drawn = randomInt(1e9);
    process.stdout.write(`FC_SEED=${drawn}\n`);
    return drawn;
  }
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`FC_SEED is a whole number or "random", not ${given}`);
  return seed;
}
