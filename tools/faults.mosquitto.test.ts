import { expect, test } from 'vitest';
import { killBroker } from './faults/broker.ts';

/** One sequence of kills; `npm run faults broker` takes another each time. */
const SEED = 4711;
const LIMIT = 240_000;

test('F2: a broker that is killed is found again, and what it lost is filled from the units', { timeout: LIMIT }, async () => {
  expect(await killBroker.run({ scale: 0.15, seed: SEED, say: () => undefined })).toMatch(/^[1-9]\d* kills/);
});
