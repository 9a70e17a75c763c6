import type { Fields, Resource, RowOf } from '../../resources/define-resource.ts';
import type { RowChange } from '../change.ts';
import type { MutationRecord } from '../mutation.ts';
import type { RowStore } from '../tx.ts';
import type { PushOutcome } from './protocol.ts';

/**
 * Who may see a row, as far as a customer or a user decides it: `*` everybody, `` (empty) those who see all customers, `customer:<id>`
 * those who see this customer, `user:<id>` this user alone, `users` whoever may see that user (shared/sync/replication/audience.ts).
 */
export type Audience = string;

/** The place of a row in the order of changes: one entry per row, at its latest sequence. A deleted row keeps the audience it had. */
export interface FeedEntry {
  readonly sequence: number;
  readonly resource: string;
  readonly rowId: string;
  readonly audience: Audience;
  readonly deleted: boolean;
}

/** An audience that no longer sees a row since `sequence`; one entry per row and audience, the latest. */
export type LeftEntry = Omit<FeedEntry, 'deleted'>;

export interface FeedRange {
  /** Entries after this sequence … */
  readonly after: number;
  /** … up to and with this one; absent: to the end. */
  readonly through?: number;
  readonly limit: number;
  /** Only entries of these audiences; `every`: all. */
  readonly audiences: readonly Audience[] | 'every';
}

/** What an authority remembers of a mutation for ever: a second copy gets the same answer. */
export interface StoredOutcome {
  readonly record: Pick<MutationRecord, 'id' | 'name' | 'args' | 'userId' | 'nodeId'>;
  readonly outcome: PushOutcome;
}

/** A mutation that is stored as accepted, with everything the change log and the audit keep of it. */
export interface AcceptedEntry {
  /** As its author sent it; `at` is his clock. */
  readonly record: MutationRecord;
  /** The author's time as far as it can be believed, epoch ms: the time of the changes. */
  readonly at: number;
  /** By the authority's clock, epoch ms. */
  readonly receivedAt: number;
  readonly sessionId: string;
  readonly sequence: number;
  /** JSON. */
  readonly result: unknown;
  readonly changes: readonly RowChange[];
  /** False: too trivial for the audit log. */
  readonly audited: boolean;
}

/** A mutation that is stored as rejected; of kinds `forbidden` and `refused` the audit keeps an entry too. */
export interface RejectedEntry {
  readonly record: MutationRecord;
  readonly receivedAt: number;
  readonly sessionId: string;
  readonly outcome: Extract<PushOutcome, { readonly outcome: 'rejected' }>;
}

/** Reads of one consistent state. */
export interface AuthorityReads {
  readonly rows: RowStore;
  /** Identity of the feed: another one after the store was restored from a backup or begun anew. */
  epoch(): Promise<string>;
  /** The highest sequence given out; 0 for an empty feed. */
  head(): Promise<number>;
  /** Rows by id; those that are not there are left out. */
  getMany<F extends Fields>(resource: Resource<F>, ids: readonly string[]): Promise<ReadonlyMap<string, RowOf<F>>>;
  /** The entry of a row, of a deleted one too; undefined for a row that never was. */
  feedEntry(resource: string, rowId: string): Promise<FeedEntry | undefined>;
  /** Entries in the order of sequence, resource, row. */
  feed(range: FeedRange): Promise<readonly FeedEntry[]>;
  left(range: FeedRange): Promise<readonly LeftEntry[]>;
  /** Entries of rows of this resource that exist, by row id, after `afterId` (absent: from the first). */
  feedOfResource(resource: string, afterId: string | undefined, limit: number, audiences: readonly Audience[] | 'every'): Promise<readonly FeedEntry[]>;
  /** Accepted mutations of a node after this sequence, in order. */
  acceptedOf(nodeId: string, after: number, limit: number): Promise<readonly { readonly id: string; readonly sequence: number }[]>;
  /** What became of a mutation that was seen before. */
  outcome(mutationId: string): Promise<StoredOutcome | undefined>;
  /** Fields of a row that mutations of other nodes changed after `revision`: a node knows its own changes. */
  fieldsChangedByOthers(resource: Resource, id: string, revision: number, nodeId: string): Promise<readonly string[]>;
}

/** One transaction. Failures of the store come out as AppError `store-…` or `unavailable`, never as anything else. */
export interface AuthorityTx extends AuthorityReads {
  /** Runs in a savepoint: what it wrote is undone where it throws, and the error goes on. */
  savepoint<T>(run: () => Promise<T>): Promise<T>;
  /** head() + 1, and from now on the head. */
  nextSequence(): Promise<number>;
  accept(entry: AcceptedEntry): Promise<void>;
  reject(entry: RejectedEntry): Promise<void>;
  /** Sets the entries of rows; an earlier entry of the same row is replaced. */
  putFeed(entries: readonly FeedEntry[]): Promise<void>;
  /** Sets the entries of rows and audiences; an earlier one is replaced. */
  putLeft(entries: readonly LeftEntry[]): Promise<void>;
}

/** The store of an authority: one writer at a time. */
export interface AuthorityStore {
  /** Commits what `run` did, or nothing where it throws; resolves after the commit. */
  write<T>(run: (tx: AuthorityTx) => Promise<T>): Promise<T>;
  read<T>(run: (reads: AuthorityReads) => Promise<T>): Promise<T>;
}

/** Who speaks to the authority: from a session that the server has checked. */
export interface SyncSession {
  readonly userId: string;
  readonly nodeId: string;
  readonly sessionId: string;
  /** When the server first saw this node, epoch ms. */
  readonly nodeSeenAt: number;
  /** The account of a headless node: it may send the allow-listed mutations of the product itself, and sees everything. */
  readonly service?: boolean;
}
