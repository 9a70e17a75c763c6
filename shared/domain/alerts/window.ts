import { orderKey, precedes } from '../telemetry/state/order.ts';

/** Where a row stands: its place among the rows, or what became of it. */
export const PLACE = { tooOld: -1 } as const;

/** Columns of the position per row, for atoms of kind moved. */
export const GEO = { lat: 0, lon: 1, anchorLat: 2, anchorLon: 3, far: 4, farBefore: 5 } as const;
const GEO_WIDTH = 6;

/**
 * The newest rows of a vehicle, by event time: which atoms each sets and resets, and which hold from it on. Row 0 is what was known
 * before the first row kept; rows that make room go into it. A row is 8 bytes and three bits per atom.
 */
export class RowWindow {
  readonly words: number;
  readonly capacity: number;
  /** Order keys (../telemetry/state/order.ts); row 0: of the newest row that made room, −Infinity before any did. */
  key: Float64Array;
  set: Uint32Array;
  reset: Uint32Array;
  truth: Uint32Array;
  /** 1: the row was late at its reception. */
  late: Uint8Array;
  geo: Float32Array | undefined;
  /** Rows kept; they are 1 … count. */
  count = 0;

  constructor(words: number, capacity: number) {
    this.words = words;
    this.capacity = capacity;
    const rows = Math.min(16, capacity) + 1;
    this.key = new Float64Array(rows);
    this.key[0] = Number.NEGATIVE_INFINITY;
    this.set = new Uint32Array(rows * words);
    this.reset = new Uint32Array(rows * words);
    this.truth = new Uint32Array(rows * words);
    this.late = new Uint8Array(rows);
  }

  get full(): boolean {
    return this.count >= this.capacity;
  }

  get newestKey(): number {
    return this.key[this.count] as number;
  }

  /** Event time of row `i`, epoch ms. */
  timeOf(i: number): number {
    return Math.floor(this.key[i] as number);
  }

  /** Bytes held. */
  get bytes(): number {
    return this.key.byteLength + this.set.byteLength * 3 + this.late.byteLength + (this.geo?.byteLength ?? 0);
  }

  /**
   * Place of a row with this key, made where there is none; PLACE.tooOld where it stands before the rows kept. A new row sets and
   * resets nothing, and its truth is that of the row before.
   */
  place(eventTime: number, seq: number, late: boolean): number {
    return this.placeKey(orderKey(eventTime, seq), late);
  }

  /** As `place`, by order key. */
  placeKey(key: number, late: boolean): number {
    let i = this.count;
    while (i > 0 && precedes(key, this.key[i] as number)) i--;
    if (this.key[i] === key && i > 0) {
      if (!late) this.late[i] = 0;
      return i;
    }
    if (i === 0 && !precedes(this.key[0] as number, key)) return PLACE.tooOld;
    this.reserve(this.count + 1);
    const { words } = this;
    const at = i + 1;
    const end = this.count + 1;
    if (at < end) {
      this.key.copyWithin(at + 1, at, end);
      this.late.copyWithin(at + 1, at, end);
      this.set.copyWithin((at + 1) * words, at * words, end * words);
      this.reset.copyWithin((at + 1) * words, at * words, end * words);
      this.truth.copyWithin((at + 1) * words, at * words, end * words);
      this.geo?.copyWithin((at + 1) * GEO_WIDTH, at * GEO_WIDTH, end * GEO_WIDTH);
    }
    this.key[at] = key;
    this.late[at] = late ? 1 : 0;
    for (let w = 0; w < words; w++) {
      this.set[at * words + w] = 0;
      this.reset[at * words + w] = 0;
      this.truth[at * words + w] = this.truth[i * words + w] as number;
    }
    if (this.geo) this.#emptyGeo(at);
    this.count++;
    return at;
  }

  /** The row of a sample taken at this key, or −1. */
  find(key: number): number {
    let low = 1;
    let high = this.count;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = this.key[middle] as number;
      if (at === key) return middle;
      if (precedes(at, key)) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Notes what a sample of row `i` says of an atom. Of two at the same instant the one that sets counts. */
  mark(i: number, atom: number, sets: boolean): void {
    const at = i * this.words + (atom >> 5);
    const bit = 1 << (atom & 31);
    if (sets) this.set[at] = (this.set[at] as number) | bit;
    else this.reset[at] = (this.reset[at] as number) | bit;
  }

  /** Row `i` says nothing of the atom after all. */
  unmark(i: number, atom: number): void {
    const at = i * this.words + (atom >> 5);
    const keep = ~(1 << (atom & 31));
    this.set[at] = (this.set[at] as number) & keep;
    this.reset[at] = (this.reset[at] as number) & keep;
  }

  holds(i: number, atom: number): boolean {
    return (((this.truth[i * this.words + (atom >> 5)] as number) >>> (atom & 31)) & 1) === 1;
  }

  /**
   * Derives what holds from row `from` on, where rows up to `through` have new marks; adds the atoms for which that changed to the
   * bits of `dirty`. Returns whether any did.
   */
  derive(from: number, through: number, dirty: Uint32Array): boolean {
    const { words, set, reset, truth } = this;
    let any = false;
    for (let i = Math.max(1, from); i <= this.count; i++) {
      let same = true;
      for (let w = 0; w < words; w++) {
        const at = i * words + w;
        const now = ((truth[at - words] as number) & ~(reset[at] as number)) | (set[at] as number);
        const difference = (now ^ (truth[at] as number)) >>> 0;
        if (difference === 0) continue;
        truth[at] = now;
        dirty[w] = (dirty[w] as number) | difference;
        same = false;
      }
      if (same && i > through) break;
      if (!same) any = true;
    }
    return any;
  }

  /** Makes the oldest `rows` rows part of row 0. */
  drop(rows: number): void {
    const { words } = this;
    const end = this.count + 1;
    this.key.copyWithin(0, rows, end);
    this.late.copyWithin(0, rows, end);
    this.set.copyWithin(0, rows * words, end * words);
    this.reset.copyWithin(0, rows * words, end * words);
    this.truth.copyWithin(0, rows * words, end * words);
    this.geo?.copyWithin(0, rows * GEO_WIDTH, end * GEO_WIDTH);
    this.count -= rows;
  }

  /** A column of the position of row `i`. */
  geoOf(i: number, column: number): number {
    return this.geo?.[i * GEO_WIDTH + column] ?? Number.NaN;
  }

  setGeo(i: number, column: number, value: number): void {
    if (!this.geo) {
      this.geo = new Float32Array(this.key.length * GEO_WIDTH).fill(Number.NaN);
    }
    this.geo[i * GEO_WIDTH + column] = value;
  }

  #emptyGeo(i: number): void {
    this.geo?.fill(Number.NaN, i * GEO_WIDTH, (i + 1) * GEO_WIDTH);
  }

  /** Room for `count` rows. */
  reserve(count: number): void {
    while (count >= this.key.length) this.#grow();
  }

  #grow(): void {
    const rows = Math.min(this.capacity + 1, this.key.length * 2);
    this.key = grown(this.key, new Float64Array(rows));
    this.late = grown(this.late, new Uint8Array(rows));
    this.set = grown(this.set, new Uint32Array(rows * this.words));
    this.reset = grown(this.reset, new Uint32Array(rows * this.words));
    this.truth = grown(this.truth, new Uint32Array(rows * this.words));
    if (this.geo) this.geo = grown(this.geo, new Float32Array(rows * GEO_WIDTH).fill(Number.NaN));
  }
}

function grown<T extends Float64Array | Float32Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from as never);
  return to;
}
