import type { Principal } from '../../domain/access/principal.ts';
import { RESOURCES } from '../../resources/registry.ts';
import { user } from '../../resources/user.ts';
import type { RowChange } from '../change.ts';
import type { MutationRecord } from '../mutation.ts';
import { runMutation, type MutationOutcome, type MutatorRegistry } from '../run-mutation.ts';
import { attentionFor } from './needs-attention.ts';
import { PendingIndex } from './pending-index.ts';
import { PUSH_LIMIT, type PushOutcome, type RowKey, type SnapshotPage, type SyncPage } from './protocol.ts';
import { keepBases, rebase } from './rebase.ts';
import type { OutboxEntry, ReplicaStatus, ReplicaTx, SnapshotProgress } from './replica-ports.ts';
import { isOwnRow } from './shared-rows.ts';
import { RecordingStore, rowKeyOf } from './touched.ts';

/** Characters of arguments in one push; a single larger mutation travels alone. */
const PUSH_SIZE = 2_000_000;

const NOTHING: ReadonlySet<number> = new Set();

/**
 * A console's side of sync: rows as the authority gave them, with the mutations that wait on top. Each method is part of one transaction of
 * its caller; after one that was not committed, call `forget`.
 */
export class Replica {
  readonly #registry: MutatorRegistry;
  #index: PendingIndex | undefined;

  constructor(registry: MutatorRegistry) {
    this.#registry = registry;
  }

  /** Reads the outbox anew at the next call. */
  forget(): void {
    this.#index = undefined;
  }

