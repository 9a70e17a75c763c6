import { expect, test } from 'vitest';
import { killBroker } from './faults/broker.ts';

test('F2: a broker that is killed is found again, and what it lost is filled from the units', async () => {
  const seed = Math.floor(Math.random() * 1e6);
  // The seed repeats a failure.
  console.info(`seed ${seed}`);
  expect(await killBroker.run({ scale: 0.15, seed, say: () => undefined })).toMatch(/^[1-9]\d* kills/);
});
