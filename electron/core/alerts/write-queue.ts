import type { Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { AlertEventArgs, AlertWrite, AlertWritten, StoredAct, StoredEngine } from '../store/operations/local/alerts.ts';
import { localStep, type Operations } from '../store/operations/operations.ts';

/** Name under which the alert service keeps how far it has come in the telemetry log. */
export const ALERT_CONSUMER = 'alerts';
/** What comes within this time is one write, ms. */
const GATHER = 20;
/** A write that failed is tried again after this, ms. */
const RETRY = 1000;
/** Alerts that one write holds at most. */
const BATCH = 2000;
/** Events that wait for one alert at most; its last state is never dropped. */
const EVENTS = 50;

type Put = Extract<AlertWrite, { kind: 'put' }>;
type Leave = Exclude<AlertWrite, Put>;

export interface LogPosition {
  readonly epoch: string;
  readonly sequence: number;
}

export interface WriteQueueOptions {
  readonly operations: Operations;
  readonly system: Principal;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** The end of the telemetry log, all of which the engine has heard; undefined while there is no log. */
  readonly position: () => LogPosition | undefined;
  readonly onWritten: (written: AlertWritten) => void;
}

/**
 * Gathers what the engine finds out and stores it in one transaction with how far the log was applied. Bounded by the number of
 * alerts: of one that waits only what became of it last is kept, so that nothing is stored that is no longer so; an alert that was
 * withdrawn and is there after all was never withdrawn. What cannot be stored now waits and is tried again.
 */
export class WriteQueue implements Disposable {
  /** Events that were left out because too many waited. */
  dropped = 0;
  readonly #options: WriteQueueOptions;
  /**
   * What waits, by alert. What ends is stored before what is open, for a rule has one open alert on a vehicle: it would be taken for
   * the one that has ended.
   */
  readonly #leaving = new Map<string, Leave>();
  readonly #ended = new Map<string, Put>();
  readonly #open = new Map<string, Put>();
  /** Alerts that the write under way removes. */
  #removing: ReadonlySet<string> = new Set();
  #acts: StoredAct[] = [];
  #timer: Disposable | undefined;
  #running: Promise<void> | undefined;
  #engine: { readonly state: StoredEngine; readonly onKept: () => void } | undefined;
  #closed = false;
  #held = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Stores nothing until `release`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    if (this.#any) this.#plan(GATHER);
  }

  /** Ids of the alerts of which something waits. */
  ids(): ReadonlySet<string> {
    return new Set([...this.#leaving.keys(), ...this.#ended.keys(), ...this.#open.keys()]);
  }

  /** Whether an alert that is stored may be removed by what waits: what is stored of it again has to be complete. */
  leaves(alertId: string): boolean {
    return this.#leaving.has(alertId) || this.#removing.has(alertId);
  }

  get waiting(): number {
    return this.#leaving.size + this.#ended.size + this.#open.size;
  }

  add(write: AlertWrite): void {
    this.#put(write);
    this.#plan(GATHER);
  }

  addAct(act: StoredAct): void {
    this.#acts.push(act);
    this.#plan(GATHER);
  }

  /** Keeps the engine's state once all that it had found out is stored; of two that wait the newer one. */
  keep(state: StoredEngine, onKept: () => void): void {
    this.#engine = { state, onKept };
    this.#plan(GATHER);
  }

  /** Stores everything that waits. */
  async flush(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = undefined;
    await this.#running;
    while (this.#any) {
      this.#running = this.#write();
      await this.#running;
      if (this.#timer !== undefined) return;
    }
  }

  dispose(): void {
    this.#closed = true;
    this.#timer?.dispose();
  }

  get #any(): boolean {
    return this.waiting > 0 || this.#acts.length > 0 || this.#engine !== undefined;
  }

  #put(write: AlertWrite): void {
    const id = idOf(write);
    const before = this.#ended.get(id) ?? this.#open.get(id);
    for (const waiting of [this.#leaving, this.#ended, this.#open]) waiting.delete(id);
    if (write.kind !== 'put') {
      this.#leaving.set(id, write);
      return;
    }
    const events = before ? [...before.events, ...write.events] : write.events;
    this.dropped += Math.max(0, events.length - EVENTS);
    (write.alert.clearedAt === undefined ? this.#open : this.#ended).set(id, before ? { ...write, label: before.label ?? write.label, events: kept(events) } : write);
  }

  /** Takes out what is stored next. */
  #next(): readonly AlertWrite[] {
    const writes: AlertWrite[] = [];
    for (const waiting of [this.#leaving, this.#ended, this.#open]) {
      for (const [id, write] of waiting) {
        if (writes.length === BATCH) return writes;
        writes.push(write);
        waiting.delete(id);
      }
    }
    return writes;
  }

  #plan(delay: number): void {
    if (this.#closed || this.#held) return;
    this.#timer ??= this.#options.scheduler.after(delay, () => {
      this.#timer = undefined;
      if (this.#running) return;
      this.flush().catch((error: unknown) => this.#options.log.write('error', 'alerts could not be stored', { error }));
    });
  }

  async #write(): Promise<void> {
    const { operations, system, clock, position, onWritten, log } = this.#options;
    const writes = this.#next();
    const acts = this.#acts;
    const all = this.waiting === 0;
    this.#acts = [];
    this.#removing = new Set(writes.flatMap((write) => (write.kind === 'put' ? [] : [write.alertId])));
    const at = position();
    // The engine's state belongs to all that it has found out until now.
    const engine = all ? this.#engine : undefined;
    if (all) this.#engine = undefined;
    try {
      const apply = localStep('alert.apply', { writes, acts, now: clock.now() });
      const { local } = await operations.commit({ principal: system, local: engine ? [apply, localStep('alert.engine', engine.state)] : [apply], ...(at && all ? { appliedThrough: { consumer: ALERT_CONSUMER, ...at } } : {}) });
      engine?.onKept();
      onWritten(local[0] as AlertWritten);
    } catch (error) {
      log.write('warn', 'alerts wait to be stored', { waiting: writes.length, error: error instanceof AppError ? error.message : error });
      this.#giveBack(writes, acts);
      this.#engine ??= engine;
      this.#plan(RETRY);
    } finally {
      this.#removing = new Set();
      this.#running = undefined;
    }
  }

  #giveBack(writes: readonly AlertWrite[], acts: readonly StoredAct[]): void {
    const later = [...this.#leaving.values(), ...this.#ended.values(), ...this.#open.values()];
    for (const waiting of [this.#leaving, this.#ended, this.#open]) waiting.clear();
    this.#acts = [...acts, ...this.#acts];
    for (const write of [...writes, ...later]) this.#put(write);
  }
}

const idOf = (write: AlertWrite): string => (write.kind === 'put' ? write.alert.id : write.alertId);

/** The first and the newest of too many events. */
function kept(events: readonly AlertEventArgs[]): readonly AlertEventArgs[] {
  return events.length <= EVENTS ? events : [...events.slice(0, 1), ...events.slice(1 - EVENTS)];
}

