import { crc32 } from '../checksum.ts';
import { ByteReader, ChunkError } from './bytes.ts';
import { CHUNK_ROWS, CHUNK_VERSION } from './chunk.ts';
import { readDoubles, readSummary, type ColumnSummary } from './doubles.ts';
import { readIntegers } from './integers.ts';
import type { RowSet } from './row-set.ts';
import { HEAD_COLUMNS } from './row-set.ts';

/** What a chunk's head says of a parameter. */
export interface ColumnHead {
  readonly parameter: number;
  /** Rows that have it. */
  readonly rows: number;
  readonly summary: ColumnSummary;
}

interface Column extends ColumnHead {
  readonly index: number;
  readonly mode: number;
  readonly from: number;
  readonly to: number;
}

/** The head of a chunk: what is in it, without its data. Throws ChunkError where it is damaged. */
export class ChunkHead {
  readonly rows: number;
  /** Event times of the first and the last row, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly checksum: number;
  readonly headLength: number;
  readonly textLength: number;
  readonly columns = new Map<number, Column>();
  /** Length of the data that belongs to it. */
  readonly length: number;

  constructor(head: Uint8Array) {
    const input = new ByteReader(head);
    const version = input.u8();
    if (version !== CHUNK_VERSION) throw new ChunkError(`unknown chunk version ${version}`);
    if (input.u32() !== crc32(head, 5)) throw new ChunkError('the checksum of a head is wrong');
    this.checksum = input.u32();
    this.rows = input.varint();
    if (this.rows === 0 || this.rows > CHUNK_ROWS) throw new ChunkError(`${this.rows} rows`);
    this.from = input.signed();
    this.to = this.from + input.varint();
    this.headLength = input.varint();
    this.textLength = input.varint();
    let at = this.headLength + this.textLength;
    let parameter = 0;
    const columns = input.varint();
    for (let index = 0; index < columns; index++) {
      parameter += input.varint();
      const rows = input.varint();
      const length = input.varint();
      if (rows > this.rows) throw new ChunkError('a column has too many rows');
      this.columns.set(parameter, { parameter, index, rows, from: at, to: at + length, ...readSummary(input) });
      at += length;
    }
    this.length = at;
  }
}

/** A column: its values and the places of the rows they belong to, undefined: all rows. */
export interface ColumnValues {
  readonly places: Float64Array | undefined;
  readonly values: Float64Array;
}

/** Reads a chunk, column by column. Throws ChunkError where it is damaged. */
export class ChunkReader {
  readonly head: ChunkHead;
  readonly #data: Uint8Array;
  readonly #presences = new Map<number, Float64Array>();
  #rowHeads: ByteReader;
  #times: Float64Array | undefined;

  constructor(head: ChunkHead, data: Uint8Array) {
    if (data.length !== head.length || crc32(data) !== head.checksum) throw new ChunkError('the checksum of a chunk is wrong');
    this.head = head;
    this.#data = data;
    this.#rowHeads = new ByteReader(data, 0, head.headLength);
  }

  /** Event times of the rows, ascending. */
  times(): Float64Array {
    this.#times ??= readIntegers(this.#rowHeads, this.head.rows);
    return this.#times;
  }

  /** The values of a parameter, in the order of time; undefined where no row has it. */
  column(parameter: number): ColumnValues | undefined {
    const column = this.head.columns.get(parameter);
    if (!column) return undefined;
    const { input, places } = this.#open(column);
    return { places, values: readDoubles(input, column.mode, column.rows) };
  }

