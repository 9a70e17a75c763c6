import { disposable } from '../kernel/disposable.ts';
import type { Scheduler } from '../kernel/ports.ts';

/** Node's longest timer, ms; a longer delay would fire at once. */
const MAX_DELAY = 2_147_483_647;

/** Timers of the event loop. They do not keep the process alive by themselves; what is open (servers, workers, ports) does. */
export const systemScheduler: Scheduler = {
  after(delay, run) {
    let timer: NodeJS.Timeout;
    function arm(left: number): void {
      timer = setTimeout(() => (left > MAX_DELAY ? arm(left - MAX_DELAY) : run()), Math.min(left, MAX_DELAY));
      timer.unref();
    }
    arm(Math.max(0, delay));
    return disposable(() => clearTimeout(timer));
  },
  every(period, run) {
    const timer = setInterval(run, Math.min(Math.max(1, period), MAX_DELAY));
    timer.unref();
    return disposable(() => clearInterval(timer));
  },
};
