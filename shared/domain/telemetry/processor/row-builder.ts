import { PARAMETER } from '../catalogue/index.ts';
import { QUALITY } from '../envelope/quality.ts';
import { ensureRowCapacity, ensureValueCapacity, type DecodedMessage } from './decoded-message.ts';
import type { ParameterTable } from './limits-table.ts';

/** A row holds values at most this far apart, ms. */
export const ROW_SPAN = 1000;
/** A fix counts with at least this many satellites and at most this HDOP, where they are reported (docs/domain.md, Position). */
export const SATELLITES_NEEDED = 4;
export const HDOP_LIMIT = 5;
/** A row of at least this many measured values that are all zero is a unit that is not up yet. */
const ZERO_ROW_VALUES = 4;
/** 0/0 within a few metres: no vehicle is there, every unit without a fix is. */
const NULL_ISLAND = 0.0001;

/**
 * Builds the rows of a DecodedMessage: the last value per parameter and row. `position` is a sparse set over the message's own
 * arrays, so opening a row costs nothing.
 */
export class RowBuilder {
  readonly table: ParameterTable;
  /** Where parameter p stands in the message; true only if it is in the open row and `parameters` there says p. */
  readonly position = new Uint32Array(65_536);
  message: DecodedMessage;
  /** Milliseconds after the message's time at which the open row began, and of its newest value. */
  #rowBegan = 0;
  #rowEnd = 0;
  #open = false;

  constructor(table: ParameterTable, message: DecodedMessage) {
    this.table = table;
    this.message = message;
  }

  begin(): void {
    this.#open = false;
    this.message.rowCount = 0;
    this.message.count = 0;
    this.message.rowStart[0] = 0;
  }

  /** Goes to the row for values at `dt` ms after the message's time, with room for `more` values. */
  at(dt: number, more: number): void {
    if (this.#open && dt - this.#rowBegan > ROW_SPAN) this.close();
    this.reach(dt, more);
  }

  /** Widens the open row to values at `dt`, which are known to belong to it; opens one where none is. With room for `more` values. */
  reach(dt: number, more: number): void {
    if (!this.#open) {
      this.#open = true;
      this.#rowBegan = dt;
      this.#rowEnd = dt;
    } else if (dt > this.#rowEnd) this.#rowEnd = dt;
    ensureValueCapacity(this.message, this.message.count + more);
  }

  /** Sets a value of the open row; false where it is not possible and so is missing. Needs room asked for by `at`. */
  set(parameter: number, value: number): boolean {
    const { message, table } = this;
    if (!(value >= (table.low[parameter] as number) && value <= (table.high[parameter] as number))) return false;
    const start = message.rowStart[message.rowCount] as number;
    const index = this.position[parameter] as number;
    // -0 would equal 0 and yet differ in stored bytes.
    const normal = value + 0;
    if (index >= start && index < message.count && message.parameters[index] === parameter) {
      message.values[index] = normal;
    } else {
      const at = message.count++;
      this.position[parameter] = at;
      message.parameters[at] = parameter;
      message.values[at] = normal;
    }
    return true;
  }

  /** Ends the open row: leaves out positions without a fix and rows of zeros; an empty row vanishes. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { message } = this;
    const start = message.rowStart[message.rowCount] as number;
    if (this.#isZeroRow(start)) {
      message.count = start;
      message.quality |= QUALITY.zeroRow;
    } else if (!this.#fixCounts(start)) {
      message.quality |= QUALITY.fixRejected;
      for (const parameter of [PARAMETER.lat, PARAMETER.lon, PARAMETER.gpsSpeed, PARAMETER.heading]) this.#drop(parameter, start);
    }
    if (message.count === start) return;
    ensureRowCapacity(message, message.rowCount + 2);
    message.rowTime[message.rowCount] = this.#rowEnd;
    message.rowCount++;
    message.rowStart[message.rowCount] = message.count;
  }

  /** Value of a parameter in the open row; NaN: not in it. */
  #value(parameter: number, start: number): number {
    const index = this.position[parameter] as number;
    const { message } = this;
    return index >= start && index < message.count && message.parameters[index] === parameter ? (message.values[index] as number) : Number.NaN;
  }

  #drop(parameter: number, start: number): void {
    const { message } = this;
    const index = this.position[parameter] as number;
    if (!(index >= start && index < message.count && message.parameters[index] === parameter)) return;
    const last = --message.count;
    const moved = message.parameters[last] as number;
    message.parameters[index] = moved;
    message.values[index] = message.values[last] as number;
    this.position[moved] = index;
  }

  /** True where the row has no position, or one with a good fix. */
  #fixCounts(start: number): boolean {
    const lat = this.#value(PARAMETER.lat, start);
    const lon = this.#value(PARAMETER.lon, start);
    if (Number.isNaN(lat) !== Number.isNaN(lon)) return false;
    if (Math.abs(lat) < NULL_ISLAND && Math.abs(lon) < NULL_ISLAND) return false;
    // Comparisons with NaN are false: what is not reported does not count against the fix.
    return Number.isNaN(lat) || !(this.#value(PARAMETER.satellites, start) < SATELLITES_NEEDED || this.#value(PARAMETER.hdop, start) > HDOP_LIMIT);
  }

  #isZeroRow(start: number): boolean {
    const { message, table } = this;
    let measured = 0;
    let telling = this.#value(PARAMETER.lat, start) === 0 && this.#value(PARAMETER.lon, start) === 0;
    for (let i = start; i < message.count; i++) {
      if (message.values[i] !== 0) return false;
      const parameter = message.parameters[i] as number;
      measured += table.measured[parameter] as number;
      if (table.neverZero[parameter] === 1) telling = true;
    }
    return telling && measured >= ZERO_ROW_VALUES;
  }
}