  /** Runs a mutation of a person here and puts it in the outbox. Throws the mutator's AppErrors; the caller holds the savepoint and forgets. */
  async apply(tx: ReplicaTx, record: MutationRecord, principal: Principal): Promise<MutationOutcome & { readonly record: MutationRecord }> {
    const index = await this.#load(tx);
    const store = new RecordingStore(tx.rows);
    await store.get(user, record.userId);
    const sent = { ...record, basedOn: await seenAtAuthority(tx, record.basedOn) };
    const outcome = await runMutation(store, this.#registry, sent, principal);
    await keepBases(tx, store);
    const entry = { record: sent, state: 'pending', touched: store.touched() } as const;
    index.set({ ...entry, number: await tx.addOutbox(entry) });
    return { ...outcome, record: sent };
  }

  /** The next mutations of a user to send, in their order. */
  async nextPush(tx: ReplicaTx, userId: string, limit = PUSH_LIMIT): Promise<readonly MutationRecord[]> {
    const found: MutationRecord[] = [];
    let size = 0;
    for (const { record, state } of (await this.#load(tx)).all()) {
      if (state !== 'pending' || record.userId !== userId) continue;
      size += JSON.stringify(record.args ?? {}).length;
      if (found.length === limit || (found.length > 0 && size > PUSH_SIZE)) break;
      found.push(record);
    }
    return found;
  }

  /** Takes what became of pushed mutations: accepted ones stay applied until the feed has them, rejected ones are undone and need attention. */
  async outcomes(tx: ReplicaTx, outcomes: readonly PushOutcome[], at: number): Promise<readonly RowChange[]> {
    const index = await this.#load(tx);
    const cursor = await this.#cursor(tx);
    const drop = new Set<number>();
    for (const outcome of outcomes) {
      const entry = index.byMutation(outcome.id);
      if (entry === undefined) continue;
      if (outcome.outcome === 'rejected') await tx.addAttention(await attentionFor(tx, this.#registry, entry, outcome, at));
      if (outcome.outcome === 'rejected' || outcome.sequence <= cursor) drop.add(entry.number);
      else await this.#update(tx, index, { ...entry, state: 'accepted', sequence: outcome.sequence });
    }
    return drop.size === 0 ? [] : rebase(tx, index, this.#registry, { rows: [], gone: [], drop });
  }

  /** Applies the page that was pulled from `from`; a page from elsewhere is left alone. */
  async page(tx: ReplicaTx, page: SyncPage, from: number): Promise<readonly RowChange[]> {
    const index = await this.#load(tx);
    if ((await this.#cursor(tx)) !== from || (await tx.state('scopeKey')) !== page.scopeKey || (await tx.state('epoch')) !== page.epoch) return [];
    const drop = new Set<number>();
    for (const id of page.confirmed) {
      const entry = index.byMutation(id);
      if (entry !== undefined) drop.add(entry.number);
    }
    const changes = page.rows.length + page.gone.length + drop.size === 0 ? [] : await rebase(tx, index, this.#registry, { rows: page.rows, gone: page.gone, drop });
    await tx.setState('cursor', String(page.cursor));
    return changes;
  }

  /** Begins a snapshot, or goes on with one that was begun. What waits stays. */
  async beginSnapshot(tx: ReplicaTx): Promise<void> {
    if ((await tx.state('snapshot')) === undefined) await tx.setState('snapshot', '{}');
  }

  /** Applies the page of a snapshot that was asked for with `after`; rows that it does not have are gone. */
  async snapshotPage(tx: ReplicaTx, page: SnapshotPage, after: RowKey | undefined): Promise<readonly RowChange[]> {
    const index = await this.#load(tx);
    const progress = await this.#progress(tx);
    if (progress === undefined || rowKeyText(progress.after) !== rowKeyText(after)) return [];
    const first = progress.first ?? { epoch: page.epoch, scopeKey: page.scopeKey, head: page.head };
    if (first.epoch !== page.epoch || first.scopeKey !== page.scopeKey) {
      await tx.setState('snapshot', '{}');
      return [];
    }
    const gone = await missing(tx, page, after);
    const drop = new Set<number>();
    if (page.next !== undefined) {
      await tx.setState('snapshot', JSON.stringify({ after: page.next, first } satisfies SnapshotProgress));
    } else {
      const sameEpoch = (await tx.state('epoch')) === first.epoch;
      for (const entry of index.all()) {
        if (entry.state !== 'accepted') continue;
        if (sameEpoch && (entry.sequence ?? 0) <= first.head) drop.add(entry.number);
        // A feed begun anew may have lost it: it is sent again, and taken once.
        else if (!sameEpoch) await this.#update(tx, index, pendingAgain(entry));
      }
      await tx.setState('snapshot', undefined);
      await tx.setState('epoch', first.epoch);
      await tx.setState('scopeKey', first.scopeKey);
      await tx.setState('cursor', String(first.head));
    }
    return page.rows.length + gone.length + drop.size === 0 ? [] : rebase(tx, index, this.#registry, { rows: page.rows, gone, drop: drop.size === 0 ? NOTHING : drop });
  }

  async status(tx: ReplicaTx): Promise<ReplicaStatus> {
    const entries = (await this.#load(tx)).all();
    const pending = entries.filter((entry) => entry.state === 'pending').length;
    const snapshot = await this.#progress(tx);
    return { epoch: (await tx.state('epoch')) ?? '', cursor: await this.#cursor(tx), scopeKey: (await tx.state('scopeKey')) ?? '', pending, accepted: entries.length - pending, ...(snapshot === undefined ? {} : { snapshot }) };
  }

  async #load(tx: ReplicaTx): Promise<PendingIndex> {
    return (this.#index ??= new PendingIndex(await tx.outbox()));
  }

  async #update(tx: ReplicaTx, index: PendingIndex, entry: OutboxEntry): Promise<void> {
    await tx.updateOutbox(entry);
    index.set(entry);
  }

  async #cursor(tx: ReplicaTx): Promise<number> {
    return Number((await tx.state('cursor')) ?? 0);
  }

  async #progress(tx: ReplicaTx): Promise<SnapshotProgress | undefined> {
    const text = await tx.state('snapshot');
    return text === undefined ? undefined : (JSON.parse(text) as SnapshotProgress);
  }
}

const rowKeyText = (key: RowKey | undefined): string => (key === undefined ? '' : rowKeyOf(key.resource, key.id));

function pendingAgain({ number, record, touched, error }: OutboxEntry): OutboxEntry {
  return { number, record, state: 'pending', touched, ...(error === undefined ? {} : { error }) };
}

/** Local rows in the range of a page that it does not have; rows of this node alone stay. */
async function missing(tx: ReplicaTx, page: SnapshotPage, after: RowKey | undefined): Promise<RowKey[]> {
  const given = new Set(page.rows.map(({ resource, row }) => rowKeyOf(resource, row.id)));
  const place = (key: RowKey | undefined, otherwise: number): number => (key === undefined ? otherwise : RESOURCES.findIndex(({ name }) => name === key.resource));
  const gone: RowKey[] = [];
  for (const resource of RESOURCES.slice(place(after, 0), place(page.next, RESOURCES.length) + 1)) {
    const from = after?.resource === resource.name ? after.id : undefined;
    const through = page.next?.resource === resource.name ? page.next.id : undefined;
    for (const id of await tx.idsBetween(resource, from, through)) {
      if (given.has(rowKeyOf(resource.name, id))) continue;
      const row = await tx.rows.get(resource, id);
      if (row === undefined || !isOwnRow(resource, row)) gone.push({ resource: resource.name, id });
    }
  }
  return gone;
}

/** The revisions that the author saw, without what mutations made here and not confirmed added to them. */
async function seenAtAuthority(tx: ReplicaTx, basedOn: MutationRecord['basedOn']): Promise<MutationRecord['basedOn']> {
  const seen: Record<string, number> = {};
  for (const [key, revision] of Object.entries(basedOn)) {
    const split = key.indexOf(':');
    const base = await tx.base(key.slice(0, split), key.slice(split + 1));
    seen[key] = base?.row === undefined ? revision : Math.min(revision, base.row.revision);
  }
  return seen;
}
