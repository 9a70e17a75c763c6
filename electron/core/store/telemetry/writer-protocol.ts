import type { AppErrorData } from '#shared/kernel/error.ts';
import type { BatchSizes } from './batch.ts';
import type { DropQuery } from './history-store.ts';
import type { DamagedChunk } from './integrity.ts';
import type { RewrittenRow } from './reads.ts';
import type { StoredUnit } from './telemetry-log.ts';

/** What the writer's thread is started with. */
export interface WriterOptions {
  readonly path: string;
  readonly sizes: BatchSizes;
  /** Bytes kept aside to be released when the disk is full; 0: none. */
  readonly ballastBytes: number;
  /** Snapshot that is wanted at the start. */
  readonly snapshot: string;
}

export type WriterRequest =
  | { readonly kind: 'append'; readonly id: number; readonly buffer: ArrayBuffer; readonly count: number; readonly durable: boolean; readonly newUnits: readonly StoredUnit[]; readonly behind: boolean }
  | { readonly kind: 'tails'; readonly id: number; readonly units: readonly number[] }
  | { readonly kind: 'rewrite'; readonly id: number; readonly unit: number; readonly rows: readonly RewrittenRow[] }
  | { readonly kind: 'seal'; readonly id: number; readonly before: number }
  | { readonly kind: 'quarantine'; readonly id: number; readonly chunks: readonly DamagedChunk[] }
  | { readonly kind: 'reindex'; readonly id: number; readonly tables: readonly string[] }
  | { readonly kind: 'drop'; readonly id: number; readonly query: DropQuery; readonly rawBefore: number; readonly rollupsBefore?: number }
  | { readonly kind: 'snapshot'; readonly id: number; readonly name: string; readonly data: Uint8Array }
  | { readonly kind: 'close'; readonly id: number };

/**
 * `ok`; `low`: space is running out, or telemetry is stored while the ballast is not back; `full`: a write found no room;
 * `failed`: the database itself is damaged or gone.
 */
export type StorageState = 'ok' | 'low' | 'full' | 'failed';

export interface StorageReport {
  readonly state: StorageState;
  readonly text?: string;
  /** Size of the database with its WAL. */
  readonly logBytes: number;
  /** Free on the disk. */
  readonly freeBytes: number;
}

export type WriterReport =
  | { readonly kind: 'opened'; readonly epoch: string; readonly last: number; readonly units: readonly StoredUnit[]; readonly snapshot?: { readonly sequence: number; readonly data: Uint8Array } }
  | { readonly kind: 'refused'; readonly error: AppErrorData }
  | { readonly kind: 'committed'; readonly id: number; readonly first: number; readonly last: number; readonly milliseconds: number; readonly buffer: ArrayBuffer }
  /** The batch cannot be stored, now or later: its messages are not acknowledged. */
  | { readonly kind: 'rejected'; readonly id: number; readonly error: AppErrorData; readonly buffer: ArrayBuffer }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: AppErrorData }
  | { readonly kind: 'storage'; readonly report: StorageReport };
