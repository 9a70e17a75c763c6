import { disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';

/** The browser's clock. */
export const browserClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** The browser's timers. */
export const browserScheduler: Scheduler = {
  after(delay, run) {
    const handle = setTimeout(run, delay);
    return disposable(() => clearTimeout(handle));
  },
  every(period, run) {
    const handle = setInterval(run, period);
    return disposable(() => clearInterval(handle));
  },
};
