/** Share of a city's vehicles that fall silent within NETWORK_WINDOW for it to be the network's fault, and the fewest of them. */
export const NETWORK_SHARE = 0.2;
export const NETWORK_FEWEST = 5;
/** ms */
export const NETWORK_WINDOW = 10 * 60_000;
/** It is over when fewer than this share of those vehicles are still silent. */
const OVER_SHARE = 0.5;

/** A city's vehicles and which of them are silent. */
export class CityNetwork {
  readonly vehicles = new Set<string>();
  /** When each silent vehicle fell silent. */
  readonly #silent = new Map<string, number>();
  /** Vehicles of the present outage. */
  #members = new Set<string>();
  /** When it was noticed, epoch ms; undefined: there is none. */
  since: number | undefined;

  /** A vehicle's communication alert became active at `at`, or ended (undefined). Returns whether an outage began or ended. */
  change(vehicleId: string, at: number | undefined, now: number): boolean {
    if (at === undefined) this.#silent.delete(vehicleId);
    else this.#silent.set(vehicleId, at);
    if (this.since !== undefined) {
      if (at !== undefined) this.#members.add(vehicleId);
      const still = [...this.#members].filter((member) => this.#silent.has(member)).length;
      if (still >= this.#members.size * OVER_SHARE) return false;
      this.since = undefined;
      return true;
    }
    if (at === undefined) return false;
    // Silence is noticed vehicle by vehicle, not in the order in which they fell silent.
    const before = this.#within(at - NETWORK_WINDOW, at);
    const after = this.#within(at, at + NETWORK_WINDOW);
    const recent = before.length >= after.length ? before : after;
    if (recent.length < NETWORK_FEWEST || recent.length < this.vehicles.size * NETWORK_SHARE) return false;
    this.since = now;
    this.#members = new Set(recent);
    return true;
  }

  #within(from: number, to: number): string[] {
    return [...this.#silent].filter(([, since]) => since >= from && since <= to).map(([member]) => member);
  }

  /** Whether the vehicle's silence belongs to the present outage. */
  explains(vehicleId: string): boolean {
    return this.since !== undefined && this.#members.has(vehicleId);
  }

  /** Vehicles of the present outage, or of the last. */
  get members(): readonly string[] {
    return [...this.#members];
  }

  toJSON(): { silent: [string, number][]; members: string[]; since: number | undefined } {
    return { silent: [...this.#silent], members: [...this.#members], since: this.since };
  }

  restore(data: { silent: [string, number][]; members: string[]; since?: number | undefined }): void {
    for (const [vehicle, at] of data.silent) this.#silent.set(vehicle, at);
    this.#members = new Set(data.members);
    this.since = data.since;
  }
}
