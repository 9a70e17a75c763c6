import type { Clock } from '../kernel/ports.ts';

/** Milliseconds of the thread that work takes before it lets others go first. */
const TURN = 8;

/**
 * For long work on the core's loop: to be awaited between two pieces of it, it goes on at once, or, after a few milliseconds, when others have
 * had their turn. Live data and other people do not wait for a long range.
 */
export function takeTurns(clock: Pick<Clock, 'monotonic'>, length = TURN): () => Promise<void> {
  let begun = clock.monotonic();
  return async () => {
    if (clock.monotonic() - begun < length) return;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    begun = clock.monotonic();
  };
}
