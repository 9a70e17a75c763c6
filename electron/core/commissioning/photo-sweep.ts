import type { Disposable } from '#shared/kernel/disposable.ts';
import { DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import { takeTurns } from '#shared/platform-node/turns.ts';
import { logbookEntry } from '#shared/resources/logbook-entry.ts';
import type { Operations } from '../store/operations/operations.ts';
import type { PhotoStore } from './photo-store.ts';

/** First after a start, when the fleet is on the screens, and then every day, ms. */
const STARTS_AFTER = 10 * 60_000;
const PERIOD = 24 * 3_600_000;
/** Entries that are read at a time. */
const PAGE = 500;

/** Removes photos that were added and never written into a logbook. */
export class PhotoSweep implements Disposable {
  readonly #options: { readonly operations: Pick<Operations, 'read'>; readonly photos: PhotoStore; readonly clock: Clock; readonly log: Log };
  readonly #timers = new DisposableStore();
  #stopped = false;

  constructor(options: { readonly operations: Pick<Operations, 'read'>; readonly photos: PhotoStore; readonly clock: Clock; readonly scheduler: Scheduler; readonly log: Log }) {
    this.#options = options;
    const run = (): void => void this.run().catch((error: unknown) => options.log.write('warn', 'photos that no logbook names could not be removed', { error }));
    this.#timers.add(options.scheduler.after(STARTS_AFTER, run));
    this.#timers.add(options.scheduler.every(PERIOD, run));
  }

  /** Goes through all entries and pictures; returns how many files were removed. */
  async run(): Promise<number> {
    const { photos, log } = this.#options;
    const named = await this.#named();
    // A workspace without a single photo may be one whose database is about to be restored.
    if (this.#stopped || named.size === 0) return 0;
    const removed = await photos.removeUnnamed((hash) => named.has(hash));
    if (removed > 0) log.write('info', 'photos that no logbook names were removed', { removed });
    return removed;
  }

  async #named(): Promise<ReadonlySet<string>> {
    const { operations, clock } = this.#options;
    const named = new Set<string>();
    const turn = takeTurns(clock);
    for (let after = ''; !this.#stopped; ) {
      const page = operations.read.after(logbookEntry, after, PAGE);
      for (const { photos } of page) for (const { hash, thumbnail } of photos) named.add(hash).add(thumbnail ?? hash);
      after = page.at(-1)?.id ?? '';
      if (page.length < PAGE) break;
      await turn();
    }
    return named;
  }

  dispose(): void {
    this.#stopped = true;
    this.#timers.dispose();
  }
}
