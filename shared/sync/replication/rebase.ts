import { AppError, type AppErrorData } from '../../kernel/error.ts';
import type { Fields, Resource, RowOf } from '../../resources/define-resource.ts';
import { resourceNamed } from '../../resources/registry.ts';
import { user, type UserRow } from '../../resources/user.ts';
import { describeFields, type RowChange } from '../change.ts';
import { runMutation, type MutatorRegistry } from '../run-mutation.ts';
import { authorOf } from './author.ts';
import type { PendingIndex } from './pending-index.ts';
import type { RowImage, RowKey, SyncRow } from './protocol.ts';
import type { OutboxEntry, ReplicaTx } from './replica-ports.ts';
import { fieldKeys, marksOf, RecordingStore, rowKeyOf, sameImage, uniqueMarks, uniqueValues } from './touched.ts';

/** New images of rows, rows that are gone, and mutations that leave the outbox. */
export interface Incoming {
  readonly rows: readonly SyncRow[];
  readonly gone: readonly RowKey[];
  /** Numbers of outbox entries that are in the new images, or were rejected. */
  readonly drop: ReadonlySet<number>;
}

interface Target {
  readonly resource: Resource;
  readonly id: string;
  readonly before: RowImage | undefined;
  readonly next: RowImage | undefined;
}

const STORE_ERROR = /^(store-|unavailable$)/;

/**
 * Puts what the authority says under the mutations that it has not confirmed: undoes those that are touched, writes the new images, and runs
 * the undone ones again in their order. One that fails now stays in the outbox with its error. Returns what changed of the rows.
 */
export async function rebase(tx: ReplicaTx, index: PendingIndex, registry: MutatorRegistry, incoming: Incoming): Promise<readonly RowChange[]> {
  const run = new Rebase(tx, index, registry);
  await run.apply(incoming);
  return run.changes();
}

class Rebase {
  readonly #tx: ReplicaTx;
  readonly #index: PendingIndex;
  readonly #registry: MutatorRegistry;
  /** Rows as they were before anything was done, by key. */
  readonly #first = new Map<string, { readonly resource: Resource; readonly id: string; readonly row: RowImage | undefined }>();

  constructor(tx: ReplicaTx, index: PendingIndex, registry: MutatorRegistry) {
    this.#tx = tx;
    this.#index = index;
    this.#registry = registry;
  }

