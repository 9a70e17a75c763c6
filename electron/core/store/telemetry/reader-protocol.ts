import type { AppErrorData } from '#shared/kernel/error.ts';
import type { BatchSizes } from './batch.ts';
import type { RangeQuery, RangeResult, RollupQuery, RollupSeries } from './history-store.ts';
import type { RawPayload } from './raw-batch.ts';
import type { RawPage, RawQuery, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { Tails } from './telemetry-reader.ts';

export type ReaderRequest =
  | { readonly kind: 'range'; readonly id: number; readonly query: RangeQuery; readonly tails: Tails }
  | { readonly kind: 'rollup'; readonly id: number; readonly query: RollupQuery; readonly tails: Tails }
  | { readonly kind: 'rows'; readonly id: number; readonly query: RowQuery; readonly tail: number }
  | { readonly kind: 'rawRange'; readonly id: number; readonly query: RawQuery; readonly tail: number }
  | { readonly kind: 'trends'; readonly id: number; readonly query: TrendQuery; readonly tails: Tails }
  | { readonly kind: 'raw'; readonly id: number; readonly sequence: number }
  | { readonly kind: 'log'; readonly id: number; readonly after: number; readonly sizes: BatchSizes };

/** A stretch of the log: messages `after + 1` to `last` in a batch's buffer. */
export interface LogStretch {
  readonly buffer: ArrayBuffer;
  readonly count: number;
  readonly last: number;
  readonly damaged: number;
}

export type ReaderValue = RangeResult | readonly RollupSeries[] | RawPayload | LogStretch | RowPage | RawPage | TrendResult | undefined;

export type ReaderReport = { readonly id: number; readonly value: ReaderValue } | { readonly id: number; readonly error: AppErrorData };
