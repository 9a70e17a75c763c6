import { Buckets, type Summary } from './buckets.ts';
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
  readonly #maxPoints: number;
  readonly #buckets: Buckets;
  #total = 0;
  #time: Float64Array;
  #value: Float64Array;
  #folded = false;

  constructor(from: number, to: number, maxPoints: number) {
    this.bucket = bucketLength(from, to, maxPoints);
    this.#maxPoints = maxPoints;
    this.#buckets = new Buckets(this.bucket);
    this.#time = new Float64Array(Math.min(maxPoints, 1024));
    this.#value = new Float64Array(this.#time.length);
  }

  add(time: number, value: number): void {
    if (Number.isNaN(value)) return;
    if (!this.#folded) {
      if (this.#total < this.#maxPoints) {
        if (this.#total === this.#time.length) this.#grow();
        this.#time[this.#total] = time;
        this.#value[this.#total++] = value;
        return;
      }
      this.fold();
    }
    this.#total++;
    this.#buckets.add(time, value);
  }

  /** Adds many values that begin at `time` and lie within one bucket. */
  addSummary(time: number, summary: Summary): void {
    this.fold();
    this.#total += summary.count;
    this.#buckets.addSummary(time, summary);
  }

  /** Puts what was gathered into buckets, and everything that follows. */
  fold(): void {
    if (this.#folded) return;
    this.#folded = true;
    for (let i = 0; i < this.#total; i++) this.#buckets.add(this.#time[i] as number, this.#value[i] as number);
  }

  result(unit: number, parameter: number): Trend {
    const total = this.#total;
    if (this.#folded) {
      const { start, count, first, min, max, last, mean } = this.#buckets.result();
      return { unit, parameter, bucket: this.bucket, total, time: start, count, first, min, max, last, mean };
    }
    const value = this.#value.slice(0, total);
    return { unit, parameter, bucket: 0, total, time: this.#time.slice(0, total), count: new Uint32Array(total).fill(1), first: value, min: value.slice(), max: value.slice(), last: value.slice(), mean: value.slice() };
  }

  #grow(): void {
    const time = new Float64Array(Math.min(this.#maxPoints, this.#time.length * 2));
    const value = new Float64Array(time.length);
    time.set(this.#time);
    value.set(this.#value);
    this.#time = time;
    this.#value = value;
  }
}
