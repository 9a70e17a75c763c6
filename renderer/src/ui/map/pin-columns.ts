import { mercatorX, mercatorY } from './mercator.ts';

/** What a pin layer draws: one row per vehicle, as columns. Arrays may be longer than `count` and are never kept. */
export interface PinColumns {
  readonly count: number;
  /** Degrees; NaN = no position, not drawn. */
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  /** Index into the style table; beyond it is not drawn. */
  readonly status: Uint8Array;
  /** Degrees clockwise from north; NaN = none. */
  readonly heading: Float32Array;
  /** 0 = not drawn and not picked; absent = all are. */
  readonly visible?: Uint8Array;
}

/** Bytes per pin on the GPU: x, y as high and low floats, heading, status and flags. */
export const PIN_BYTES = 24;
const FLOATS = PIN_BYTES / 4;
const LOOK_OFFSET = 20;

/** Rows changed by an update: [from, to) to upload; `grown` when the buffer was replaced by a larger one. */
export interface PinChange {
  readonly from: number;
  readonly to: number;
  readonly grown: boolean;
}

/**
 * Keeps the GPU's copy of the columns and the projected positions. Positions are split in two floats each, because one
 * 32-bit Mercator coordinate is off by 1 m; rows that did not change cost one comparison.
 */
export class PinBuffer {
  count = 0;
  /** Projected positions, for picking; only rows with `shown` are meaningful. */
  x = new Float64Array();
  y = new Float64Array();
  shown = new Uint8Array();
  bytes = new Uint8Array();
  /** Counts updates, so that an index over the positions knows when it is out of date. */
  version = 0;
  #floats = new Float32Array();
  #lat = new Float64Array();
  #lon = new Float64Array();

  /** Takes over the columns' current values. Allocates only when there are more rows than ever before. */
  update(columns: PinColumns, styles: number): PinChange {
    const { count, lat, lon, status, heading, visible } = columns;
    const grown = count > this.x.length;
    if (grown) this.#grow(Math.max(count, this.x.length * 2, 1024));
    let from = count;
    let to = 0;
    const floats = this.#floats;
    const bytes = this.bytes;
    for (let i = 0; i < count; i++) {
      const y = lat[i]!;
      const x = lon[i]!;
      const look = status[i]!;
      const angle = heading[i]!;
      const known = angle === angle;
      const at = i * FLOATS;
      const byte = i * PIN_BYTES + LOOK_OFFSET;
      const shown = y === y && x === x && look < styles && (visible === undefined || visible[i] !== 0) ? 1 : 0;
      const moved = this.#lat[i] !== y || this.#lon[i] !== x;
      const flags = shown | (known ? 2 : 0);
      if (!moved && bytes[byte] === look && bytes[byte + 1] === flags && (!known || floats[at + 4] === angle)) continue;
      if (moved && shown === 1) {
        this.#lat[i] = y;
        this.#lon[i] = x;
        const px = mercatorX(x);
        const py = mercatorY(y);
        this.x[i] = px;
        this.y[i] = py;
        const highX = Math.fround(px);
        const highY = Math.fround(py);
        floats[at] = highX;
        floats[at + 1] = highY;
        floats[at + 2] = px - highX;
        floats[at + 3] = py - highY;
      } else if (shown === 0 && this.shown[i] === 0 && i < this.count) {
        continue;
      }
      floats[at + 4] = known ? angle : 0;
      bytes[byte] = look;
      bytes[byte + 1] = flags;
      this.shown[i] = shown;
      if (i < from) from = i;
      to = i + 1;
    }
    if (to > 0 || count !== this.count) this.version++;
    this.count = count;
    return { from: Math.min(from, to), to, grown };
  }

  #grow(capacity: number): void {
    const bytes = new Uint8Array(capacity * PIN_BYTES);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.#floats = new Float32Array(bytes.buffer);
    const wider = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const array = new Float64Array(capacity).fill(Number.NaN);
      array.set(old);
      return array;
    };
    this.x = wider(this.x);
    this.y = wider(this.y);
    this.#lat = wider(this.#lat);
    this.#lon = wider(this.#lon);
    const shown = new Uint8Array(capacity);
    shown.set(this.shown);
    this.shown = shown;
  }
}
