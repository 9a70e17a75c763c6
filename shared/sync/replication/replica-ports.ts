import type { AppErrorData } from '../../kernel/error.ts';
import type { Resource } from '../../resources/define-resource.ts';
import type { MutationRecord } from '../mutation.ts';
import type { RowStore } from '../tx.ts';
import type { RowImage, SyncRow } from './protocol.ts';

/** What a mutation read and wrote when it last ran here, as keys of shared/sync/replication/touched.ts. */
export interface Touched {
  readonly reads: readonly string[];
  /** Rows it wrote. */
  readonly writes: readonly string[];
  /** Unique values and references of these rows before and after. */
  readonly marks: readonly string[];
}

/** A mutation that was made here and is not in the feed yet. */
export interface OutboxEntry {
  /** The order in which mutations were made here. */
  readonly number: number;
  readonly record: MutationRecord;
  /** `pending`: the authority has not answered; `accepted`: it is in the feed at `sequence`, which was not pulled yet. */
  readonly state: 'pending' | 'accepted';
  readonly sequence?: number;
  readonly touched: Touched;
  /** Why it could not be applied on top of the newest rows; the authority decides nevertheless. */
  readonly error?: AppErrorData;
}

/** A rejected mutation that waits for its author. */
export interface AttentionEntry {
  readonly mutationId: string;
  /** When the rejection arrived, epoch ms. */
  readonly at: number;
  readonly userId: string;
  readonly error: AppErrorData;
  /** What the author did, and the rows as he saw them; absent rows were deleted by it. */
  readonly mine: { readonly name: string; readonly label: string; readonly args: unknown; readonly at: number; readonly rows: readonly SyncRow[] };
  /** The rows that the refusal is about, as the authority had them. */
  readonly theirs: readonly SyncRow[];
  readonly decided?: 'discarded' | 'resent';
}

export type BaseRow = { readonly row: RowImage | undefined };

/** One transaction of a replica's store. Failures of the store come out as AppError `store-…` or `unavailable`. */
export interface ReplicaTx {
  readonly rows: RowStore;
  savepoint<T>(run: () => Promise<T>): Promise<T>;
  state(key: string): Promise<string | undefined>;
  setState(key: string, value: string | undefined): Promise<void>;
  /** All entries in their order. */
  outbox(): Promise<readonly OutboxEntry[]>;
  /** Adds an entry at the end and returns its number. */
  addOutbox(entry: Omit<OutboxEntry, 'number'>): Promise<number>;
  /** Replaces everything but the record. */
  updateOutbox(entry: OutboxEntry): Promise<void>;
  removeOutbox(number: number): Promise<void>;
  /** The row as the authority last gave it, where mutations of the outbox changed it (`row` absent: there was none); undefined: no such mutation. */
  base(resource: string, id: string): Promise<BaseRow | undefined>;
  putBase(resource: string, id: string, base: BaseRow): Promise<void>;
  removeBase(resource: string, id: string): Promise<void>;
  /** Ids of the rows of a resource, and of its kept bases, after `after` (absent: from the first) up to and with `through` (absent: to the last); each once. */
  idsBetween(resource: Resource, after: string | undefined, through: string | undefined): Promise<readonly string[]>;
  /** Adds an entry; one that is there stays as it is. */
  addAttention(entry: AttentionEntry): Promise<void>;
}

/** How far a replica has come. */
export interface ReplicaStatus {
  readonly epoch: string;
  readonly cursor: number;
  readonly scopeKey: string;
  /** Mutations that the authority has not answered. */
  readonly pending: number;
  /** Mutations that it accepted and that were not pulled yet. */
  readonly accepted: number;
  /** A snapshot is under way. */
  readonly snapshot?: SnapshotProgress;
}

export interface SnapshotProgress {
  readonly after?: { readonly resource: string; readonly id: string };
  /** Of the first page. */
  readonly first?: { readonly epoch: string; readonly scopeKey: string; readonly head: number };
}
