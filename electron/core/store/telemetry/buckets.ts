/** Many values of one stretch of time at once. */
export interface Summary {
  readonly count: number;
  readonly first: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly sum: number;
}

/** Buckets that have values, oldest first; they begin at multiples of their length. */
export interface BucketColumns {
  readonly start: Float64Array;
  readonly count: Uint32Array;
  readonly first: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly last: Float64Array;
  readonly sum: Float64Array;
}

const COLUMNS = 7;

/** Sums up values that are given in the order of time. NaN is no value. */
export class Buckets {
  readonly bucket: number;
  /** Per bucket: start, count, first, min, max, sum, last. */
  #rows = new Float64Array(64 * COLUMNS);
  #at = -COLUMNS;
  #end = Number.NEGATIVE_INFINITY;

  constructor(bucket: number) {
    this.bucket = bucket;
  }

  add(time: number, value: number): void {
    if (Number.isNaN(value)) return;
    if (time >= this.#end) this.#open(time, value, value, value);
    const rows = this.#rows;
    const at = this.#at;
    rows[at + 1] = (rows[at + 1] as number) + 1;
    if (value < (rows[at + 3] as number)) rows[at + 3] = value;
    if (value > (rows[at + 4] as number)) rows[at + 4] = value;
    rows[at + 5] = (rows[at + 5] as number) + value;
    rows[at + 6] = value;
  }

  /** Adds the values of a stretch that begins at `time` and lies within one bucket. */
  addSummary(time: number, summary: Summary): void {
    if (summary.count === 0) return;
    if (time >= this.#end) this.#open(time, summary.first, summary.min, summary.max);
    const rows = this.#rows;
    const at = this.#at;
    rows[at + 1] = (rows[at + 1] as number) + summary.count;
    rows[at + 3] = Math.min(rows[at + 3] as number, summary.min);
    rows[at + 4] = Math.max(rows[at + 4] as number, summary.max);
    rows[at + 5] = (rows[at + 5] as number) + summary.sum;
    rows[at + 6] = summary.last;
  }

  result(): BucketColumns {
    const count = this.#at / COLUMNS + 1;
    const column = (which: number): Float64Array => Float64Array.from({ length: count }, (_, i) => this.#rows[i * COLUMNS + which] as number);
    const counts = Uint32Array.from(column(1));
    const sum = column(5);
    return { start: column(0), count: counts, first: column(2), min: column(3), max: column(4), mean: sum.map((total, i) => total / (counts[i] as number)), last: column(6), sum };
  }

  #open(time: number, first: number, min: number, max: number): void {
    const start = Math.floor(time / this.bucket) * this.bucket;
    this.#end = start + this.bucket;
    this.#at += COLUMNS;
    if (this.#at === this.#rows.length) {
      const grown = new Float64Array(this.#rows.length * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows.set([start, 0, first, min, max, 0, first], this.#at);
  }
}
