import { z } from 'zod';
import { mutationRecord } from '../mutation.ts';

/** Version of the messages below; a change that an older side cannot read is a new number. */
export const SYNC_PROTOCOL = 1;
/** Mutations in one push; entries of the feed in one page; rows in one page of a snapshot. */
export const PUSH_LIMIT = 500;
export const PAGE_LIMIT = 2000;

/** A row as it travels: what every row has, and its fields. */
export const rowImage = z.looseObject({ id: z.string().max(100), revision: z.number().int(), createdAt: z.number(), updatedAt: z.number() });
export type RowImage = z.infer<typeof rowImage>;

export const syncRow = z.object({ resource: z.string().max(100), row: rowImage });
export type SyncRow = z.infer<typeof syncRow>;

export const rowKey = z.object({ resource: z.string().max(100), id: z.string().max(100) });
export type RowKey = z.infer<typeof rowKey>;

const errorData = z.object({ code: z.string().max(50), message: z.string(), details: z.record(z.string(), z.unknown()).optional() });

/** Every request says which messages and which definitions of resources its sender knows, and from which node it comes. */
const hello = { protocol: z.number().int(), schema: z.number().int(), nodeId: z.string().max(100) };

export const pushRequest = z.object({ ...hello, mutations: z.array(mutationRecord).max(PUSH_LIMIT) });
export type PushRequest = z.infer<typeof pushRequest>;

/** What became of one mutation. `current`: the rows that a refusal is about, as far as the author may see them. */
export const pushOutcome = z.discriminatedUnion('outcome', [
  z.object({ id: z.uuid(), outcome: z.literal('accepted'), sequence: z.number().int(), result: z.unknown() }),
  z.object({ id: z.uuid(), outcome: z.literal('rejected'), error: errorData, current: z.array(syncRow).optional() }),
]);
export type PushOutcome = z.infer<typeof pushOutcome>;

export const pushResponse = z.object({ outcomes: z.array(pushOutcome), head: z.number().int() });
export type PushResponse = z.infer<typeof pushResponse>;

export const pullRequest = z.object({ ...hello, epoch: z.string().max(100), cursor: z.number().int().min(0), scopeKey: z.string().max(100), limit: z.number().int().min(1).max(PAGE_LIMIT) });
export type PullRequest = z.infer<typeof pullRequest>;

/** Why a replica has to begin anew with a snapshot. */
export const resetReason = z.enum(['epoch', 'scope', 'cursor']);
export type ResetReason = z.infer<typeof resetReason>;

/** What changed up to `cursor`, and which of this node's mutations are in it. */
export const syncPage = z.object({
  kind: z.literal('page'),
  epoch: z.string(),
  scopeKey: z.string(),
  head: z.number().int(),
  cursor: z.number().int(),
  rows: z.array(syncRow),
  gone: z.array(rowKey),
  confirmed: z.array(z.string()),
  more: z.boolean(),
});
export type SyncPage = z.infer<typeof syncPage>;

export const pullResponse = z.discriminatedUnion('kind', [syncPage, z.object({ kind: z.literal('reset'), reason: resetReason })]);
export type PullResponse = z.infer<typeof pullResponse>;

/** Where a snapshot has come to: everything up to this row, in the order of the registry and of the ids, was given. */
export const snapshotRequest = z.object({ ...hello, after: rowKey.optional(), limit: z.number().int().min(1).max(PAGE_LIMIT) });
export type SnapshotRequest = z.infer<typeof snapshotRequest>;

/**
 * Rows after `after` up to and with `next`, or to the end where `next` is absent. `head` is the sequence from which to pull so that nothing
 * is missed: that of the first page counts.
 */
export const snapshotPage = z.object({ epoch: z.string(), scopeKey: z.string(), head: z.number().int(), rows: z.array(syncRow), next: rowKey.optional() });
export type SnapshotPage = z.infer<typeof snapshotPage>;