  /** Boot and number of each row, in the order of time; nothing else is made of them. */
  numbers(): { readonly boot: Float64Array; readonly number: Float64Array } {
    const { rows } = this.head;
    this.times();
    readIntegers(this.#rowHeads, rows);
    this.#deviceTimes(rows);
    const found = { boot: readIntegers(this.#rowHeads, rows), number: readIntegers(this.#rowHeads, rows) };
    this.#rowHeads = new ByteReader(this.#data, 0, this.head.headLength);
    this.#times = undefined;
    return found;
  }

  /** Appends all rows to a set. */
  rows(into: RowSet): void {
    const { rows } = this.head;
    const times = this.times();
    const heads = new Map<string, Float64Array>([['time', times]]);
    for (const name of HEAD_COLUMNS.slice(1)) {
      const read = name === 'deviceTime' ? this.#deviceTimes(rows) : readIntegers(this.#rowHeads, rows);
      heads.set(name, name === 'received' || name === 'deviceTime' ? read.map((offset, i) => offset + (times[i] as number)) : read);
    }
    this.#rowHeads = new ByteReader(this.#data, 0, this.head.headLength);
    this.#times = undefined;
    const [, received, deviceTime, boot, number, flags, sequence] = HEAD_COLUMNS.map((name) => heads.get(name) as Float64Array) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const columns = Array.from(this.head.columns.values(), ({ parameter }) => ({ parameter, ...(this.column(parameter) as ColumnValues), at: 0 }));
    const texts = this.#texts();
    let nextText = 0;
    for (let row = 0; row < rows; row++) {
      into.begin(times[row] as number, received[row] as number, deviceTime[row] as number, boot[row] as number, number[row] as number, flags[row] as number, sequence[row] as number);
      for (const column of columns) {
        if (column.places !== undefined && column.places[column.at] !== row) continue;
        into.push(column.parameter, column.values[column.at++] as number);
      }
      for (; nextText < texts.length && (texts[nextText]?.row ?? 0) === row; nextText++) into.pushText(texts[nextText]?.parameter ?? 0, texts[nextText]?.text ?? '');
    }
  }

  #deviceTimes(rows: number): Float64Array {
    const input = this.#rowHeads;
    if (input.u8() === 0) return readIntegers(input, rows);
    const count = input.varint();
    if (count > rows) throw new ChunkError('too many device times');
    const places = readIntegers(input, count);
    const offsets = readIntegers(input, count);
    const all = new Float64Array(rows).fill(Number.NaN);
    places.forEach((place, i) => (all[place] = offsets[i] as number));
    return all;
  }

  #texts(): { row: number; parameter: number; text: string }[] {
    const { headLength, textLength } = this.head;
    const input = new ByteReader(this.#data, headLength, headLength + textLength);
    const texts: { row: number; parameter: number; text: string }[] = [];
    const utf8 = new TextDecoder();
    while (input.at < headLength + textLength) texts.push({ row: input.varint(), parameter: input.varint(), text: utf8.decode(input.take(input.varint())) });
    return texts;
  }

  #open(column: Column): { input: ByteReader; places: Float64Array | undefined } {
    const input = new ByteReader(this.#data, column.from, column.to);
    if (column.rows === this.head.rows) return { input, places: undefined };
    const mode = input.u8();
    if (mode === 2) {
      const same = input.varint();
      const other = Array.from(this.head.columns.values())[same];
      if (!other || other.index >= column.index) throw new ChunkError('presence of a column that is not there');
      return { input, places: this.#presences.get(same) ?? this.#open(other).places };
    }
    const places = mode === 1 ? readIntegers(input, column.rows) : this.#bitmap(input, column.rows);
    this.#presences.set(column.index, places);
    return { input, places };
  }

  #bitmap(input: ByteReader, count: number): Float64Array {
    const bytes = input.take((this.head.rows + 7) >>> 3);
    const places = new Float64Array(count);
    let at = 0;
    for (let i = 0; i < bytes.length; i++) {
      for (let bits = bytes[i] as number; bits !== 0; bits &= bits - 1) {
        if (at >= count) throw new ChunkError('presence does not fit');
        places[at++] = i * 8 + 31 - Math.clz32(bits & -bits);
      }
    }
    if (at !== count) throw new ChunkError('presence does not fit');
    return places;
  }
}
