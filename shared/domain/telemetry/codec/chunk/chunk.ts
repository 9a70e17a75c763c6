import { crc32 } from '../checksum.ts';
import { ByteWriter } from './bytes.ts';
import { DoubleWriter } from './doubles.ts';
import { IntegerWriter } from './integers.ts';
import { HEAD_COLUMNS, type RowSet } from './row-set.ts';

/**
 * A sealed chunk: rows of one unit in the order of time, by columns, lossless. Two parts, so that a scan reads the small one first:
 *
 *   head  u8 version, u32 CRC-32 of the head after it, u32 CRC-32 of the data, varint rows, signed time of the first row (ms),
 *         varint time to the last one, varint length of the rows' heads, of the texts; varint columns; per column, ascending:
 *         varint distance of its parameter from the one before, varint rows that have it, varint its length in the data, its
 *         coding and summary (doubles.ts)
 *   data  the rows' heads: time, received − time, device time − time, boot, number, flags, sequence (integers.ts; u8 0 or 1 says
 *         whether some row has no device time, then the rows that have one); texts: varint row, parameter, length, UTF-8;
 *         per column the rows that have it, where not all do (presence), and their values
 *
 * Presence: u8 0 bitmap; 1 whole numbers: the places; 2 as in the column (varint) before.
 */
export const CHUNK_VERSION = 1;

/** A longer hour is cut into several chunks. */
export const CHUNK_ROWS = 16_384;

export interface EncodedChunk {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly data: Uint8Array<ArrayBuffer>;
}

const utf8 = new TextEncoder();

/** Makes chunks; keeps its working memory. */
export class ChunkEncoder {
  readonly #integers = new IntegerWriter();
  readonly #doubles = new DoubleWriter();
  #column = new Float64Array(512);
  #places = new Float64Array(512);
  /** Per parameter number: how many rows have it, then where the next of its values goes. */
  readonly #counts = new Uint32Array(0x1_0000);

  /** The rows of `set` named by `order`, which are in the order of time; at least one, at most CHUNK_ROWS. */
  encode(set: RowSet, order: Uint32Array): EncodedChunk {
    const rows = order.length;
    if (this.#column.length < rows) {
      this.#column = new Float64Array(rows * 2);
      this.#places = new Float64Array(rows * 2);
    }
    const data = new ByteWriter();
    this.#rowHeads(data, set, order);
    const headLength = data.length;
    this.#texts(data, set, order);
    const textLength = data.length - headLength;
    const directory = new ByteWriter();
    const columns = this.#columns(data, directory, set, order);
    const body = new ByteWriter();
    const first = set.time[order[0] as number] as number;
    body.varint(rows);
    body.signed(first);
    body.varint((set.time[order[rows - 1] as number] as number) - first);
    body.varint(headLength);
    body.varint(textLength);
    body.varint(columns);
    body.append(directory.take());
    const bytes = data.take();
    const rest = body.take();
    const head = new ByteWriter();
    head.u8(CHUNK_VERSION);
    const check = new ByteWriter();
    check.u32(crc32(bytes));
    check.append(rest);
    head.u32(crc32(check.take()));
    head.append(check.take());
    return { head: head.take(), data: bytes };
  }

  #rowHeads(data: ByteWriter, set: RowSet, order: Uint32Array): void {
    const rows = order.length;
    const column = this.#column;
    for (const name of HEAD_COLUMNS) {
      const relative = name === 'received' || name === 'deviceTime';
      let count = 0;
      let absent = 0;
      for (let i = 0; i < rows; i++) {
        const row = order[i] as number;
        const value = set[name][row] as number;
        if (name === 'deviceTime' && Number.isNaN(value)) {
          absent++;
          continue;
        }
        if (name === 'deviceTime') this.#places[count] = i;
        column[count++] = relative ? value - (set.time[row] as number) : value;
      }
      if (name === 'deviceTime') {
        data.u8(absent === 0 ? 0 : 1);
        if (absent > 0) {
          data.varint(count);
          this.#integers.write(data, this.#places, count);
        }
      }
      this.#integers.write(data, column, count);
    }
  }

  #texts(data: ByteWriter, set: RowSet, order: Uint32Array): void {
    if (set.texts.length === 0) return;
    const placeOf = new Map(Array.from(order, (row, place) => [row, place]));
    const texts = set.texts.flatMap(({ row, parameter, text }) => {
      const place = placeOf.get(row);
      return place === undefined ? [] : [{ place, parameter, text }];
    });
    for (const { place, parameter, text } of texts.sort((a, b) => a.place - b.place)) {
      const encoded = utf8.encode(text);
      data.varint(place);
      data.varint(parameter);
      data.varint(encoded.length);
      data.append(encoded);
    }
  }

  /** Writes all columns; returns how many. */
  #columns(data: ByteWriter, directory: ByteWriter, set: RowSet, order: Uint32Array): number {
    const counts = this.#counts;
    const used: number[] = [];
    for (const row of order) {
      for (let at = set.valueStart(row); at < (set.valueEnd[row] as number); at++) {
        const parameter = set.parameters[at] as number;
        if (counts[parameter] === 0) used.push(parameter);
        counts[parameter] = (counts[parameter] as number) + 1;
      }
    }
    used.sort((a, b) => a - b);
    const starts = new Map<number, { readonly from: number; readonly count: number }>();
    let total = 0;
    for (const parameter of used) {
      const count = counts[parameter] as number;
      starts.set(parameter, { from: total, count });
      counts[parameter] = total;
      total += count;
    }
    const values = new Float64Array(total);
    const places = new Float64Array(total);
    for (let place = 0; place < order.length; place++) {
      const row = order[place] as number;
      for (let at = set.valueStart(row); at < (set.valueEnd[row] as number); at++) {
        const parameter = set.parameters[at] as number;
        const to = counts[parameter] as number;
        values[to] = set.values[at] as number;
        places[to] = place;
        counts[parameter] = to + 1;
      }
    }
    const presences: Float64Array[] = [];
    let before = 0;
    for (const [parameter, { from, count }] of starts) {
      counts[parameter] = 0;
      const begin = data.length;
      directory.varint(parameter - before);
      before = parameter;
      directory.varint(count);
      if (count < order.length) this.#presence(data, places.subarray(from, from + count), order.length, presences);
      else presences.push(NONE);
      const coding = new ByteWriter();
      this.#doubles.write(data, coding, values.subarray(from, from + count), count);
      directory.varint(data.length - begin);
      directory.append(coding.take());
    }
    return starts.size;
  }

  #presence(data: ByteWriter, places: Float64Array, rows: number, presences: Float64Array[]): void {
    const same = presences.findLastIndex((other) => equal(other, places));
    presences.push(places);
    if (same >= 0) {
      data.u8(2);
      data.varint(same);
      return;
    }
    const listed = new ByteWriter();
    this.#integers.write(listed, places, places.length);
    if (listed.length <= rows >>> 3) {
      data.u8(1);
      data.append(listed.take());
      return;
    }
    const bitmap = new Uint8Array((rows + 7) >>> 3);
    for (const place of places) bitmap[place >>> 3] = (bitmap[place >>> 3] as number) | (1 << (place & 7));
    data.u8(0);
    data.append(bitmap);
  }
}

const NONE = new Float64Array(0);

function equal(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
