import type { Batch } from './batch.ts';
import type { RawPage, RawQuery, Rewritten, RewrittenRow, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { RawPayload } from './raw-batch.ts';

/**
 * The port behind which telemetry is kept. Every store answers the same questions (history-store.test.ts holds each to it): the
 * SQLite append log, the in-memory reference, and what a company puts in their place where one machine is outgrown.
 */
export interface HistoryStore {
  /** Stores the messages of a batch in their order; they are durable when this resolves and `durable` was asked for. */
  appendBatch(batch: Batch, options: { readonly durable: boolean }): Promise<Appended>;
  /** Turns hours of reception that were over by `before` into the store's denser form. What is asked of the store stays the same. */
  seal(before: number): Promise<Sealed>;
  readRange(query: RangeQuery): Promise<RangeResult>;
  /** Whole rows of a unit, a page at a time. */
  rows(query: RowQuery): Promise<RowPage>;
  /** Curves with exact extremes, in few points. */
  trends(query: TrendQuery): Promise<TrendResult>;
  /** Raw payloads of a unit, a page at a time. */
  rawRange(query: RawQuery): Promise<RawPage>;
  /** The payload behind the first row of a message, by its place in the log; undefined where it is not kept (any more). */
  raw(sequence: number): Promise<RawPayload | undefined>;
  /** Puts other values into rows of a unit, all or none of them. */
  rewrite(unit: number, rows: readonly RewrittenRow[]): Promise<Rewritten>;
  /**
   * Removes what is old, whole hours at a time: of what is sealed by event time, of the rest by reception. Where a consumer has not
   * applied an hour of the log, neither that nor a later one is removed.
   */
  drop(query: DropQuery): Promise<Dropped>;
}

/** Where a message stands in the log: `sequence` counts from 1 without gaps; a log that was lost and begun anew has another epoch. */
export interface LogPosition {
  readonly epoch: string;
  readonly sequence: number;
}

export interface Appended {
  readonly first: number;
  readonly last: number;
}

/** What sealing did. */
export interface Sealed {
  /** Rows that were taken out of the log. */
  readonly messages: number;
  /** Chunks that were written. */
  readonly chunks: number;
  /** Rows that came too late for their hour and wait until it is sealed again. */
  readonly late: number;
  /** Copies of messages that were there already. */
  readonly repeated: number;
  /** Rows and chunks that could not be read; chunks are set aside. */
  readonly damaged: number;
}

/** What has been counted between two looks at the counts. */
export function sealedSince(start: Sealed, end: Sealed): Sealed {
  return { messages: end.messages - start.messages, chunks: end.chunks - start.chunks, late: end.late - start.late, repeated: end.repeated - start.repeated, damaged: end.damaged - start.damaged };
}

export interface RangeQuery {
  /** Unit numbers. */
  readonly units: readonly number[];
  readonly parameters: readonly number[];
  /** Event time, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
  /** Per series; the newest are kept. */
  readonly maxPoints: number;
}

/** Values of one parameter of one unit, oldest first; equal times stay in the order of arrival. */
export interface Series {
  readonly unit: number;
  readonly parameter: number;
  readonly time: Float64Array;
  readonly value: Float64Array;
}

export interface RangeResult {
  /** One per unit and parameter, also where empty, in the order of the query: units, then parameters. */
  readonly series: readonly Series[];
  /** Some series had more than `maxPoints`, or the query met the limit of rows it may visit. */
  readonly truncated: boolean;
  /** Records whose checksum or content is wrong; they are left out. */
  readonly damaged: number;
}

export interface DropQuery {
  /** Epoch ms. */
  readonly before: number;
  /** The smallest sequence that every consumer has applied; nothing after it is removed. */
  readonly appliedThrough: number;
}

export interface Dropped {
  readonly messages: number;
  /** The oldest sequence that is left in the log, or that will be given next. */
  readonly first: number;
}
