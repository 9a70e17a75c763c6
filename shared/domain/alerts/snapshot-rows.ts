import type { ByteReader, ByteWriter } from '../telemetry/codec/chunk/bytes.ts';
import type { RateSeries } from './rate.ts';
import type { RowWindow } from './window.ts';

/** Sequence steps in the fraction of an order key (../telemetry/state/order.ts). */
const STEPS = 1024;
const GEO_COLUMNS = 6;
const FLAG = { late: 1, rawKey: 2, geo: 4 } as const;
/** How a value is written: as the one before, whole, or as a whole number of tenths, hundredths, thousandths. */
const VALUE = { same: 0, double: 1, scaled: 2 } as const;
const SCALES = [1, 10, 100, 1000] as const;

/** Whether a key is whole milliseconds and a step of the sequence, as all but −Infinity are. */
function isPlain(key: number): boolean {
  const time = Math.floor(key);
  return Number.isSafeInteger(time) && Number.isInteger((key - time) * STEPS);
}

function writeKey(out: ByteWriter, key: number, before: number): void {
  const time = Math.floor(key);
  out.signed(time - before);
  out.varint((key - time) * STEPS);
}

function readKey(from: ByteReader, before: number): number {
  const time = before + from.signed();
  return time + from.varint() / STEPS;
}

const timeOf = (key: number): number => (Number.isFinite(key) ? Math.floor(key) : 0);

/**
 * The rows of a vehicle: what row 0 knows, then per row the step in time, which of the patterns seen so far its marks are (messages
 * of a vehicle are alike), and the columns of the position that differ from the row before. What holds follows from the marks.
 */
export function writeRows(out: ByteWriter, rows: RowWindow): void {
  const { words, count, key, set, reset, truth, late } = rows;
  out.varint(count);
  out.u8((rows.geo ? FLAG.geo : 0) | (late[0] === 1 ? FLAG.late : 0));
  out.f64(key[0] as number);
  for (let w = 0; w < words; w++) out.u32(truth[w] as number);
  if (rows.geo) for (let column = 0; column < GEO_COLUMNS; column++) out.f32(rows.geoOf(0, column));
  const patterns: number[] = [];
  for (let i = 1; i <= count; i++) {
    const moved = rows.geo ? changedColumns(rows, i) : 0;
    const plain = isPlain(key[i] as number);
    out.u8((late[i] === 1 ? FLAG.late : 0) | (plain ? 0 : FLAG.rawKey) | (moved > 0 ? FLAG.geo : 0));
    if (plain) writeKey(out, key[i] as number, timeOf(key[i - 1] as number));
    else out.f64(key[i] as number);
    const known = patterns.findIndex((row) => alike(rows, row, i));
    out.varint(known < 0 ? patterns.length : known);
    if (known < 0) {
      patterns.push(i);
      for (const marks of [set, reset]) for (let w = 0; w < words; w++) out.u32(marks[i * words + w] as number);
    }
    if (moved > 0) writeColumns(out, rows, i, moved);
  }
}

/** Reads rows into a window that has room for them. Throws where there are more than that, or the bytes end early. */
export function readRows(from: ByteReader, rows: RowWindow): void {
  const { words } = rows;
  const count = from.varint();
  if (count > rows.capacity) throw new RangeError('more rows than are kept');
  const first = from.u8();
  rows.reserve(count);
  const { key, set, reset, truth, late } = rows;
  late[0] = first & FLAG.late ? 1 : 0;
  key[0] = from.f64();
  for (let w = 0; w < words; w++) truth[w] = from.u32();
  if (first & FLAG.geo) for (let column = 0; column < GEO_COLUMNS; column++) rows.setGeo(0, column, from.f32());
  const patterns: number[] = [];
  for (let i = 1; i <= count; i++) {
    const flags = from.u8();
    late[i] = flags & FLAG.late ? 1 : 0;
    key[i] = flags & FLAG.rawKey ? from.f64() : readKey(from, timeOf(key[i - 1] as number));
    const pattern = from.varint();
    if (pattern === patterns.length) {
      patterns.push(i);
      for (const marks of [set, reset]) for (let w = 0; w < words; w++) marks[i * words + w] = from.u32();
    } else {
      const row = patterns[pattern];
      if (row === undefined) throw new RangeError('no such pattern');
      for (const marks of [set, reset]) marks.copyWithin(i * words, row * words, (row + 1) * words);
    }
    for (let w = 0; w < words; w++) {
      const at = i * words + w;
      truth[at] = ((truth[at - words] as number) & ~(reset[at] as number)) | (set[at] as number);
    }
    if (first & FLAG.geo) readColumns(from, rows, i, (flags & FLAG.geo) !== 0);
  }
  rows.count = count;
}

