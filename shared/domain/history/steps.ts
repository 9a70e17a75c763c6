/** Values of one parameter that hold until the next, as columns in time order. */
export interface Steps {
  readonly time: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** Index of the last row at or before a time; -1: none. */
export function lastAt(time: ArrayLike<number>, instant: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] as number) <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Reads a series forwards: `at` has to be asked with times that do not descend. NaN before the first value. */
export class StepReader {
  readonly #steps: Steps;
  #next = 0;

  constructor(steps: Steps | undefined) {
    this.#steps = steps ?? { time: [], value: [] };
  }

  at(instant: number): number {
    const { time, value } = this.#steps;
    while (this.#next < time.length && (time[this.#next] as number) <= instant) this.#next++;
    return this.#next === 0 ? Number.NaN : (value[this.#next - 1] as number);
  }

  /** Age of what `at` said last, ms; Infinity before the first value. */
  age(instant: number): number {
    return this.#next === 0 ? Infinity : instant - (this.#steps.time[this.#next - 1] as number);
  }
}
