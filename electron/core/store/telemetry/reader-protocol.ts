import type { AppErrorData } from '#shared/kernel/error.ts';
import type { Copied } from './backup.ts';
import type { BatchSizes } from './batch.ts';
import type { RangeQuery, RangeResult } from './history-store.ts';
import type { CheckCursor, CheckSlice } from './integrity.ts';
import type { RawPayload } from './raw-batch.ts';
import type { RawPage, RawQuery, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import type { StoreSizes } from './sizes.ts';
import type { Tails } from './telemetry-reader.ts';

export type ReaderRequest =
  | { readonly kind: 'range'; readonly id: number; readonly query: RangeQuery; readonly tails: Tails }
  | { readonly kind: 'rows'; readonly id: number; readonly query: RowQuery; readonly tail: number }
  | { readonly kind: 'rawRange'; readonly id: number; readonly query: RawQuery; readonly tail: number }
  | { readonly kind: 'trends'; readonly id: number; readonly query: TrendQuery; readonly tails: Tails }
  | { readonly kind: 'check'; readonly id: number; readonly cursor: CheckCursor }
  | { readonly kind: 'sizes'; readonly id: number }
  | { readonly kind: 'copy'; readonly id: number; readonly from: string; readonly to: string }
  | { readonly kind: 'raw'; readonly id: number; readonly sequence: number }
  | { readonly kind: 'log'; readonly id: number; readonly after: number; readonly sizes: BatchSizes };

/** A stretch of the log: messages `after + 1` to `last` in a batch's buffer. */
export interface LogStretch {
  readonly buffer: ArrayBuffer;
  readonly count: number;
  readonly last: number;
  readonly damaged: number;
}

export type ReaderValue = RangeResult | RawPayload | LogStretch | RowPage | RawPage | TrendResult | CheckSlice | StoreSizes | Copied | undefined;

export type ReaderReport = { readonly id: number; readonly value: ReaderValue } | { readonly id: number; readonly error: AppErrorData };
