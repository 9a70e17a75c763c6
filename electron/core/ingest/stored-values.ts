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

const scratch = new Float64Array(1);
const halves = new Int32Array(scratch.buffer);

/** 32 bits that tell whether a value is the very same: its two halves, mixed. */
function fingerprint(value: number): number {
  scratch[0] = value;
  return (Math.imul(halves[0] as number, 0x9e3779b1) ^ (halves[1] as number)) | 0;
}

/** Seconds of an instant (epoch ms) as StoredValues counts them. */
export function secondOf(time: number): number {
  return Math.floor(time / 1000) % 65_535;
}

/** Units whose memory lies together; a unit of its own arrays would cost more for their headers than for their content. */
const CHUNK = 256;
/** Columns are added in steps of this. */
const STEP = 32;

interface Chunk {
  readonly stride: number;
  /** Value as a float, or its fingerprint where every change counts: two views of the same bytes. */
  readonly bits: Int32Array;
  readonly floats: Float32Array;
  /** Seconds modulo 65,535, plus 1; 0: nothing was stored. */
  readonly seconds: Uint16Array;
}

/**
 * Which values of a unit have to be stored: those that moved beyond their dead-band since they were stored last, and those whose
 * period is over. 6 bytes a parameter and unit. Rows older than the newest one are stored whole, so that late data is complete.
 * Units are known by small numbers.
 */
export class StoredValues {
  readonly #table: StorageTable;
  #chunks: (Chunk | undefined)[] = [];
  #newest = new Float64Array(CHUNK).fill(Number.NEGATIVE_INFINITY);

  constructor(table: StorageTable) {
    this.#table = table;
  }

  /** Begins a row of a unit's values at `time` (epoch ms); false: it is late, and everything in it is stored. */
  begin(unit: number, time: number): boolean {
    if (unit >= this.#newest.length) {
      const newest = new Float64Array(Math.max(unit + 1, this.#newest.length * 2)).fill(Number.NEGATIVE_INFINITY);
      newest.set(this.#newest);
      this.#newest = newest;
    }
    if (time < (this.#newest[unit] as number)) return false;
    this.#newest[unit] = time;
    return true;
  }

  /** Whether the value has to be stored; if so it is noted. `second`: secondOf(the time of `begin`, which has returned true). */
  accept(unit: number, parameter: number, value: number, second: number): boolean {
    const table = this.#table;
    let column = table.column[parameter] as number;
    if (column === 0) table.column[parameter] = column = ++table.columns;
    let chunk = this.#chunks[unit >>> 8];
    if (chunk === undefined || column >= chunk.stride) chunk = this.#grow(unit >>> 8);
    const at = (unit & (CHUNK - 1)) * chunk.stride + column;
    const deadBand = table.deadBand[parameter] as number;
    const before = (chunk.seconds[at] as number) - 1;
    if (before >= 0) {
      const elapsed = second >= before ? second - before : second + 65_535 - before;
      const moved = deadBand > 0 ? Math.abs(value - (chunk.floats[at] as number)) > deadBand : fingerprint(value) !== chunk.bits[at];
      if (!moved && elapsed < (table.period[parameter] as number)) return false;
    }
    chunk.seconds[at] = second + 1;
    if (deadBand > 0) chunk.floats[at] = value;
    else chunk.bits[at] = fingerprint(value);
    return true;
  }

  /** Forgets what was stored of a unit, so that its next row is stored whole: the last one did not reach the store. */
  reset(unit: number): void {
    const chunk = this.#chunks[unit >>> 8];
    const from = (unit & (CHUNK - 1)) * (chunk?.stride ?? 0);
    chunk?.seconds.fill(0, from, from + chunk.stride);
  }

  get bytes(): number {
    let bytes = this.#newest.byteLength;
    for (const chunk of this.#chunks) bytes += chunk ? chunk.bits.byteLength + chunk.seconds.byteLength : 0;
    return bytes;
  }

  #grow(index: number): Chunk {
    const before = this.#chunks[index];
    const stride = Math.ceil((this.#table.columns + 1) / STEP) * STEP;
    const bits = new Int32Array(CHUNK * stride);
    const chunk: Chunk = { stride, bits, floats: new Float32Array(bits.buffer), seconds: new Uint16Array(CHUNK * stride) };
    if (before) {
      for (let unit = 0; unit < CHUNK; unit++) {
        bits.set(before.bits.subarray(unit * before.stride, (unit + 1) * before.stride), unit * stride);
        chunk.seconds.set(before.seconds.subarray(unit * before.stride, (unit + 1) * before.stride), unit * stride);
      }
    }
    this.#chunks[index] = chunk;
    return chunk;
  }
}
