import type { HistoryReader } from '../live/handlers.ts';
import type { RollupSeries } from '../store/telemetry/history-store.ts';

/** Readings of one parameter per stretch of time, oldest first. */
export type RolledUp = Omit<RollupSeries, 'unit'>;

/** Stored values of a unit as the history pages ask for them; units are known by their id. */
export interface TelemetryHistory extends HistoryReader {
  /** Per parameter in the order asked; `to` is excluded. A unit that was never heard has empty series. */
  rollup(query: { readonly unitId: string; readonly parameters: readonly number[]; readonly from: number; readonly to: number; readonly bucket: number }): Promise<readonly RolledUp[]>;
}
