/** Counts checks; keeps the first few failures as text. */
export class Tally {
  readonly #keep: number;
  checked = 0;
  failed = 0;
  readonly examples: string[] = [];

  constructor(keep = 5) {
    this.#keep = keep;
  }

  check(holds: boolean, describe: () => string): void {
    this.checked++;
    if (holds) return;
    this.failed++;
    if (this.examples.length < this.#keep) this.examples.push(describe());
  }
}
