import type { Trend } from './reads.ts';
import { HOUR } from './segments.ts';

const MINUTE = 60_000;

/** Length of the buckets that cut a range into at most `maxPoints`, ms: whole minutes from one minute on, whole hours from one hour on. */
export function bucketLength(from: number, to: number, maxPoints: number): number {
  const length = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, maxPoints - 1)));
  const unit = length > HOUR ? HOUR : length > MINUTE ? MINUTE : 1;
  return Math.ceil(length / unit) * unit;
}

/**
 * Gathers the values of one series, given in the order of time: each by itself as long as there are at most `maxPoints`, from then on
 * in buckets.
 */
export class TrendBuckets {
  readonly bucket: number;
  #total = 0;
  readonly #maxPoints: number;
  readonly #begin: number;
  #time: Float64Array;
  #value: Float64Array | undefined;
  readonly #buckets: number;
  #count = new Uint32Array(0);
  #first = new Float64Array(0);
  #min = new Float64Array(0);
  #max = new Float64Array(0);
  #last = new Float64Array(0);
  #sum = new Float64Array(0);

  constructor(from: number, to: number, maxPoints: number) {
    this.bucket = bucketLength(from, to, maxPoints);
    this.#maxPoints = maxPoints;
    this.#begin = Math.floor(from / this.bucket) * this.bucket;
    this.#buckets = Math.floor((to - this.#begin) / this.bucket) + 1;
    this.#time = new Float64Array(Math.min(maxPoints, 1024));
    this.#value = new Float64Array(this.#time.length);
  }

  /** Whether values are put into buckets by now. */
  get bucketed(): boolean {
    return this.#value === undefined;
  }

  add(time: number, value: number): void {
    if (Number.isNaN(value)) return;
    if (this.#value) {
      if (this.#total < this.#maxPoints) {
        if (this.#total === this.#time.length) this.#growPoints();
        this.#time[this.#total] = time;
        this.#value[this.#total++] = value;
        return;
      }
      this.fold();
    }
    this.#total++;
    this.#put(time, value);
  }

  /** Adds many values that lie within one bucket at once. */
  addSummary(time: number, summary: { readonly count: number; readonly first: number; readonly min: number; readonly max: number; readonly last: number; readonly sum: number }): void {
    if (summary.count === 0) return;
    if (this.#value) this.fold();
    const at = Math.floor((time - this.#begin) / this.bucket);
    this.#total += summary.count;
    if (this.#count[at] === 0) {
      this.#first[at] = summary.first;
      this.#min[at] = summary.min;
      this.#max[at] = summary.max;
    } else {
      this.#min[at] = Math.min(this.#min[at] as number, summary.min);
      this.#max[at] = Math.max(this.#max[at] as number, summary.max);
    }
    this.#count[at] = (this.#count[at] as number) + summary.count;
    this.#last[at] = summary.last;
    this.#sum[at] = (this.#sum[at] as number) + summary.sum;
  }

  /** Puts what was gathered into buckets, and everything that follows. */
  fold(): void {
    const values = this.#value;
    if (!values) return;
    this.#value = undefined;
    this.#count = new Uint32Array(this.#buckets);
    this.#first = new Float64Array(this.#buckets);
    this.#min = new Float64Array(this.#buckets);
    this.#max = new Float64Array(this.#buckets);
    this.#last = new Float64Array(this.#buckets);
    this.#sum = new Float64Array(this.#buckets);
    for (let i = 0; i < this.#total; i++) this.#put(this.#time[i] as number, values[i] as number);
  }

  result(unit: number, parameter: number): Trend {
    const total = this.#total;
    if (this.#value) {
      const value = this.#value.slice(0, total);
      return { unit, parameter, bucket: 0, total, time: this.#time.slice(0, total), count: new Uint32Array(total).fill(1), first: value, min: value.slice(), max: value.slice(), last: value.slice(), mean: value.slice() };
    }
    const used = Array.from(this.#count.keys()).filter((at) => (this.#count[at] as number) > 0);
    const pick = (from: Float64Array): Float64Array => Float64Array.from(used, (at) => from[at] as number);
    return {
      unit,
      parameter,
      bucket: this.bucket,
      total,
      time: Float64Array.from(used, (at) => this.#begin + at * this.bucket),
      count: Uint32Array.from(used, (at) => this.#count[at] as number),
      first: pick(this.#first),
      min: pick(this.#min),
      max: pick(this.#max),
      last: pick(this.#last),
      mean: Float64Array.from(used, (at) => (this.#sum[at] as number) / (this.#count[at] as number)),
    };
  }

  #put(time: number, value: number): void {
    const at = Math.floor((time - this.#begin) / this.bucket);
    const count = this.#count[at] as number;
    if (count === 0) {
      this.#first[at] = value;
      this.#min[at] = value;
      this.#max[at] = value;
    } else if (value < (this.#min[at] as number)) this.#min[at] = value;
    else if (value > (this.#max[at] as number)) this.#max[at] = value;
    this.#count[at] = count + 1;
    this.#last[at] = value;
    this.#sum[at] = (this.#sum[at] as number) + value;
  }

  #growPoints(): void {
    const time = new Float64Array(Math.min(this.#maxPoints, this.#time.length * 2));
    const value = new Float64Array(time.length);
    time.set(this.#time);
    if (this.#value) value.set(this.#value);
    this.#time = time;
    this.#value = value;
  }
}
