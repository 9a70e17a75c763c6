import { ChunkEncoder, ChunkError, ChunkHead, ChunkReader, RowSet } from '#shared/domain/telemetry/codec/chunk/index.ts';
import { crc32 } from '#shared/domain/telemetry/codec/checksum.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { Buckets, type Summary } from './buckets.ts';
import { HOUR } from './segments.ts';

export const MINUTE = 60_000;
/**
 * A parameter with fewer values in an hour has no one-minute figures: they would take more room than its values, and be read no faster.
 * 20 a minute: units that report every three seconds or more often.
 */
const LEAST_VALUES = 1200;
/** Columns of one parameter, in this order; sum instead of mean, so that figures can be added. */
const FIGURES = ['count', 'first', 'min', 'max', 'last', 'sum'] as const;

export interface MinuteFigures extends Summary {
  /** Begin of the minute, epoch ms. */
  readonly time: number;
}

/**
 * One-minute figures of hours with many values, one blob per unit and hour: u16 number of parameters, u32 length of a chunk's head (little
 * endian), the parameters (u16 each, ascending), the head, the data. The chunk's rows are minutes; its columns 0, 1, 2 … are
 * FIGURES of the first parameter, then of the next.
 */
export class MinuteRollups {
  readonly #database: SqliteDatabase;
  readonly #encoder = new ChunkEncoder();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Replaces the figures of an hour by those of its rows, which `order` names in the order of time. */
  write(unit: number, hour: number, set: RowSet, order: Uint32Array): void {
    this.delete(unit, hour);
    if (order.length < LEAST_VALUES) return;
    const blob = this.#encode(hour, set, order);
    if (blob) this.#database.prepare('INSERT INTO minute (unit, hour, checksum, data) VALUES (?, ?, ?, ?)').run(unit, hour, crc32(blob), blob);
  }

  delete(unit: number, hour: number): void {
    this.#database.prepare('DELETE FROM minute WHERE unit = ? AND hour = ?').run(unit, hour);
  }

  /** The figures of some parameters, oldest minute first; an entry is undefined where a parameter has none stored. undefined: none of the hour, or damaged. */
  read(unit: number, hour: number, parameters: readonly number[]): (readonly MinuteFigures[] | undefined)[] | undefined {
    const row = this.#database.prepare<[number, number], { checksum: number; data: Uint8Array }>('SELECT checksum, data FROM minute WHERE unit = ? AND hour = ?').get(unit, hour);
    if (!row || !(row.data instanceof Uint8Array) || crc32(row.data) !== row.checksum) return undefined;
    try {
      return decode(row.data, hour, parameters);
    } catch (error) {
      if (error instanceof ChunkError || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #encode(hour: number, set: RowSet, order: Uint32Array): Uint8Array | undefined {
    const series = new Map<number, { buckets: Buckets; count: number }>();
    for (const row of order) {
      for (let at = set.valueStart(row); at < (set.valueEnd[row] as number); at++) {
        const parameter = set.parameters[at] as number;
        let one = series.get(parameter);
        if (!one) series.set(parameter, (one = { buckets: new Buckets(MINUTE), count: 0 }));
        one.buckets.add(set.time[row] as number, set.values[at] as number);
        one.count++;
      }
    }
    const parameters = [...series].filter(([, { count }]) => count >= LEAST_VALUES).map(([parameter]) => parameter).sort((a, b) => a - b);
    if (parameters.length === 0 || parameters.length * FIGURES.length > 0xffff) return undefined;
    const minutes = new Map<number, [number, number][]>();
    parameters.forEach((parameter, index) => {
      const { start, count, first, min, max, last, sum } = series.get(parameter)!.buckets.result();
      start.forEach((time, i) => {
        const values = [count[i], first[i], min[i], max[i], last[i], sum[i]].map((value, figure): [number, number] => [index * FIGURES.length + figure, value as number]);
        const row = minutes.get(time);
        if (row) row.push(...values);
        else minutes.set(time, values);
      });
    });
    const rows = new RowSet();
    for (const [time, values] of [...minutes].sort(([a], [b]) => a - b)) {
      rows.begin(time - hour * HOUR, 0, Number.NaN, 0, 0, 0, 0);
      for (const [column, value] of values) rows.push(column, value);
    }
    const { head, data } = this.#encoder.encode(rows, rows.order());
    const blob = new Uint8Array(6 + parameters.length * 2 + head.length + data.length);
    const view = new DataView(blob.buffer);
    view.setUint16(0, parameters.length, true);
    view.setUint32(2, head.length, true);
    parameters.forEach((parameter, i) => view.setUint16(6 + i * 2, parameter, true));
    blob.set(head, 6 + parameters.length * 2);
    blob.set(data, 6 + parameters.length * 2 + head.length);
    return blob;
  }
}

function decode(blob: Uint8Array, hour: number, parameters: readonly number[]): (readonly MinuteFigures[] | undefined)[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const many = view.getUint16(0, true);
  const headEnd = 6 + many * 2 + view.getUint32(2, true);
  const held = new Map(Array.from({ length: many }, (_, i) => [view.getUint16(6 + i * 2, true), i]));
  const reader = new ChunkReader(new ChunkHead(blob.subarray(6 + many * 2, headEnd)), blob.subarray(headEnd));
  const times = reader.times();
  return parameters.map((parameter) => {
    const index = held.get(parameter);
    if (index === undefined) return undefined;
    const [count, first, min, max, last, sum] = FIGURES.map((_, figure) => reader.column(index * FIGURES.length + figure));
    if (!count || !first || !min || !max || !last || !sum) return undefined;
    return Array.from(count.values, (values, i) => ({
      time: hour * HOUR + (times[count.places ? (count.places[i] as number) : i] as number),
      count: values,
      first: first.values[i] as number,
      min: min.values[i] as number,
      max: max.values[i] as number,
      last: last.values[i] as number,
      sum: sum.values[i] as number,
    }));
  });
}
