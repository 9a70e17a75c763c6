import type { AttentionEntry, BaseRow, OutboxEntry, ReplicaTx } from '../../sync/replication/replica-ports.ts';
import { Journal, JournalMap, MemoryRows } from './memory.ts';

/** The store of a replica: what a simulation looks at, and transactions. */
export interface ReplicaStore {
  write<T>(run: (tx: ReplicaTx) => Promise<T>): Promise<T>;
  attention(): Promise<readonly AttentionEntry[]>;
  /** Writes that broke a unique column. */
  readonly violations: readonly string[];
}

/** A replica's store in memory. */
export class MemoryReplicaStore implements ReplicaStore {
  readonly #journal = new Journal();
  readonly rows = new MemoryRows(this.#journal);
  readonly #state = new JournalMap<string>(this.#journal);
  readonly #outbox = new JournalMap<OutboxEntry>(this.#journal);
  readonly #bases = new JournalMap<BaseRow>(this.#journal);
  readonly #attention = new JournalMap<AttentionEntry>(this.#journal);

  get violations(): readonly string[] {
    return this.rows.violations;
  }

  write<T>(run: (tx: ReplicaTx) => Promise<T>): Promise<T> {
    return this.#journal.transaction(() => run(this.#tx()));
  }

  async attention(): Promise<readonly AttentionEntry[]> {
    return this.#attention.values();
  }

  #tx(): ReplicaTx {
    const { rows } = this;
    return {
      rows,
      savepoint: (run) => this.#journal.savepoint(run),
      state: async (key) => this.#state.get(key),
      setState: async (key, value) => (value === undefined ? this.#state.delete(key) : this.#state.set(key, value)),
      outbox: async () => this.#outbox.values().sort((a, b) => a.number - b.number),
      addOutbox: async (entry) => {
        const number = Number(this.#state.get('outbox-number') ?? 0) + 1;
        this.#state.set('outbox-number', String(number));
        this.#outbox.set(String(number), { ...entry, number });
        return number;
      },
      updateOutbox: async (entry) => this.#outbox.set(String(entry.number), entry),
      removeOutbox: async (number) => this.#outbox.delete(String(number)),
      base: async (resource, id) => this.#bases.get(`${resource}:${id}`),
      putBase: async (resource, id, base) => this.#bases.set(`${resource}:${id}`, base),
      removeBase: async (resource, id) => this.#bases.delete(`${resource}:${id}`),
      idsBetween: async (resource, after, through) =>
        [...new Set([...rows.table(resource.name).values().map((row) => row.id), ...this.#bases.keys().filter((key) => key.startsWith(`${resource.name}:`)).map((key) => key.slice(resource.name.length + 1))])].filter((id) => (after === undefined || id > after) && (through === undefined || id <= through)).sort(),
      addAttention: async (entry) => {
        if (this.#attention.get(entry.mutationId) === undefined) this.#attention.set(entry.mutationId, entry);
      },
    };
  }
}
