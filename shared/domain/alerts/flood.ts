import { LATE_AFTER } from './types.ts';

/** Above this many alerts in FLOOD_WINDOW per operator position it is a flood; below FLOOD_END it is over (ISA-18.2, 16.5.6). */
export const FLOOD_BEGIN = 10;
export const FLOOD_END = 5;
/** ms */
export const FLOOD_WINDOW = 10 * 60_000;

export interface FloodState {
  readonly active: boolean;
  /** When it began, epoch ms. */
  readonly since?: number;
  /** Alerts of the last ten minutes. */
  readonly inTenMinutes: number;
}

/**
 * Whether an alert that was raised at `raisedAt` and became known at `knownAt` counts for a flood: what has stood for longer was found,
 * as in a first start or after a night without a network, and did not rise now.
 */
export function roseNow(raisedAt: number, knownAt: number): boolean {
  return knownAt - raisedAt <= LATE_AFTER;
}

/** Counts alerts as they call for attention, by the console's clock. Muted and shelved ones are not its concern. */
export class FloodMeter {
  readonly #positions: number;
  /** Ascending. */
  readonly #times: number[] = [];
  #since: number | undefined;

  /** `positions`: operators among whom alerts are shared. */
  constructor(positions = 1) {
    this.#positions = Math.max(1, positions);
  }

  /** An alert called at `at`, epoch ms, not before the one before it. */
  add(at: number): void {
    this.#times.push(at);
    this.#settle(at);
  }

  /** The state at `now`, epoch ms. */
  state(now: number): FloodState {
    this.#settle(now);
    const inTenMinutes = this.#times.length;
    return this.#since === undefined ? { active: false, inTenMinutes } : { active: true, since: this.#since, inTenMinutes };
  }

  #settle(now: number): void {
    while ((this.#times[0] ?? Number.POSITIVE_INFINITY) <= now - FLOOD_WINDOW) this.#times.shift();
    const each = this.#times.length / this.#positions;
    if (this.#since === undefined && each > FLOOD_BEGIN) this.#since = now;
    else if (this.#since !== undefined && each < FLOOD_END) this.#since = undefined;
  }
}
