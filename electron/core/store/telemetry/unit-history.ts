import { CHUNK_ROWS, RowSet, type ColumnSummary } from '#shared/domain/telemetry/codec/chunk/index.ts';
import type { Statement } from 'better-sqlite3';
import { openChunk, openHead, readChunk, type ChunkTable } from './chunk-table.ts';
import type { Budget, LogRow, LogRows } from './log-rows.ts';
import type { MinuteFigures, MinuteRollups } from './minute-rollups.ts';
import { HOUR, type Segment } from './segments.ts';

export interface TimeRange {
  /** Event time, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
}

/** Values of one parameter in the order of time. */
export interface TimedValues {
  readonly time: Float64Array;
  readonly value: Float64Array;
}

/** What a sealed row takes of a query's budget, against a row of the log: whole, and a few of its columns (measured: 1.2 ms for 28,800 rows). */
const ROW_SHARE = 0.5;
const COLUMN_SHARE = 0.1;

const NO_VALUES: TimedValues = { time: new Float64Array(0), value: new Float64Array(0) };

/** Where the rows of units are, at one moment. */
export interface HistoryTables {
  /** Segments that hold rows which are not sealed, newest first. */
  readonly segments: readonly Segment[];
  readonly log: LogRows;
  readonly chunks: ChunkTable;
  readonly minutes: MinuteRollups;
  /** Hours before it have been dropped; of what is sealed of them only heads are left. */
  readonly oldest: number;
  /** By unit and range of event time. */
  readonly late: Statement<[number, number, number], LogRow>;
}

/** Rows of one unit in a range of time, by hour of event time. */
export interface HourlyRows {
  /** Rows and stretches met so far that could not be read. */
  readonly damaged: number;
  /** Hours (epoch ms / 3,600,000) that have rows, oldest first. */
  hours(): number[];
  /** Whether the query has visited what it may. */
  isSpent(): boolean;
  /** The rows of an hour, and the numbers of those in the range in the order of time, then of the log. */
  rowsOf(hour: number): { readonly rows: RowSet; readonly order: Uint32Array };
}

/** Everything that is stored of one unit in a range of time, an hour of event time at a time. Valid within one read transaction. */
export class UnitHistory implements HourlyRows {
  damaged = 0;
  readonly #tables: HistoryTables;
  readonly #unit: number;
  readonly #range: TimeRange;
  readonly #budget: Budget;
  #cut = false;
  /** Rows that are in no chunk: of the log, and late ones, by hour. */
  readonly #open = new Map<number, RowSet>();

  constructor(tables: HistoryTables, unit: number, tail: number, range: TimeRange, budget: Budget) {
    this.#tables = tables;
    this.#unit = unit;
    this.#range = range;
    this.#budget = budget;
    const take = (row: LogRow): void => {
      const hour = Math.floor(row.time / HOUR);
      let rows = this.#open.get(hour);
      if (!rows) this.#open.set(hour, (rows = new RowSet()));
      if (!tables.log.append(row, rows)) this.damaged++;
    };
    tables.log.follow(tables.segments, unit, tail, range, budget, take);
    for (const row of tables.late.all(unit, Math.max(range.from, tables.oldest * HOUR), range.to)) take(row);
  }

  hours(): number[] {
    return this.#hours(Math.max(this.#tables.oldest, Math.floor(this.#range.from / HOUR)));
  }

  /** As `hours`, with those of which only the heads are left. */
  summedHours(): number[] {
    return this.#hours(Math.floor(this.#range.from / HOUR));
  }

