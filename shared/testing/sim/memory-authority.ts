import type { Fields, Resource, RowOf } from '../../resources/define-resource.ts';
import type { AcceptedEntry, AuthorityReads, AuthorityStore, AuthorityTx, FeedEntry, FeedRange, LeftEntry, RejectedEntry, StoredOutcome } from '../../sync/replication/ports.ts';
import { Journal, JournalMap, MemoryRows } from './memory.ts';

/** The store of an authority in memory: transactions one after the other, savepoints, and nothing of one that was not committed. */
export class MemoryAuthorityStore implements AuthorityStore {
  readonly #journal = new Journal();
  readonly rows = new MemoryRows(this.#journal);
  readonly #feed = new JournalMap<FeedEntry>(this.#journal);
  readonly #left = new JournalMap<LeftEntry>(this.#journal);
  readonly #outcomes = new JournalMap<StoredOutcome>(this.#journal);
  readonly #state = new JournalMap<number>(this.#journal);
  readonly #accepted = new JournalMap<AcceptedEntry>(this.#journal);
  /** Called before each commit; a throw is a crash in it. */
  beforeCommit: (() => void) | undefined;

  write<T>(run: (tx: AuthorityTx) => Promise<T>): Promise<T> {
    return this.#journal.transaction(async () => {
      const result = await run(this.tx());
      this.beforeCommit?.();
      return result;
    });
  }

  read<T>(run: (reads: AuthorityReads) => Promise<T>): Promise<T> {
    return this.#journal.transaction(() => run(this.tx()));
  }

  /** Mutations in the order in which they were accepted. */
  accepted(): readonly AcceptedEntry[] {
    return this.#accepted.values().sort((a, b) => a.sequence - b.sequence);
  }

  outcomes(): readonly StoredOutcome[] {
    return this.#outcomes.values();
  }

  tx(): AuthorityTx {
    const { rows } = this;
    const inRange = <E extends LeftEntry>(entries: readonly E[], { after, through, limit, audiences }: FeedRange): E[] =>
      entries.filter((entry) => entry.sequence > after && (through === undefined || entry.sequence <= through) && (audiences === 'every' || audiences.includes(entry.audience))).sort(byPlace).slice(0, limit);
    return {
      rows,
      epoch: async () => 'one',
      head: async () => this.#state.get('head') ?? 0,
      async getMany<F extends Fields>(resource: Resource<F>, ids: readonly string[]) {
        const found = new Map<string, RowOf<F>>();
        for (const id of ids) {
          const row = await rows.get(resource, id);
          if (row !== undefined) found.set(id, row);
        }
        return found;
      },
      feedEntry: async (resource, rowId) => this.#feed.get(`${resource}:${rowId}`),
      feed: async (range) => inRange(this.#feed.values(), range),
      left: async (range) => inRange(this.#left.values(), range),
      feedOfResource: async (resource, afterId, limit, audiences) =>
        this.#feed.values()
          .filter((entry) => entry.resource === resource && !entry.deleted && (afterId === undefined || entry.rowId > afterId) && (audiences === 'every' || audiences.includes(entry.audience)))
          .sort((a, b) => (a.rowId < b.rowId ? -1 : 1))
          .slice(0, limit),
      acceptedOf: async (nodeId, after, limit) =>
        this.accepted().filter(({ record, sequence }) => record.nodeId === nodeId && sequence > after).slice(0, limit).map(({ record, sequence }) => ({ id: record.id, sequence })),
      outcome: async (id) => this.#outcomes.get(id),
      fieldsChangedByOthers: async (resource, id, revision, nodeId) =>
        this.#accepted.values().filter(({ record }) => record.nodeId !== nodeId).flatMap(({ changes }) => changes.filter((change) => change.resource === resource.name && change.rowId === id && change.revision > revision).flatMap((change) => Object.keys(change.fields))),
      savepoint: (run) => this.#journal.savepoint(run),
      nextSequence: async () => {
        const next = (this.#state.get('head') ?? 0) + 1;
        this.#state.set('head', next);
        return next;
      },
      accept: async (entry) => {
        const { record, sequence, result } = entry;
        this.#accepted.set(String(sequence), entry);
        this.#outcomes.set(record.id, { record, outcome: { id: record.id, outcome: 'accepted', sequence, result } });
      },
      reject: async ({ record, outcome }: RejectedEntry) => this.#outcomes.set(record.id, { record, outcome }),
      putFeed: async (entries) => entries.forEach((entry) => this.#feed.set(`${entry.resource}:${entry.rowId}`, entry)),
      putLeft: async (entries) => entries.forEach((entry) => this.#left.set(`${entry.resource}:${entry.rowId}:${entry.audience}`, entry)),
    };
  }
}

function byPlace(a: LeftEntry, b: LeftEntry): number {
  return a.sequence - b.sequence || (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : a.rowId < b.rowId ? -1 : 1);
}
