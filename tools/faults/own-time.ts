/** How often it looks, ms; a look that comes later than this after the one before was held up by something else. */
const PERIOD = 20;

/**
 * Time in which this process could work, ms: what a busy machine takes away from it does not count, so that limits hold on any machine. A
 * stretch longer than 20 ms in which the event loop did not turn counts as 20 ms.
 */
export class OwnTime {
  #elapsed = 0;
  #at = performance.now();
  readonly #timer = setInterval(() => this.now(), PERIOD);

  now(): number {
    const now = performance.now();
    this.#elapsed += Math.min(PERIOD, now - this.#at);
    this.#at = now;
    return this.#elapsed;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
