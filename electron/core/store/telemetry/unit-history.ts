import { RowSet } from '#shared/domain/telemetry/codec/chunk/row-set.ts';
import type { Budget, LogRows } from './log-rows.ts';
import { HOUR, type Segment } from './segments.ts';

export interface TimeRange {
  /** Event time, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
}

const NO_ROWS = new RowSet();

/** Rows of one unit in a range of time, by hour of event time. */
export interface HourlyRows {
  /** Rows and stretches met so far that could not be read. */
  readonly damaged: number;
  /** Hours (epoch ms / 3,600,000) that have rows, oldest first. */
  hours(): number[];
  /** The rows of an hour, and the numbers of those in the range in the order of time, then of the log. */
  rowsOf(hour: number): { readonly rows: RowSet; readonly order: Uint32Array };
}

/** Everything that is stored of one unit in a range of time, an hour of event time at a time. Valid within one read transaction. */
export class UnitHistory implements HourlyRows {
  damaged = 0;
  readonly #range: TimeRange;
  /** Rows that are not sealed yet, by hour. */
  readonly #open = new Map<number, RowSet>();

  constructor(log: LogRows, segments: readonly Segment[], unit: number, tail: number, range: TimeRange, budget: Budget) {
    this.#range = range;
    log.follow(segments, unit, tail, range, budget, (row) => {
      const hour = Math.floor(row.time / HOUR);
      let rows = this.#open.get(hour);
      if (!rows) this.#open.set(hour, (rows = new RowSet()));
      if (!log.append(row, rows)) this.damaged++;
    });
  }

  hours(): number[] {
    return [...this.#open.keys()].sort((a, b) => a - b);
  }

  rowsOf(hour: number): { readonly rows: RowSet; readonly order: Uint32Array } {
    const rows = this.#open.get(hour) ?? NO_ROWS;
    const { from, to } = this.#range;
    return { rows, order: rows.order().filter((row) => (rows.time[row] as number) >= from && (rows.time[row] as number) <= to) };
  }
}
