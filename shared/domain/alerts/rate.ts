import { precedes } from '../telemetry/state/order.ts';

/** Parts of the window that have a point each. */
const PARTS = 8;
/** Points kept: the window and three more, for what comes late. */
export const RATE_POINTS = PARTS * 4;
/** A slope needs this many points over at least this share of the window. */
const POINTS_NEEDED = 4;
const SHARE_NEEDED = 0.7;
const NO_POINTS = new Float64Array(0);

/**
 * Slopes of one parameter of one vehicle. Event time is cut into eighths of the window; the first sample of each is a point, and the
 * slope at a point is the least-squares line through the points of the window that ends there. Which samples are points does not
 * depend on the order of arrival.
 */
export class RateSeries {
  readonly #window: number;
  readonly #part: number;
  key = NO_POINTS;
  value = NO_POINTS;
  count = 0;

  /** A series with these points. */
  static restored(window: number, key: Float64Array, value: Float64Array): RateSeries {
    const series = new RateSeries(window);
    if (key.length > 0) series.#make();
    series.count = Math.min(key.length, RATE_POINTS);
    series.key.set(key.subarray(0, series.count));
    series.value.set(value.subarray(0, series.count));
    return series;
  }

  /** A series with the points before `time`, epoch ms. */
  before(time: number): RateSeries {
    const kept = this.firstFrom(time);
    return RateSeries.restored(this.#window, this.key.subarray(0, kept), this.value.subarray(0, kept));
  }

  /** Index of the first point at `time` or later; `count`: there is none. */
  firstFrom(time: number): number {
    let i = 0;
    while (i < this.count && (this.key[i] as number) < time) i++;
    return i;
  }

  constructor(window: number) {
    this.#window = window;
    this.#part = Math.max(1000, window / PARTS);
  }

  /**
   * Takes a sample. Calls `changed` for every point whose slope (per minute, NaN: too few points) may have changed, and with
   * slope undefined for a sample that is no point any more. Returns false where the points before it are no longer kept.
   */
  add(key: number, value: number, changed: (key: number, slope: number | undefined) => void): boolean {
    let i = this.count;
    while (i > 0 && precedes(key, this.key[i - 1] as number)) i--;
    const part = this.#partOf(key);
    if (i > 0 && this.#partOf(this.key[i - 1] as number) === part) {
      if (this.key[i - 1] !== key) return true;
      // Two samples at one instant: the greater, whichever came first.
      if ((this.value[i - 1] as number) < value) this.#tell(i - 1, changed, value);
      else changed(key, this.#slopeAt(i - 1));
      return true;
    }
    if (i < this.count && this.#partOf(this.key[i] as number) === part) changed(this.key[i] as number, undefined);
    else if (i <= PARTS && this.count === RATE_POINTS) return false;
    else i = this.#room(i);
    this.key[i] = key;
    this.value[i] = value;
    this.#tell(i, changed);
    return true;
  }

  get newestKey(): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : (this.key[this.count - 1] as number);
  }

  /** Where the newest point's part of the window ends, epoch ms. */
  get newestEnd(): number {
    return this.count === 0 ? 0 : (this.#partOf(this.newestKey) + 1) * this.#part;
  }

  #make(): void {
    this.key = new Float64Array(RATE_POINTS);
    this.value = new Float64Array(RATE_POINTS);
  }

  #partOf(key: number): number {
    return Math.floor(Math.floor(key) / this.#part);
  }

  #room(at: number): number {
    let i = at;
    if (this.key.length === 0) this.#make();
    if (this.count === RATE_POINTS) {
      this.key.copyWithin(0, 1, this.count);
      this.value.copyWithin(0, 1, this.count);
      this.count--;
      i--;
    }
    this.key.copyWithin(i + 1, i, this.count);
    this.value.copyWithin(i + 1, i, this.count);
    this.count++;
    return i;
  }

  #tell(from: number, changed: (key: number, slope: number | undefined) => void, value = this.value[from] as number): void {
    this.value[from] = value;
    const until = (this.key[from] as number) + this.#window + this.#part;
    for (let i = from; i < this.count && (this.key[i] as number) <= until; i++) changed(this.key[i] as number, this.#slopeAt(i));
  }

  /** Per minute; NaN: too few points. */
  #slopeAt(end: number): number {
    const to = this.key[end] as number;
    let first = end;
    while (first > 0 && (this.key[first - 1] as number) >= to - this.#window) first--;
    const n = end - first + 1;
    if (n < POINTS_NEEDED || to - (this.key[first] as number) < SHARE_NEEDED * this.#window) return Number.NaN;
    let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0];
    for (let i = first; i <= end; i++) {
      const x = ((this.key[i] as number) - to) / 60_000;
      const y = this.value[i] as number;
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumXY += x * y;
    }
    return (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
  }
}