/** The points of a rate. */
export function writeSeries(out: ByteWriter, series: RateSeries): void {
  out.varint(series.count);
  let time = 0;
  let before = Number.NaN;
  for (let i = 0; i < series.count; i++) {
    const key = series.key[i] as number;
    writeKey(out, key, time);
    time = Math.floor(key);
    const value = series.value[i] as number;
    const scale = SCALES.findIndex((factor) => Number.isSafeInteger(Math.round(value * factor)) && Math.round(value * factor) / factor === value && !Object.is(value, -0));
    if (value === before) out.u8(VALUE.same);
    else if (scale < 0) {
      out.u8(VALUE.double);
      out.f64(value);
    } else {
      out.u8(VALUE.scaled + scale);
      out.signed(Math.round(value * (SCALES[scale] as number)));
    }
    before = value;
  }
}

export function readSeries(from: ByteReader, most: number): { readonly key: Float64Array; readonly value: Float64Array } {
  const count = from.varint();
  if (count > most) throw new RangeError('more points than are kept');
  const key = new Float64Array(count);
  const value = new Float64Array(count);
  let time = 0;
  for (let i = 0; i < count; i++) {
    key[i] = readKey(from, time);
    time = Math.floor(key[i] as number);
    const how = from.u8();
    if (how === VALUE.same) value[i] = value[i - 1] ?? Number.NaN;
    else if (how === VALUE.double) value[i] = from.f64();
    else value[i] = from.signed() / (SCALES[how - VALUE.scaled] ?? Number.NaN);
  }
  return { key, value };
}

function alike({ words, set, reset }: RowWindow, a: number, b: number): boolean {
  for (let w = 0; w < words; w++) if (set[a * words + w] !== set[b * words + w] || reset[a * words + w] !== reset[b * words + w]) return false;
  return true;
}

function changedColumns(rows: RowWindow, i: number): number {
  let changed = 0;
  for (let column = 0; column < GEO_COLUMNS; column++) if (!Object.is(rows.geoOf(i, column), rows.geoOf(i - 1, column))) changed |= 1 << column;
  return changed;
}

function writeColumns(out: ByteWriter, rows: RowWindow, i: number, changed: number): void {
  let values = 0;
  for (let column = 0; column < GEO_COLUMNS; column++) if (!Number.isNaN(rows.geoOf(i, column))) values |= 1 << column;
  out.u8(changed);
  out.u8(values & changed);
  for (let column = 0; column < GEO_COLUMNS; column++) if ((values & changed & (1 << column)) !== 0) out.f32(rows.geoOf(i, column));
}

function readColumns(from: ByteReader, rows: RowWindow, i: number, any: boolean): void {
  const changed = any ? from.u8() : 0;
  const values = any ? from.u8() : 0;
  for (let column = 0; column < GEO_COLUMNS; column++) {
    const bit = 1 << column;
    rows.setGeo(i, column, (changed & bit) === 0 ? rows.geoOf(i - 1, column) : (values & bit) === 0 ? Number.NaN : from.f32());
  }
}
