/** Seconds a rate is taken over. */
const WINDOW = 5;

/** Rates per second of growing counters, from one look a second. */
export class Rates {
  #samples: { readonly at: number; readonly values: ReadonlyMap<string, number> }[] = [];

  /** Takes the counters' values; `at` in ms of a clock that never goes back. */
  sample(at: number, values: ReadonlyMap<string, number>): void {
    this.#samples.push({ at, values: new Map(values) });
    if (this.#samples.length > WINDOW + 1) this.#samples.shift();
  }

  perSecond(key: string): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    return (((last.values.get(key) ?? 0) - (first.values.get(key) ?? 0)) * 1000) / (last.at - first.at);
  }
}
