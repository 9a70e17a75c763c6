import type { TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { HistoryReader } from '../live/handlers.ts';
import type { RowPage, RowQuery, TrendQuery, TrendResult } from '../store/telemetry/reads.ts';

/** Stored values of a unit as the history pages ask for them; units are known by their id. */
export interface TelemetryHistory extends HistoryReader {
  /** Curves in at most `maxPoints` buckets each, with exact extremes. A unit that was never heard has none. */
  series(query: Omit<TrendQuery, 'units'> & { readonly unitId: string }): Promise<TrendResult>;
}

/** Stored records and the payloads behind them. */
export interface RecordHistory extends TelemetryHistory {
  /** Whole rows, a page at a time. */
  rows(query: Omit<RowQuery, 'unit'> & { readonly unitId: string }): Promise<RowPage>;
  /** The payload behind a row, by its sequence; undefined where it is not kept (any more). */
  payload(sequence: number): Promise<{ readonly suffix: TopicSuffix; readonly detail: string; readonly payload: Uint8Array } | undefined>;
}
