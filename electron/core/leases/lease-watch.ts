import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { dayNames } from '#shared/kernel/day-names.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import { takeTurns } from '#shared/platform-node/turns.ts';
import { lease } from '#shared/resources/lease.ts';
import { LEASES_PER_CHECK, leaseStatesOn } from '#shared/sync/mutators/lease.ts';
import type { Operations } from '../store/operations/operations.ts';

/** A new day is noticed within this time, ms. */
const PERIOD = 15 * 60_000;
/** Windows connect first after a start, ms. */
const STARTS_AFTER = 5_000;
/** Leases that are read at a time. */
const PAGE = 500;
/** Changes of leases that come within this time are looked at together, ms. */
const SETTLE = 200;

export interface LeaseWatchOptions {
  readonly operations: Pick<Operations, 'read' | 'mutate' | 'nodeId' | 'onChange'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** IANA name of the installation's zone: its calendar days count. */
  readonly timeZone: string;
}

/** Lets leases expire by themselves: looks through them soon after the start and whenever a new day may have begun. */
export class LeaseWatch implements Disposable {
  readonly #options: LeaseWatchOptions;
  readonly #store = new DisposableStore();
  readonly #dayOf: (at: number) => string;
  #day: string | undefined;
  #changed: Disposable | undefined;
  /** Leases that a check is writing. */
  #own: ReadonlySet<string> = new Set();
  #stopped = false;

  constructor(options: LeaseWatchOptions) {
    this.#options = options;
    this.#dayOf = dayNames(options.timeZone);
    // A write derives the states by the day in UTC, which may be another one than here.
    this.#store.add(
      options.operations.onChange(({ changes }) => {
        if (!changes.some(({ resource, rowId }) => resource === lease.name && !this.#own.has(rowId))) return;
        this.#day = undefined;
        this.#changed?.dispose();
        this.#changed = options.scheduler.after(SETTLE, () => this.#look());
      }),
    );
    this.#store.add(options.scheduler.after(STARTS_AFTER, () => this.#look()));
    this.#store.add(options.scheduler.every(PERIOD, () => this.#look()));
  }

  #look(): void {
    this.check().catch((error: unknown) => this.#options.log.write('error', 'leases could not be brought up to the day', { error }));
  }

  /** Brings every lease up to today; resolves with how many changed. Does nothing on a day that was done or is being done. */
  async check(): Promise<number> {
    const { operations, clock } = this.#options;
    const today = this.#dayOf(clock.now());
    if (today === this.#day) return 0;
    // Before reading: a lease that changes meanwhile is looked at again.
    this.#day = today;
    try {
      const due = await this.#due(today);
      this.#own = new Set(due);
      for (let at = 0; at < due.length; at += LEASES_PER_CHECK) await operations.mutate(systemPrincipal(operations.nodeId), 'lease.check', { today, ids: due.slice(at, at + LEASES_PER_CHECK) });
      return due.length;
    } catch (error) {
      this.#day = undefined;
      throw error;
    } finally {
      this.#own = new Set();
    }
  }

  /** Leases whose states are not those of today, read in turns with everything else. */
  async #due(today: string): Promise<string[]> {
    const { operations, clock } = this.#options;
    const due: string[] = [];
    const turn = takeTurns(clock);
    for (let page = operations.read.after(lease, '', PAGE); page.length > 0; page = operations.read.after(lease, page.at(-1)?.id ?? '', PAGE)) {
      for (const row of page) {
        const { leaseStatus, lockStatus } = leaseStatesOn(row, today);
        if (leaseStatus !== row.leaseStatus || lockStatus !== row.lockStatus) due.push(row.id);
      }
      await turn();
      if (this.#stopped) return [];
    }
    return due;
  }

  dispose(): void {
    this.#stopped = true;
    this.#changed?.dispose();
    this.#store.dispose();
  }
}
