import { firstAt, type Readings } from './series.ts';

/** What is left to draw of a series in a range. NaN in `values` breaks the line. */
export interface Decimated {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Smallest and largest reading behind each row; absent when every reading is a row. */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
}

/**
 * The readings between two times, at most `buckets` rows and their breaks: all of them where they are few, else one mean
 * per bucket of time with the smallest and largest behind it, so that no spike is lost. A row of NaN stands where
 * readings are further apart than `gap` ms or have no value. The reading before and after the range are kept, so that a
 * line leaves the picture instead of ending in it.
 */
export function decimate(readings: Readings, from: number, to: number, buckets: number, gap: number): Decimated {
  const { times, count = times.length } = readings;
  const first = Math.max(0, firstAt(readings, from) - 1);
  const last = Math.min(count, firstAt(readings, to) + 1);
  return last - first <= buckets * 2 ? everyReading(readings, first, last, gap) : banded(readings, first, last, { from, width: (to - from) / buckets, gap, capacity: 2 * buckets + 8 });
}

function everyReading({ times, values, low, high }: Readings, first: number, last: number, gap: number): Decimated {
  const rows = new Rows(2 * (last - first));
  let before = Number.NaN;
  for (let i = first; i < last; i++) {
    const value = values[i]!;
    if (!Number.isNaN(before) && times[i]! - before > gap) rows.break(before);
    if (Number.isNaN(value)) rows.break(times[i]!);
    else rows.add(times[i]!, value, low?.[i] ?? value, high?.[i] ?? value);
    before = times[i]!;
  }
  const done = rows.done();
  return low === undefined && high === undefined ? { times: done.times, values: done.values } : done;
}

function banded({ times, values, low: lows = values, high: highs = values }: Readings, first: number, last: number, plan: { from: number; width: number; gap: number; capacity: number }): Required<Decimated> {
  const { from, width, gap } = plan;
  const rows = new Rows(plan.capacity);
  let bucket = Number.NaN;
  let sum = 0;
  let number = 0;
  let low = Infinity;
  let high = -Infinity;
  let before = Number.NaN;
  const middle = (): number => from + (bucket + 0.5) * width;
  const flush = (): void => {
    // A bucket that holds values and holes shows the values; one of holes alone breaks the line.
    if (number > 0) rows.add(middle(), sum / number, low, high);
    else if (!Number.isNaN(bucket)) rows.break(middle());
    [sum, number, low, high] = [0, 0, Infinity, -Infinity];
  };
  for (let i = first; i < last; i++) {
    const time = times[i]!;
    const value = values[i]!;
    const at = Math.floor((time - from) / width);
    if (at !== bucket) {
      flush();
      if (!Number.isNaN(before) && time - before > gap) rows.break(middle());
      bucket = at;
    }
    before = time;
    if (Number.isNaN(value)) continue;
    sum += value;
    number++;
    if (lows[i]! < low) low = lows[i]!;
    if (highs[i]! > high) high = highs[i]!;
  }
  flush();
  return rows.done();
}

/** Growing columns of output; breaks never stand first, last or twice in a row. */
class Rows {
  #times: Float64Array;
  #values: Float64Array;
  #low: Float64Array;
  #high: Float64Array;
  #count = 0;
  #broken: number | undefined;

  constructor(capacity: number) {
    [this.#times, this.#values, this.#low, this.#high] = [new Float64Array(capacity), new Float64Array(capacity), new Float64Array(capacity), new Float64Array(capacity)];
  }

  add(time: number, value: number, low = value, high = value): void {
    if (this.#broken !== undefined && this.#count > 0) this.#put(this.#broken, Number.NaN, Number.NaN, Number.NaN);
    this.#broken = undefined;
    this.#put(time, value, low, high);
  }

  break(time: number): void {
    this.#broken ??= time;
  }

  done(): Required<Decimated> {
    return { times: this.#times.slice(0, this.#count), values: this.#values.slice(0, this.#count), low: this.#low.slice(0, this.#count), high: this.#high.slice(0, this.#count) };
  }

  #put(time: number, value: number, low: number, high: number): void {
    this.#times[this.#count] = time;
    this.#values[this.#count] = value;
    this.#low[this.#count] = low;
    this.#high[this.#count] = high;
    this.#count++;
  }
}
