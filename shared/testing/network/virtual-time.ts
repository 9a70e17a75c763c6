import type { Disposable } from '../../kernel/disposable.ts';
import type { Clock, Scheduler } from '../../kernel/ports.ts';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Runs what promises have waiting. Nothing of a simulation waits for anything else than promises and virtual time. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that only moves from one event to the next; equal programs run equally. */
export class VirtualTime implements Clock, Scheduler {
  readonly #start: number;
  #now = 0;
  #order = 0;
  #events: Event[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  now(): number {
    return this.#start + Math.floor(this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): Disposable {
    const event: Event = { at: this.#now + Math.max(0, delay), order: this.#order++, run, cancelled: false };
    // Few events wait at a time: kept in order, the next one last.
    let place = this.#events.length;
    while (place > 0 && before(this.#events[place - 1] as Event, event)) place--;
    this.#events.splice(place, 0, event);
    return { dispose: () => void (event.cancelled = true) };
  }

  every(period: number, run: () => void): Disposable {
    let current = this.after(period, tick);
    const again = (): Disposable => this.after(period, tick);
    function tick(): void {
      run();
      current = again();
    }
    return { dispose: () => current.dispose() };
  }

  /** Runs events until this much time has passed or `done` says so, ms. */
  async run(duration: number, done: () => boolean = () => false): Promise<void> {
    const end = this.#now + duration;
    await settle();
    for (let event = this.#events.at(-1); event !== undefined && event.at <= end && !done(); event = this.#events.at(-1)) {
      this.#events.pop();
      if (event.cancelled) continue;
      this.#now = event.at;
      event.run();
      await settle();
    }
    if (!done()) this.#now = end;
  }
}

/** Whether `a` runs before `b`: such an event stays nearer to the end of the list. */
function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
