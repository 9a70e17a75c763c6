import { systemPrincipal } from '#shared/domain/access/principal.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import { lease } from '#shared/resources/lease.ts';
import { LEASES_PER_CHECK, leaseStatesOn } from '#shared/sync/mutators/lease.ts';
import { dayNames } from '../alerts/days.ts';
import type { Operations } from '../store/operations/operations.ts';

/** A new day is noticed within this time, ms. */
const PERIOD = 15 * 60_000;
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

/** Lets leases expire by themselves: looks through them at the start and whenever a new day may have begun. */
export class LeaseWatch implements Disposable {
  readonly #options: LeaseWatchOptions;
  readonly #store = new DisposableStore();
  readonly #dayOf: (at: number) => string;
  #day: string | undefined;
  #changed: Disposable | undefined;

  constructor(options: LeaseWatchOptions) {
    this.#options = options;
    this.#dayOf = dayNames(options.timeZone);
    // A write derives the states by the day in UTC, which may be another one than here.
    this.#store.add(
      options.operations.onChange(({ changes }) => {
        if (!changes.some(({ resource }) => resource === lease.name)) return;
        this.#day = undefined;
        this.#changed?.dispose();
        this.#changed = options.scheduler.after(SETTLE, () => this.#look());
      }),
    );
    this.#store.add(options.scheduler.every(PERIOD, () => this.#look()));
  }

  #look(): void {
    this.check().catch((error: unknown) => this.#options.log.write('error', 'leases could not be brought up to the day', { error }));
  }

  /** Brings every lease up to today; resolves with how many changed. Does nothing on a day that was done. */
  async check(): Promise<number> {
    const { operations, clock } = this.#options;
    const today = this.#dayOf(clock.now());
    if (today === this.#day) return 0;
    const due = operations.read.all(lease).filter((row) => {
      const { leaseStatus, lockStatus } = leaseStatesOn(row, today);
      return leaseStatus !== row.leaseStatus || lockStatus !== row.lockStatus;
    });
    for (let at = 0; at < due.length; at += LEASES_PER_CHECK) {
      await operations.mutate(systemPrincipal(operations.nodeId), 'lease.check', { today, ids: due.slice(at, at + LEASES_PER_CHECK).map(({ id }) => id) });
    }
    this.#day = today;
    return due.length;
  }

  dispose(): void {
    this.#changed?.dispose();
    this.#store.dispose();
  }
}
