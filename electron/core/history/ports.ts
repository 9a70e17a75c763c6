import type { TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { HistoryReader } from '../live/handlers.ts';
import type { RollupSeries } from '../store/telemetry/history-store.ts';
import type { RowPage, RowQuery } from '../store/telemetry/reads.ts';

/** Readings of one parameter per stretch of time, oldest first. */
export type RolledUp = Omit<RollupSeries, 'unit'>;

/** Stored values of a unit as the history pages ask for them; units are known by their id. */
export interface TelemetryHistory extends HistoryReader {
  /** Per parameter in the order asked; `to` is excluded. A unit that was never heard has empty series. */
  rollup(query: { readonly unitId: string; readonly parameters: readonly number[]; readonly from: number; readonly to: number; readonly bucket: number }): Promise<readonly RolledUp[]>;
}

/** Stored records and the payloads behind them. */
export interface RecordHistory extends TelemetryHistory {
  /** Whole rows, a page at a time. */
  rows(query: Omit<RowQuery, 'unit'> & { readonly unitId: string }): Promise<RowPage>;
  /** The payload behind a row, by its sequence; undefined where it is not kept (any more). */
  payload(sequence: number): Promise<{ readonly suffix: TopicSuffix; readonly detail: string; readonly payload: Uint8Array } | undefined>;
}
