import { randomFillSync } from 'node:crypto';
import type { Rng } from '../kernel/ports.ts';

/** Randomness of the operating system, fit for secrets. */
export const systemRng: Rng = {
  bytes: (count) => randomFillSync(new Uint8Array(count)),
  next: () => Math.random(),
};
