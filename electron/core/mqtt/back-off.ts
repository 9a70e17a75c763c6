import type { Clock, Rng } from '#shared/kernel/ports.ts';

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

/** A session that stood for so long was a good one, ms; one that ends before counts as a failed attempt. */
const STEADY = 5_000;

/** Counts the attempts to connect, so that a broker that takes the connection and ends it at once is tried later each time, too. */
export class Attempts {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #rng: Rng;
  readonly #steady: number;
  #count = 0;
  #upSince: number | undefined;

  constructor(clock: Pick<Clock, 'monotonic'>, rng: Rng, steady = STEADY) {
    this.#clock = clock;
    this.#rng = rng;
    this.#steady = steady;
  }

  /** Whether an attempt has failed, or a connection was lost. */
  get failed(): boolean {
    return this.#count > 0;
  }

  /** The broker has taken the session. */
  connected(): void {
    this.#upSince = this.#clock.monotonic();
  }

  /** The connection is gone, or was not made: the delay before the next attempt, ms. */
  next(): number {
    if (this.#upSince !== undefined && this.#clock.monotonic() - this.#upSince >= this.#steady) this.#count = 0;
    this.#upSince = undefined;
    return reconnectDelay(this.#count++, this.#rng);
  }
}
