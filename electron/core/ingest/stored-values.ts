import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';

/** What decides about storing, by parameter number. */
export interface StorageTable {
  readonly deadBand: Float64Array;
  /** Seconds. */
  readonly period: Uint16Array;
  /** 1: an alarm or fault bit, whose edges are always stored. */
  readonly alarm: Uint8Array;
  /** Column of the parameter in StoredValues + 1; 0: none yet. Given out at first sight, so that rows stay short. */
  readonly column: Uint16Array;
  columns: number;
}

export function createStorageTable(catalogue: ParameterCatalogue): StorageTable {
  const size = 65_536;
  const table: StorageTable = { deadBand: new Float64Array(size), period: new Uint16Array(size).fill(60), alarm: new Uint8Array(size), column: new Uint16Array(size), columns: 0 };
  for (const { number, deadBand, storagePeriod, kind, min, max } of catalogue.entries) {
    table.deadBand[number] = deadBand;
    table.period[number] = Math.min(65_535, Math.max(1, Math.round(storagePeriod / 1000)));
    // The normal range of an alarm bit is 0.
    if (kind === 'flag' && min === 0 && max === 0) table.alarm[number] = 1;
  }
  return table;
}

const scratch = new DataView(new ArrayBuffer(8));

/** 32 bits that tell whether a value is the very same: its two halves, mixed. */
function fingerprint(value: number): number {
  scratch.setFloat64(0, value);
  return (Math.imul(scratch.getInt32(0), 0x9e3779b1) ^ scratch.getInt32(4)) | 0;
}

/**
 * Which values of one unit have to be stored: those that moved beyond their dead-band since they were stored last, and those whose
 * period is over. 6 bytes a parameter: the value as a float (or a fingerprint where every change counts) and a time in seconds
 * modulo 65,536. Rows older than the newest one are stored whole, so that late data is complete.
 */
export class StoredValues {
  #bits = new Int32Array(0);
  #floats = new Float32Array(this.#bits.buffer);
  #seconds = new Uint16Array(0);
  #known = new Uint8Array(0);
  #newest = Number.NEGATIVE_INFINITY;

  /** Begins a row of values at `time` (epoch ms); false: it is late, and everything in it is stored. */
  begin(time: number): boolean {
    if (time < this.#newest) return false;
    this.#newest = time;
    return true;
  }

  /** Whether the value has to be stored; if so it is noted. `time` is that of `begin`, which has returned true. */
  accept(table: StorageTable, parameter: number, value: number, time: number): boolean {
    let column = table.column[parameter] as number;
    if (column === 0) table.column[parameter] = column = ++table.columns;
    if (column >= this.#known.length) this.#grow(table.columns + 16);
    const deadBand = table.deadBand[parameter] as number;
    const second = (time / 1000) & 0xffff;
    if (this.#known[column] === 1) {
      const elapsed = (second - (this.#seconds[column] as number)) & 0xffff;
      const moved = deadBand > 0 ? Math.abs(value - (this.#floats[column] as number)) > deadBand : fingerprint(value) !== this.#bits[column];
      if (!moved && elapsed < (table.period[parameter] as number)) return false;
    }
    this.#known[column] = 1;
    this.#seconds[column] = second;
    if (deadBand > 0) this.#floats[column] = value;
    else this.#bits[column] = fingerprint(value);
    return true;
  }

  /** Forgets what was stored, so that the next row is stored whole: the last one did not reach the store. */
  reset(): void {
    this.#known.fill(0);
  }

  get bytes(): number {
    return this.#known.length * 7;
  }

  #grow(size: number): void {
    const bits = new Int32Array(size);
    bits.set(this.#bits);
    this.#bits = bits;
    this.#floats = new Float32Array(bits.buffer);
    const seconds = new Uint16Array(size);
    seconds.set(this.#seconds);
    this.#seconds = seconds;
    const known = new Uint8Array(size);
    known.set(this.#known);
    this.#known = known;
  }
}
