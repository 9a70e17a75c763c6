import { LIVE_LAG_LIMIT } from './place.ts';

/** Units whose newest difference is remembered. */
const UNIT_LIMIT = 256;
/** Fewer units are no evidence against the computer's own clock. */
const UNITS_NEEDED = 5;
/** Units agree where their differences lie this close to the median, ms. */
const AGREEMENT = 60_000;
/** Share of the units that must agree. */
const MAJORITY = 0.7;

/**
 * Tells whether the clock of this computer is wrong, by the clocks of the units it hears: they are set by satellites and
 * networks, and many of them do not err by the same amount. Feed it with the computer's clock as it is; times of reception are
 * then that clock plus `offset`.
 */
export class HostClock {
  /** Newest difference by unit, ms; the oldest entry first. */
  #differences = new Map<string, number>();

  /** Notes a live message: what the unit's clock said, and this computer's clock at its reception, epoch ms. */
  observe(unit: string, deviceTime: number, computerTime: number): void {
    const difference = deviceTime - computerTime;
    if (!Number.isFinite(difference)) return;
    this.#differences.delete(unit);
    this.#differences.set(unit, difference);
    if (this.#differences.size <= UNIT_LIMIT) return;
    for (const oldest of this.#differences.keys()) {
      this.#differences.delete(oldest);
      return;
    }
  }

  /** Whether enough units have been heard for `offset` to mean something when it is 0. */
  get judges(): boolean {
    return this.#differences.size >= UNITS_NEEDED;
  }

  /** Milliseconds to add to the computer's clock; 0 unless most units agree that it is off by more than two minutes. */
  get offset(): number {
    if (!this.judges) return 0;
    const sorted = [...this.#differences.values()].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1] as number;
    if (Math.abs(median) <= LIVE_LAG_LIMIT) return 0;
    const agreeing = sorted.filter((difference) => Math.abs(difference - median) <= AGREEMENT).length;
    return agreeing >= MAJORITY * sorted.length ? median : 0;
  }
}
