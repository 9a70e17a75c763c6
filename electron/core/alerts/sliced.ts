import type { Clock, Scheduler } from '#shared/kernel/ports.ts';

/** Milliseconds of this thread that work takes before it lets others go first. */
const LENGTH = 8;

/** Gives every item to `take`, and lets others go first every few milliseconds: live data and other people do not wait for a long range. */
export async function inSlices<T>(items: Iterable<T>, take: (item: T) => void, { clock, scheduler }: { readonly clock: Pick<Clock, 'monotonic'>; readonly scheduler: Pick<Scheduler, 'after'> }): Promise<void> {
  let begun = clock.monotonic();
  for (const item of items) {
    take(item);
    if (clock.monotonic() - begun < LENGTH) continue;
    await new Promise<void>((resolve) => void scheduler.after(0, resolve));
    begun = clock.monotonic();
  }
}
