import type { Rng } from '#shared/kernel/ports.ts';

/** First delay, ms, and the longest: short at first, so that a broker that restarts is found at once. */
const FIRST = 250;
const LONGEST_EARLY = 4_000;
const LONGEST = 15_000;
/** After so many attempts (about two minutes) the longest delay applies. */
const EARLY_ATTEMPTS = 40;

/**
 * The delay before connection attempt number `attempt` (from 0), ms: doubling, drawn from its upper half, so that a thousand consoles do
 * not come back in the same second.
 */
export function reconnectDelay(attempt: number, rng: Rng): number {
  const longest = attempt < EARLY_ATTEMPTS ? LONGEST_EARLY : LONGEST;
  const delay = Math.min(longest, FIRST * 2 ** Math.min(attempt, 20));
  return Math.round(delay * (0.5 + rng.next() / 2));
}