  async apply({ rows, gone, drop }: Incoming): Promise<void> {
    const pages: Target[] = [];
    const keys = new Set<string>();
    const given = new Set(rows.map(({ resource, row }) => rowKeyOf(resource, row.id)));
    for (const { resource: name, id } of gone) if (!given.has(rowKeyOf(name, id))) pages.push({ resource: resourceNamed(name), id, before: undefined, next: undefined });
    for (const { resource: name, row } of rows) pages.push({ resource: resourceNamed(name), id: row.id, before: undefined, next: row });
    if (this.#index.size > 0) for (const target of pages) await this.#touch(keys, target);
    const affected = this.#index.affected(keys, drop).map((number) => this.#index.get(number)).filter((entry) => entry !== undefined);

    const targets = new Map<string, Target>();
    const bases = await this.#bases(affected);
    for (const { resource, id, row } of bases) targets.set(rowKeyOf(resource.name, id), { resource, id, before: await this.#now(resource, id), next: row });
    for (const { resource, id, next } of pages) targets.set(rowKeyOf(resource.name, id), { resource, id, before: await this.#now(resource, id), next });
    await this.#write([...targets.values()], new Set(pages.map(({ resource, id }) => rowKeyOf(resource.name, id))));

    for (const entry of affected) {
      this.#index.remove(entry.number);
      if (drop.has(entry.number)) await this.#tx.removeOutbox(entry.number);
    }
    for (const entry of affected) if (!drop.has(entry.number)) await this.#again(entry);
  }

  /** What differs from before, for whoever shows these rows. */
  async changes(): Promise<readonly RowChange[]> {
    const found: RowChange[] = [];
    for (const { resource, id, row } of this.#first.values()) {
      const now = (await this.#tx.rows.get(resource, id)) as RowImage | undefined;
      if (!sameImage(resource, row, now)) found.push(changeOf(resource, id, row, now));
    }
    return found;
  }

  async #now(resource: Resource, id: string): Promise<RowImage | undefined> {
    const row = (await this.#tx.rows.get(resource, id)) as RowImage | undefined;
    const key = rowKeyOf(resource.name, id);
    if (!this.#first.has(key)) this.#first.set(key, { resource, id, row });
    return row;
  }

  /** Keys by which waiting mutations may depend on a row that changes: of the row as it was and as it comes, and of whoever holds its unique values. */
  async #touch(keys: Set<string>, { resource, id, next }: Target): Promise<void> {
    keys.add(rowKeyOf(resource.name, id));
    const before = await this.#now(resource, id);
    for (const image of [before, next]) if (image !== undefined) for (const mark of marksOf(resource, image)) keys.add(mark);
    if (next === undefined) return;
    for (const { column, value } of uniqueValues(resource, next)) {
      const holder = (await this.#tx.rows.findByColumn(resource, column, value)) as RowImage | undefined;
      if (holder !== undefined && holder.id !== id) for (const mark of marksOf(resource, holder)) keys.add(mark);
    }
  }

  /** What the authority last gave of the rows that these mutations wrote; they are undone by it, so that it is not kept any longer. */
  async #bases(entries: readonly OutboxEntry[]): Promise<readonly { readonly resource: Resource; readonly id: string; readonly row: RowImage | undefined }[]> {
    const found = new Map<string, { resource: Resource; id: string; row: RowImage | undefined }>();
    for (const { touched } of entries) {
      for (const key of touched.writes) {
        if (found.has(key)) continue;
        const split = key.indexOf(':');
        const resource = resourceNamed(key.slice(0, split));
        const id = key.slice(split + 1);
        const base = await this.#tx.base(resource.name, id);
        if (base === undefined) continue;
        found.set(key, { resource, id, row: base.row });
        await this.#tx.removeBase(resource.name, id);
      }
    }
    return [...found.values()];
  }

  /** Deletes first, then writes: rows may have swapped a unique value. `fresh`: keys of images that come from the authority now. */
  async #write(targets: readonly Target[], fresh: ReadonlySet<string>): Promise<void> {
    const { rows } = this.#tx;
    const removed = new Set<string>();
    for (const { resource, id, before, next } of targets) {
      if (before === undefined || (next !== undefined && uniqueMarks(resource, before).join() === uniqueMarks(resource, next).join())) continue;
      await rows.delete(resource, id);
      removed.add(rowKeyOf(resource.name, id));
    }
    for (const { resource, id, before, next } of [...targets].sort((a, b) => Number(fresh.has(rowKeyOf(a.resource.name, a.id))) - Number(fresh.has(rowKeyOf(b.resource.name, b.id))))) {
      if (next === undefined || sameImage(resource, removed.has(rowKeyOf(resource.name, id)) ? undefined : before, next)) continue;
      const held = before !== undefined && !removed.has(rowKeyOf(resource.name, id));
      if (!held && !(await this.#free(resource, next, fresh.has(rowKeyOf(resource.name, id))))) continue;
      const row = next as unknown as RowOf<Fields>;
      if (held && before.createdAt !== next.createdAt) {
        await rows.delete(resource, id);
        await rows.insert(resource, row);
      } else if (held) await rows.update(resource, row, fieldKeys(resource));
      else await rows.insert(resource, row);
    }
  }

  /**
   * Makes room for an image: a row that holds one of its unique values is out of date (the authority's rows share none), so that it goes and
   * comes again later in the feed, or is gone. False for an image that is itself the older one.
   */
  async #free(resource: Resource, next: RowImage, fresh: boolean): Promise<boolean> {
    for (const { column, value } of uniqueValues(resource, next)) {
      const holder = (await this.#tx.rows.findByColumn(resource, column, value)) as RowImage | undefined;
      if (holder === undefined || holder.id === next.id) continue;
      if (!fresh) return false;
      await this.#now(resource, holder.id);
      await this.#tx.rows.delete(resource, holder.id);
    }
    return true;
  }

  async #again(entry: OutboxEntry): Promise<void> {
    const { record } = entry;
    const store = new RecordingStore(this.#tx.rows);
    let error: AppErrorData | undefined;
    try {
      await this.#tx.savepoint(async () => {
        const author = (await store.get(user, record.userId)) as UserRow | undefined;
        if (author?.status !== 'active') throw new AppError('forbidden', 'This account may not change anything at the moment.');
        await runMutation(store, this.#registry, record, authorOf(author, '', record.nodeId));
        await keepBases(this.#tx, store);
      });
    } catch (reason) {
      error = dataOf(reason);
    }
    for (const { resource, id, row } of store.before.values()) {
      const key = rowKeyOf(resource.name, id);
      if (!this.#first.has(key)) this.#first.set(key, { resource, id, row });
    }
    const next = { number: entry.number, record, state: entry.state, ...(entry.sequence === undefined ? {} : { sequence: entry.sequence }), touched: store.touched(error !== undefined), ...(error === undefined ? {} : { error }) };
    await this.#tx.updateOutbox(next);
    this.#index.set(next);
  }
}

/** Keeps the rows that a mutation wrote as the authority gave them, where no earlier one wrote them. */
export async function keepBases(tx: ReplicaTx, store: RecordingStore): Promise<void> {
  for (const { resource, id, row } of store.before.values()) {
    if ((await tx.base(resource.name, id)) === undefined) await tx.putBase(resource.name, id, { row });
  }
}

/** An error as it is kept; what the store suffers from is thrown on. */
function dataOf(error: unknown): AppErrorData {
  if (error instanceof AppError) {
    if (STORE_ERROR.test(error.code)) throw error;
    return error.toData();
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

function changeOf(resource: Resource, id: string, before: RowImage | undefined, now: RowImage | undefined): RowChange {
  const keys = fieldKeys(resource).filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(now?.[key]));
  const fields = describeFields(resource, keys, before ?? {}, now ?? {});
  const operation = before === undefined ? 'insert' : now === undefined ? 'delete' : 'update';
  return { resource: resource.name, rowId: id, operation, revision: (now ?? before)?.revision ?? 0, fields, ...(now === undefined ? {} : { row: now }) };
}
