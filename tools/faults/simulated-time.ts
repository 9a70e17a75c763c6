import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';

interface Timer {
  due: number;
  readonly period: number | undefined;
  readonly run: () => void;
}

/** Time that only goes on when it is told to: true time, and a computer's clock that is `error` ms ahead of it. */
export class SimulatedTime {
  /** True time, epoch ms. */
  now: number;
  error = 0;
  readonly #begin: number;
  readonly #timers = new Set<Timer>();

  constructor(begin: number) {
    this.now = begin;
    this.#begin = begin;
  }

  readonly clock: Clock = { now: () => this.now + this.error, monotonic: () => this.now - this.#begin };

  readonly scheduler: Scheduler = {
    after: (delay, run) => this.#add({ due: this.now + delay, period: undefined, run }),
    every: (period, run) => this.#add({ due: this.now + period, period, run }),
  };

  /** Lets so many ms pass, and runs what falls due. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const timer of [...this.#timers]) {
      while (timer.due <= this.now && this.#timers.has(timer)) {
        if (timer.period === undefined) this.#timers.delete(timer);
        else timer.due += timer.period;
        timer.run();
      }
    }
  }

  #add(timer: Timer): Disposable {
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }
}
