import type { OutboxEntry } from './replica-ports.ts';

/** The mutations of the outbox by what they touched, so that a page replays only those whose rows it touches, and their dependants. */
export class PendingIndex {
  readonly #entries = new Map<number, OutboxEntry>();
  readonly #byId = new Map<string, number>();
  readonly #readers = new Map<string, Set<number>>();
  readonly #writers = new Map<string, Set<number>>();
  readonly #markers = new Map<string, Set<number>>();

  constructor(entries: readonly OutboxEntry[]) {
    for (const entry of entries) this.set(entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** In the order in which they were made. */
  all(): readonly OutboxEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.number - b.number);
  }

  get(number: number): OutboxEntry | undefined {
    return this.#entries.get(number);
  }

  byMutation(id: string): OutboxEntry | undefined {
    const number = this.#byId.get(id);
    return number === undefined ? undefined : this.#entries.get(number);
  }

  set(entry: OutboxEntry): void {
    this.remove(entry.number);
    this.#entries.set(entry.number, entry);
    this.#byId.set(entry.record.id, entry.number);
    const { reads, writes, marks } = entry.touched;
    for (const key of reads) add(this.#readers, key, entry.number);
    for (const key of writes) add(this.#writers, key, entry.number);
    for (const key of marks) if (key.includes('#')) add(this.#markers, key, entry.number);
  }

  remove(number: number): void {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    this.#entries.delete(number);
    this.#byId.delete(entry.record.id);
    for (const key of entry.touched.reads) take(this.#readers, key, number);
    for (const key of entry.touched.writes) take(this.#writers, key, number);
    for (const key of entry.touched.marks) take(this.#markers, key, number);
  }

  /** Whether a mutation of the outbox wrote this row. */
  writes(key: string): boolean {
    return this.#writers.has(key);
  }

  /**
   * Numbers of the entries that have to be run again, ascending, where rows with these keys change and the entries of `seeds` are undone:
   * who read, wrote or competes for one of them; with each of these everybody who wrote the same rows, and later ones who read what it wrote.
   */
  affected(keys: Iterable<string>, seeds: Iterable<number>): readonly number[] {
    const found = new Set<number>();
    const queue: number[] = [];
    const take = (number: number): void => {
      if (found.has(number)) return;
      found.add(number);
      queue.push(number);
    };
    for (const number of seeds) take(number);
    for (const key of keys) {
      for (const map of [this.#readers, this.#writers, this.#markers]) for (const number of map.get(key) ?? []) take(number);
    }
    for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
      const entry = this.#entries.get(number);
      if (entry === undefined) continue;
      for (const key of entry.touched.writes) for (const other of this.#writers.get(key) ?? []) take(other);
      for (const key of entry.touched.marks) for (const other of this.#readers.get(key) ?? []) if (other > number) take(other);
    }
    return [...found].sort((a, b) => a - b);
  }
}

function add(map: Map<string, Set<number>>, key: string, number: number): void {
  const numbers = map.get(key);
  if (numbers === undefined) map.set(key, new Set([number]));
  else numbers.add(number);
}

function take(map: Map<string, Set<number>>, key: string, number: number): void {
  const numbers = map.get(key);
  if (numbers === undefined) return;
  numbers.delete(number);
  if (numbers.size === 0) map.delete(key);
}
