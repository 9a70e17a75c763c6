/** Commands a second over all units, and how many may go out at once after a pause: after a broker's failure every unit has gaps. */
const RATE = 20;
const BURST = 40;

/** A token bucket. Times are ms of a clock that never goes back. */
export class Pacer {
  #tokens = BURST;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  advance(now: number): void {
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) * RATE) / 1000);
    this.#at = now;
  }

  has(): boolean {
    return this.#tokens >= 1;
  }

  take(): void {
    this.#tokens--;
  }
}
