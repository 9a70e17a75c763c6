/** Points that a sparkline shows at most. */
const POINTS = 600;

/** The last readings of a signal; the oldest half goes when it is full. */
export interface SeriesBuffer {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
  push(time: number, value: number): void;
}

export function createSeries(): SeriesBuffer {
  const times = new Float64Array(POINTS);
  const values = new Float64Array(POINTS);
  let count = 0;
  return {
    times,
    values,
    get count() {
      return count;
    },
    push(time, value) {
      if (count === POINTS) {
        times.copyWithin(0, POINTS / 2);
        values.copyWithin(0, POINTS / 2);
        count = POINTS / 2;
      }
      times[count] = time;
      values[count++] = value;
    },
  };
}
