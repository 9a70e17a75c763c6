import { precedes } from './order.ts';

/** Vehicles whose values share one array. */
const CHUNK_ROWS = 64;
/** Parameters a layout makes room for at a time. */
const STRIDE_STEP = 8;

/**
 * The last value of every parameter for the vehicles of one model: a row per vehicle that has reported any, a place per
 * parameter that any of them has reported, 16 bytes each (value, order key). A value gives way to one with a greater (order
 * key, value), so the order of calls does not matter.
 */
export class ModelValues {
  readonly model: string;
  /** Parameter number by place. */
  readonly parameters: number[] = [];
  /** Place + 1 by parameter number; 0: none yet. */
  #placeOf = new Uint16Array(512);
  #stride = STRIDE_STEP;
  #rows = 0;
  /** Of CHUNK_ROWS rows each: value, order key, value, order key, … ; NaN: never reported. */
  #chunks: Float64Array<ArrayBuffer>[] = [];
  #free: number[] = [];

  constructor(model: string) {
    this.model = model;
  }

  get rows(): number {
    return this.#rows;
  }

  get stride(): number {
    return this.#stride;
  }

  /** A row without values. */
  addRow(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const row = this.#rows++;
    if (row % CHUNK_ROWS === 0) this.#chunks.push(new Float64Array(CHUNK_ROWS * this.#stride * 2).fill(Number.NaN));
    return row;
  }

  /** Gives a row back; its values are forgotten. */
  releaseRow(row: number): void {
    const start = (row % CHUNK_ROWS) * this.#stride * 2;
    this.#chunkOf(row).fill(Number.NaN, start, start + this.#stride * 2);
    this.#free.push(row);
  }

  /** Takes a value unless a newer one is there; true where the place changed. */
  put(row: number, parameter: number, value: number, key: number): boolean {
    let place = (this.#placeOf[parameter] ?? 0) - 1;
    if (place < 0) place = this.#addPlace(parameter);
    const data = this.#chunkOf(row);
    const at = ((row % CHUNK_ROWS) * this.#stride + place) * 2;
    const before = data[at + 1] as number;
    if (precedes(key, before) || (before === key && (data[at] as number) >= value)) return false;
    data[at] = value;
    data[at + 1] = key;
    return true;
  }

  /** Takes the values from `from` up to `to`, all at one place in time; true where any changed. As `put` for each of them. */
  putAll(row: number, parameters: Uint16Array, values: Float64Array, from: number, to: number, key: number): boolean {
    let data = this.#chunkOf(row);
    let start = (row % CHUNK_ROWS) * this.#stride * 2;
    let changed = false;
    for (let i = from; i < to; i++) {
      const parameter = parameters[i] as number;
      const value = values[i] as number;
      let place = (this.#placeOf[parameter] ?? 0) - 1;
      if (place < 0) {
        place = this.#addPlace(parameter);
        // A wider row lies elsewhere.
        data = this.#chunkOf(row);
        start = (row % CHUNK_ROWS) * this.#stride * 2;
      }
      const at = start + place * 2;
      const before = data[at + 1] as number;
      // Nearly always a later millisecond.
      if (!(key - before >= 1) && (precedes(key, before) || (before === key && (data[at] as number) >= value))) continue;
      data[at] = value;
      data[at + 1] = key;
      changed = true;
    }
    return changed;
  }

  /** NaN where it was never reported. */
  value(row: number, parameter: number): number {
    const place = (this.#placeOf[parameter] ?? 0) - 1;
    return place < 0 ? Number.NaN : (this.#chunkOf(row)[((row % CHUNK_ROWS) * this.#stride + place) * 2] as number);
  }

  /** Order key of the value; NaN where it was never reported. */
  key(row: number, parameter: number): number {
    const place = (this.#placeOf[parameter] ?? 0) - 1;
    return place < 0 ? Number.NaN : (this.#chunkOf(row)[((row % CHUNK_ROWS) * this.#stride + place) * 2 + 1] as number);
  }

  /** Calls `visit` for every reported parameter of the row. */
  forEach(row: number, visit: (parameter: number, value: number, key: number) => void): void {
    const data = this.#chunkOf(row);
    const start = (row % CHUNK_ROWS) * this.#stride * 2;
    for (let place = 0; place < this.parameters.length; place++) {
      const key = data[start + place * 2 + 1] as number;
      if (key === key) visit(this.parameters[place] as number, data[start + place * 2] as number, key);
    }
  }

  /** Drops the row's values whose order key is greater than `key`; true where there were any. */
  dropAfter(row: number, key: number): boolean {
    const data = this.#chunkOf(row);
    const start = (row % CHUNK_ROWS) * this.#stride * 2;
    let dropped = false;
    for (let at = start; at < start + this.#stride * 2; at += 2) {
      if (!((data[at + 1] as number) > key)) continue;
      data[at] = Number.NaN;
      data[at + 1] = Number.NaN;
      dropped = true;
    }
    return dropped;
  }

  /** The row as stored: `stride` pairs of value and order key. A view; not to be kept. */
  pairs(row: number): Float64Array<ArrayBuffer> {
    const start = (row % CHUNK_ROWS) * this.#stride * 2;
    return this.#chunkOf(row).subarray(start, start + this.#stride * 2);
  }

  get bytes(): number {
    return this.#placeOf.byteLength + this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  }

  #chunkOf(row: number): Float64Array<ArrayBuffer> {
    return this.#chunks[(row - (row % CHUNK_ROWS)) / CHUNK_ROWS] as Float64Array<ArrayBuffer>;
  }

  #addPlace(parameter: number): number {
    if (parameter >= this.#placeOf.length) {
      const larger = new Uint16Array(Math.min(65_536, Math.max(parameter + 1, this.#placeOf.length * 2)));
      larger.set(this.#placeOf);
      this.#placeOf = larger;
    }
    const place = this.parameters.length;
    this.parameters.push(parameter);
    this.#placeOf[parameter] = place + 1;
    if (place >= this.#stride) this.#widen();
    return place;
  }

  #widen(): void {
    const before = this.#stride * 2;
    this.#stride += STRIDE_STEP;
    const after = this.#stride * 2;
    this.#chunks = this.#chunks.map((chunk) => {
      const wider = new Float64Array(CHUNK_ROWS * after).fill(Number.NaN);
      for (let row = 0; row < CHUNK_ROWS; row++) wider.set(chunk.subarray(row * before, (row + 1) * before), row * after);
      return wider;
    });
  }
}
