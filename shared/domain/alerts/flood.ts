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

/** Counts alerts as they call for attention, by the console's clock. Muted and shelved ones are not its concern. */
export class FloodMeter {
  readonly #positions: number;
  #times: number[] = [];
  #since: number | undefined;

  /** `positions`: operators among whom alerts are shared. */
  constructor(positions = 1) {
    this.#positions = Math.max(1, positions);
  }

  /** An alert rose at `at`, epoch ms. */
  add(at: number): void {
    this.#times.push(at);
    this.state(at);
  }

  /** The state at `now`, epoch ms. */
  state(now: number): FloodState {
    this.#times = this.#times.filter((time) => time > now - FLOOD_WINDOW);
    const inTenMinutes = this.#times.length;
    const each = inTenMinutes / this.#positions;
    if (this.#since === undefined && each > FLOOD_BEGIN) this.#since = now;
    else if (this.#since !== undefined && each < FLOOD_END) this.#since = undefined;
    return this.#since === undefined ? { active: false, inTenMinutes } : { active: true, since: this.#since, inTenMinutes };
  }
}
