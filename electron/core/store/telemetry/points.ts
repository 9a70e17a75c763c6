import type { TimedValues } from './unit-history.ts';
import type { RangeQuery, RangeResult, Series } from './history-store.ts';

/** Grows with what is read and is sorted once at the end: the points of one series in the order in which rows were met. */
export class Points {
  time = new Float64Array(8);
  value = new Float64Array(8);
  sequence = new Float64Array(8);
  count = 0;

  push(time: number, value: number, sequence: number): void {
    if (this.count === this.time.length) this.#grow();
    this.time[this.count] = time;
    this.value[this.count] = value;
    this.sequence[this.count++] = sequence;
  }

  /** Indices in the order of time, then sequence. */
  order(): Uint32Array {
    const index = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) index[i] = i;
    const { time, sequence } = this;
    let sorted = true;
    for (let i = 1; i < this.count && sorted; i++) sorted = (time[i] as number) > (time[i - 1] as number) || (time[i] === time[i - 1] && (sequence[i] as number) > (sequence[i - 1] as number));
    if (sorted) return index;
    return index.sort((a, b) => (time[a] as number) - (time[b] as number) || (sequence[a] as number) - (sequence[b] as number));
  }

  #grow(): void {
    for (const name of ['time', 'value', 'sequence'] as const) {
      const grown = new Float64Array(this.count * 2);
      grown.set(this[name]);
      this[name] = grown;
    }
  }
}

/** Where one query's values are collected: one Points per unit and parameter asked for. */
export class Collector {
  readonly points: Points[] = [];
  readonly #columns = new Map<number, number>();
  readonly #units: readonly number[];
  readonly #rows = new Map<number, number>();
  /** Per series: hours of values, the newest first. */
  readonly #hours: TimedValues[][] = [];
  damaged = 0;

  constructor(units: readonly number[], parameters: readonly number[]) {
    this.#units = units;
    units.forEach((unit, row) => this.#rows.set(unit, row));
    parameters.forEach((parameter, column) => this.#columns.set(parameter, column));
    for (let i = 0; i < units.length * parameters.length; i++) {
      this.points.push(new Points());
      this.#hours.push([]);
    }
    this.parameters = parameters;
  }

  readonly parameters: readonly number[];

  has(unit: number): boolean {
    return this.#rows.has(unit);
  }

  add(unit: number, parameter: number, time: number, value: number, sequence: number): void {
    const row = this.#rows.get(unit);
    const column = this.#columns.get(parameter);
    if (row === undefined || column === undefined) return;
    this.points[row * this.parameters.length + column]?.push(time, value, sequence);
  }

  /** Adds the values of an hour, which lie all before those that were added by the hour so far. */
  addHour(unit: number, column: number, values: TimedValues): void {
    const row = this.#rows.get(unit);
    if (row !== undefined && values.time.length > 0) this.#hours[row * this.parameters.length + column]?.push(values);
  }

  /** Whether every series of a unit has `maxPoints` by the hour: older hours cannot matter any more. */
  full(unit: number, maxPoints: number): boolean {
    const from = (this.#rows.get(unit) ?? 0) * this.parameters.length;
    for (let column = 0; column < this.parameters.length; column++) {
      let count = 0;
      for (const { time } of this.#hours[from + column] ?? []) count += time.length;
      if (count < maxPoints) return false;
    }
    return true;
  }

  range(query: RangeQuery, cut: boolean): RangeResult {
    let truncated = cut;
    const series = this.points.map((points, index): Series => {
      const sealed = joined(this.#hours[index] ?? []);
      if (points.count === 0) {
        if (sealed.time.length <= query.maxPoints) return { ...this.#names(index), ...sealed };
        truncated = true;
        return { ...this.#names(index), time: sealed.time.slice(-query.maxPoints), value: sealed.value.slice(-query.maxPoints) };
      }
      // What is not sealed stands behind what is, at equal times.
      for (let i = 0; i < sealed.time.length; i++) points.push(sealed.time[i] as number, sealed.value[i] as number, i - sealed.time.length);
      const order = points.order();
      if (order.length > query.maxPoints) truncated = true;
      const kept = order.subarray(Math.max(0, order.length - query.maxPoints));
      return { ...this.#names(index), time: Float64Array.from(kept, (at) => points.time[at] as number), value: Float64Array.from(kept, (at) => points.value[at] as number) };
    });
    return { series, truncated, damaged: this.damaged };
  }

  #names(index: number): { unit: number; parameter: number } {
    const width = this.parameters.length;
    return { unit: this.#units[Math.floor(index / width)] as number, parameter: this.parameters[index % width] as number };
  }
}

/** One after the other, the last first. */
function joined(hours: readonly TimedValues[]): TimedValues {
  const length = hours.reduce((sum, { time }) => sum + time.length, 0);
  const time = new Float64Array(length);
  const value = new Float64Array(length);
  let at = length;
  for (const hour of hours) {
    at -= hour.time.length;
    time.set(hour.time, at);
    value.set(hour.value, at);
  }
  return { time, value };
}
