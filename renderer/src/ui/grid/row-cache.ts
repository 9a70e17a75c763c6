import { shallowRef, type ShallowRef } from 'vue';
import type { GridLoad, GridSort } from './types.ts';

/** Rows of one request. */
export const CHUNK = 100;
/** Chunks kept: 6,000 rows; the ones farthest from what is seen leave first. */
const MAX_CHUNKS = 60;
/** Requests under way at a time; a fast scroll skips what it passes. */
const MAX_REQUESTS = 2;

interface Chunk<Row> {
  rows: readonly Row[];
  stale: boolean;
}

export interface RowCache<Row> {
  /** Undefined until the first page came. */
  readonly total: Readonly<ShallowRef<number | undefined>>;
  /** Grows whenever rows came or went: what reads rows while rendering reads it too. */
  readonly version: Readonly<ShallowRef<number>>;
  readonly error: Readonly<ShallowRef<unknown>>;
  /** What is shown belongs to an older question (filter or sort); the answer is under way. */
  readonly pending: Readonly<ShallowRef<boolean>>;
  row(index: number): Row | undefined;
  /** Says which rows are seen, and loads what of them is missing. */
  show(first: number, last: number): void;
  /** Rows have changed: asks again for what is seen and keeps showing the old rows until the new ones come. */
  refresh(): void;
  /** The question has changed: nothing held is right any more; it is shown until the first answer comes. */
  reset(sort: GridSort | undefined): void;
  /** Every row held, in order of index. */
  held(): Row[];
}

/** Pages of a long list, asked for as they are seen. */
export function createRowCache<Row>(load: GridLoad<Row>): RowCache<Row> {
  const total = shallowRef<number>();
  const version = shallowRef(0);
  const error = shallowRef<unknown>();
  const pending = shallowRef(true);
  const chunks = new Map<number, Chunk<Row>>();
  const loading = new Set<number>();
  let sort: GridSort | undefined;
  let generation = 0;
  let first = 0;
  let last = CHUNK - 1;

  const evict = (): void => {
    const centre = Math.floor((first + last) / 2 / CHUNK);
    while (chunks.size > MAX_CHUNKS) {
      const farthest = [...chunks.keys()].reduce((a, b) => (Math.abs(a - centre) >= Math.abs(b - centre) ? a : b));
      chunks.delete(farthest);
    }
  };

  const fetch = async (index: number): Promise<void> => {
    const mine = generation;
    loading.add(index);
    try {
      const page = await load({ offset: index * CHUNK, limit: CHUNK, sort });
      if (mine !== generation) return;
      if (pending.value) chunks.clear();
      pending.value = false;
      error.value = undefined;
      total.value = page.total;
      for (const key of chunks.keys()) if (key * CHUNK >= page.total) chunks.delete(key);
      if (page.rows.length > 0) chunks.set(index, { rows: page.rows, stale: false });
      evict();
    } catch (failure) {
      if (mine !== generation) return;
      error.value = failure;
    } finally {
      if (mine === generation) {
        loading.delete(index);
        version.value += 1;
        // A failed page is asked for again by what follows it (a retry, a scroll), not at once.
        if (error.value === undefined) fill();
      }
    }
  };

  const fill = (): void => {
    const end = total.value === undefined || pending.value ? last : Math.min(last, total.value - 1);
    for (let index = Math.floor(first / CHUNK); index * CHUNK <= end; index++) {
      if (loading.size >= MAX_REQUESTS) return;
      const chunk = chunks.get(index);
      if (loading.has(index) || (!pending.value && chunk !== undefined && !chunk.stale)) continue;
      if (chunk) chunk.stale = false;
      void fetch(index);
      // The first answer to a new question says how much there is; one request is enough for it.
      if (pending.value) return;
    }
  };

  return {
    total,
    version,
    error,
    pending,
    row: (index) => chunks.get(Math.floor(index / CHUNK))?.rows[index % CHUNK],
    show(from, to) {
      first = Math.max(0, from);
      last = Math.max(first, to);
      fill();
    },
    refresh() {
      error.value = undefined;
      for (const [index, chunk] of chunks) {
        if ((index + 1) * CHUNK <= first || index * CHUNK > last) chunks.delete(index);
        else chunk.stale = true;
      }
      // An empty list has no chunk that could be stale.
      if (total.value === 0) pending.value = true;
      fill();
    },
    reset(next) {
      sort = next;
      generation += 1;
      loading.clear();
      error.value = undefined;
      pending.value = true;
      first = 0;
      last = CHUNK - 1;
      fill();
    },
    held: () => [...chunks].toSorted(([a], [b]) => a - b).flatMap(([, chunk]) => chunk.rows),
  };
}
