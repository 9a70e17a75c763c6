import type { TextValue } from '#shared/domain/telemetry/codec/record.ts';

/** Where a page of rows ends: the next one follows it in the order of the query. */
export interface RowCursor {
  readonly time: number;
  readonly sequence: number;
}

/** Whole rows of one unit in the order of event time (equal times: of arrival). */
export interface RowQuery {
  readonly unit: number;
  /** Event time, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
  /** Rows of one page. */
  readonly limit: number;
  /** The page after this row. */
  readonly after?: RowCursor;
  /** From the newest to the oldest. */
  readonly newestFirst?: boolean;
  /** Only rows with one of these parameters, and only these values of them. */
  readonly parameters?: readonly number[];
}

/** What one message gave at one instant, as stored. */
export interface StoredRow {
  /** Place in the log; finds the raw payload while it is kept. Further rows of a message follow its first. */
  readonly sequence: number;
  /** Event time, epoch ms. */
  readonly time: number;
  readonly received: number;
  /** What the unit's clock said, epoch ms; NaN where it said nothing. */
  readonly deviceTime: number;
  readonly boot: number;
  readonly number: number;
  /** QUALITY and ROW_FLAG bits. */
  readonly flags: number;
  readonly parameters: Uint16Array;
  readonly values: Float64Array;
  readonly texts: readonly TextValue[];
}

export interface RowPage {
  /** May be fewer than asked for, or none, although there are more: one query visits only so many. */
  readonly rows: readonly StoredRow[];
  /** Ask with it for the next page; undefined: this was the last one. */
  readonly next?: RowCursor;
  /** Rows and stretches that could not be read; they are left out. */
  readonly damaged: number;
}

/** Raw payloads of one unit, oldest first, as they were received. */
export interface RawQuery {
  readonly unit: number;
  /** Event time of the message's first row, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
  /** Messages of one page; a page also ends after 8 MB. */
  readonly limit: number;
  readonly after?: RowCursor;
}

export interface RawMessage {
  readonly sequence: number;
  readonly time: number;
  readonly received: number;
  readonly deviceTime: number;
  readonly boot: number;
  readonly number: number;
  readonly flags: number;
  /** Number of the topic's suffix (suffix-codes.ts). */
  readonly suffix: number;
  /** For suffixes with a detail (ovms-metric, ack): u8 length of it, it, the payload. */
  readonly payload: Uint8Array;
}

export interface RawPage {
  readonly messages: readonly RawMessage[];
  readonly next?: RowCursor;
  /** Messages of this page's stretch whose payload is not kept (any more). */
  readonly missing: number;
  readonly damaged: number;
}

/** Other values for a stored row; its head and texts stay. */
export interface RewrittenRow {
  readonly sequence: number;
  /** Event time of the row, epoch ms: tells where it is kept. */
  readonly time: number;
  readonly parameters: Uint16Array;
  readonly values: Float64Array;
}

export interface Rewritten {
  readonly rewritten: number;
  /** Rows that are not there (any more), or are damaged. */
  readonly missing: number;
}

/** A curve for a chart: at most `maxPoints` buckets per series, with exact extremes. */
export interface TrendQuery {
  readonly units: readonly number[];
  readonly parameters: readonly number[];
  /** Event time, epoch ms, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
}

/**
 * Buckets that have values, oldest first. Where everything fits, `bucket` is 0 and each value is a bucket of its own. NaN is no value.
 * A chart that draws first, min, max and last of each bucket shows the very peaks of the data.
 */
export interface Trend {
  readonly unit: number;
  readonly parameter: number;
  /** Length of a bucket, ms; 0: every value by itself. */
  readonly bucket: number;
  /** Values in all. */
  readonly total: number;
  /** Begin of the bucket (for bucket 0: the value's own time), epoch ms. */
  readonly time: Float64Array;
  readonly count: Uint32Array;
  readonly first: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
  readonly mean: Float64Array;
}

export interface TrendResult {
  /** One per unit and parameter, also where empty, in the order of the query: units, then parameters. */
  readonly trends: readonly Trend[];
  /** The query met the limit of what it may visit; the oldest is missing. */
  readonly truncated: boolean;
  readonly damaged: number;
}