  #hours(from: number): number[] {
    const sealed = this.#tables.chunks.hours(this.#unit, from, Math.floor(this.#range.to / HOUR));
    if (this.#open.size === 0) return sealed;
    return [...new Set([...sealed, ...this.#open.keys()])].sort((a, b) => a - b);
  }

  rowsOf(hour: number): { readonly rows: RowSet; readonly order: Uint32Array } {
    const rows = new RowSet();
    if (hour >= this.#tables.oldest) for (const chunk of this.#tables.chunks.of(this.#unit, hour)) if (chunk.data !== null && !readChunk(chunk, rows)) this.damaged++;
    this.#charge(rows.count * ROW_SHARE);
    const open = this.#open.get(hour);
    if (open) for (let row = 0; row < open.count; row++) rows.copy(open, row);
    const { from, to } = this.#range;
    const order = rows.order();
    if (from <= hour * HOUR && to >= (hour + 1) * HOUR - 1) return { rows, order };
    return { rows, order: order.filter((row) => (rows.time[row] as number) >= from && (rows.time[row] as number) <= to) };
  }

  /** The values of some parameters in an hour, each in the order of time. Reads no more columns than it has to. */
  columns(hour: number, parameters: readonly number[]): readonly TimedValues[] {
    const [chunk, ...others] = this.#open.has(hour) ? [] : this.#tables.chunks.of(this.#unit, hour);
    if (!chunk || others.length > 0) return this.#merged(hour, parameters);
    if (chunk.data === null || hour < this.#tables.oldest) return parameters.map(() => NO_VALUES);
    const reader = openChunk(chunk);
    if (!reader) {
      this.damaged++;
      return parameters.map(() => NO_VALUES);
    }
    this.#charge(chunk.rows * COLUMN_SHARE);
    const { from, to } = this.#range;
    const whole = from <= hour * HOUR && to >= (hour + 1) * HOUR - 1;
    return parameters.map((parameter) => {
      const found = reader.column(parameter);
      if (!found) return NO_VALUES;
      const { places, values } = found;
      const times = reader.times();
      const time = places ? places.map((place) => times[place] as number) : times;
      if (whole) return { time, value: values };
      let begin = 0;
      while (begin < time.length && (time[begin] as number) < from) begin++;
      let end = time.length;
      while (end > begin && (time[end - 1] as number) > to) end--;
      return { time: time.subarray(begin, end), value: values.subarray(begin, end) };
    });
  }

  #merged(hour: number, parameters: readonly number[]): TimedValues[] {
    const { rows, order } = this.rowsOf(hour);
    return parameters.map((parameter) => {
      const time: number[] = [];
      const value: number[] = [];
      for (const row of order) {
        for (let at = rows.valueStart(row); at < (rows.valueEnd[row] as number); at++) {
          if (rows.parameters[at] !== parameter) continue;
          time.push(rows.time[row] as number);
          value.push(rows.values[at] as number);
        }
      }
      return { time: Float64Array.from(time), value: Float64Array.from(value) };
    });
  }

  /** One-minute figures of some parameters in an hour; undefined where the values themselves have to be looked at. */
  minutes(hour: number, parameters: readonly number[]): (readonly MinuteFigures[] | undefined)[] | undefined {
    const { from, to } = this.#range;
    if (this.#open.has(hour) || from > hour * HOUR || to < (hour + 1) * HOUR - 1) return undefined;
    return this.#tables.minutes.read(this.#unit, hour, parameters);
  }

  /** What the heads of an hour say of a parameter; undefined where the values themselves have to be looked at. */
  summaries(hour: number, parameters: readonly number[]): (ColumnSummary | undefined)[] | undefined {
    const { from, to } = this.#range;
    if (this.#open.has(hour) || from > hour * HOUR || to < (hour + 1) * HOUR - 1) return undefined;
    const chunks = this.#tables.chunks.heads(this.#unit, hour);
    if (chunks.length === 0) return undefined;
    const heads = chunks.flatMap((chunk) => openHead(chunk) ?? []);
    this.damaged += chunks.length - heads.length;
    this.#charge(heads.length);
    // Chunks of an hour follow each other in time; one whose rows were rewritten stands last.
    heads.sort((a, b) => a.from - b.from || a.to - b.to);
    return parameters.map((parameter) => joined(heads.flatMap((head) => head.columns.get(parameter)?.summary ?? [])));
  }

  /** Whether the query has visited what it may; what is left is missing from its answer then. */
  isSpent(): boolean {
    if (this.#budget.rows > 0) return false;
    this.#budget.rows = -1;
    return true;
  }

  /** The newest of these hours (oldest first) whose values the query may still visit. */
  affordable(hours: readonly number[]): readonly number[] {
    const first = hours[0];
    const last = hours.at(-1);
    if (first === undefined || last === undefined || hours.length * CHUNK_ROWS * COLUMN_SHARE <= this.#budget.rows) return hours;
    const counts = this.#tables.chunks.counts(this.#unit, first, last);
    let left = this.#budget.rows;
    for (let i = hours.length - 1; i >= 0; i--) {
      left -= (counts.get(hours[i] as number) ?? 0) * COLUMN_SHARE;
      if (left >= 0) continue;
      // One hour is always looked at.
      this.#cut = true;
      return hours.slice(Math.min(i + 1, hours.length - 1));
    }
    return hours;
  }

  /** Whether something was left out because of its size. */
  get cut(): boolean {
    return this.#cut || this.#budget.rows < 0;
  }

  #charge(rows: number): void {
    if (this.#budget.rows > 0) this.#budget.rows = Math.max(0, this.#budget.rows - rows);
  }
}

/** What several stretches, one after the other, hold together; undefined: no value. */
function joined(parts: readonly ColumnSummary[]): ColumnSummary | undefined {
  const [first, ...others] = parts.filter(({ count }) => count > 0);
  if (!first || others.length === 0) return first;
  return others.reduce((all, { count, min, max, last, sum }) => ({ count: all.count + count, first: all.first, min: Math.min(all.min, min), max: Math.max(all.max, max), last, sum: all.sum + sum }), first);
}
