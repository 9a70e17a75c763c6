import { NOT_OPEN } from '#shared/domain/alerts/acting.ts';
import { parametersOf } from '#shared/domain/alerts/condition-words.ts';
import type { AlertEngineApi, AlertMode } from '#shared/domain/alerts/api.ts';
import type { AlertAct, AlertChange, AlertEffect, AlertRecord as EngineAlert } from '#shared/domain/alerts/types.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { VEHICLE_STATUSES } from '#shared/domain/fleet/status.ts';
import type { DecodedMessage } from '#shared/domain/telemetry/processor/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import { alert, type AlertRecord } from '#shared/resources/alert.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import type { LogFollower } from '../ingest/recovery.ts';
import type { IngestUnit } from '../ingest/unit-registry.ts';
import type { AlertReader } from '../store/operations/alerts/reader.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import type { AlertEventArgs } from '../store/operations/local/alerts.ts';
import type { Operations } from '../store/operations/operations.ts';
import { actOf, placed } from './acts.ts';
import type { AlertBoard } from './board.ts';
import { ALWAYS_READ, HistoryQueue } from './history-queue.ts';
import { engineAlertOf, knownAlerts } from './known-alerts.ts';
import { labelOf, type LabelSources } from './labels.ts';
import { WorkshopStays } from './workshop.ts';
import { WriteQueue } from './write-queue.ts';

/** Delays, silence and shelves are looked at this often, ms. */
const TICK = 250;
/** Statuses are looked at once in so many of these. */
const TICKS_PER_LOOK = 4;
const TICKS_PER_SEARCH = 240;
/** How often the engine's state is kept, ms; of 10,000 vehicles it is 7 MB. */
const SNAPSHOT_PERIOD = 10 * 60_000;
/** That state is written and read so many vehicles between two looks at the clock, for so long at a time, with this pause, ms. */
const SLICE = { vehicles: 50, length: 8, pause: 20 } as const;
/** Closed alerts of which is remembered what people did; of another one what they set stays as it is. */
const CLOSED = 20_000;
/** Vehicles without alerts are read when the first window has drawn, ms. */
const WAKE_AFTER = 2000;
const OFFLINE = new Set(['offline', 'not-communicating'].map((status) => VEHICLE_STATUSES.indexOf(status as (typeof VEHICLE_STATUSES)[number])));
/** What a person did is in the change log; the alert's story has what the vehicle and time did. */
const TOLD: ReadonlySet<AlertChange['kind']> = new Set(['raised', 'occurred', 'returned', 'cleared', 'unshelved', 'muted', 'unmuted']);

export interface AlertWatchOptions extends LabelSources {
  readonly engine: AlertEngineApi;
  readonly operations: Operations;
  readonly directory: FleetDirectory;
  readonly state: FleetState;
  readonly reader: AlertReader;
  readonly board: AlertBoard;
  readonly system: Principal;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** The engine's state is kept this often, ms: what a restart after a kill has to read of the log at most. Default ten minutes. */
  readonly keepEvery?: number;
}

/**
 * Drives the engine: messages as they are decoded, acts as they are committed, time as it passes; and has stored what it finds
 * out. Made before the log is read, so that a restart begins where the engine's state was kept last.
 */
export class AlertWatch implements LogFollower, Disposable {
  readonly queue: WriteQueue;
  readonly workshop: WorkshopStays;
  readonly #options: AlertWatchOptions;
  readonly #store = new DisposableStore();
  readonly #history: HistoryQueue;
  /** Alerts that somebody closed in this run: how many of the acts on each the engine has heard of. Of open ones it has heard of all. */
  readonly #acts = new Map<string, number>();
  /** Slot of the engine by number of the unit; −1: in no vehicle; undefined: has to be looked up. */
  #slots: (number | undefined)[] = [];
  #pairs: readonly { readonly slot: number; readonly row: number }[] | undefined;
  #ticks = 0;
  /** Whether a vehicle is offline, by slot of the engine. */
  readonly #offline = new Map<number, boolean>();
  #ingest: Ingest | undefined;
  #actSequence: number;
  #snapshotSequence = 0;
  #snapshotEpoch: string | undefined;
  #snapshotAt: number;
  #keeping: Disposable | undefined;
  #connected = false;

  constructor(options: AlertWatchOptions) {
    const { engine, operations, book, directory, reader, board, catalogue, clock, scheduler, system, log } = options;
    this.#options = options;
    this.#snapshotAt = clock.monotonic();
    this.queue = new WriteQueue({
      operations, system, clock, scheduler, log,
      position: () => this.#ingest && { epoch: this.#ingest.store.writer.epoch, sequence: this.#ingest.store.writer.last },
      onWritten: (written) => board.put(written),
    });
    // What the log shows once more is stored with what people did meanwhile, of which the engine hears last.
    this.queue.hold();
    this.#history = new HistoryQueue({
      engine, directory, log,
      parameters: () => [...new Set([...book.rules().filter((rule) => rule.enabled).flatMap((rule) => parametersOf(rule.condition)), ...ALWAYS_READ].map((key) => catalogue.numberOf(key)))].filter((number) => number > 0),
      now: () => clock.now(), known: (vehicleId, from) => knownAlerts(operations, reader, vehicleId, from, clock.now()), onEffects: (effects) => this.#take(effects),
    });
    const now = clock.now();
    engine.setRules(book.rules(), now);
    const kept = reader.engine();
    const restored = kept !== undefined && engine.restoreSnapshot(kept.data);
    if (restored) {
      this.#snapshotSequence = kept.sequence;
      this.#snapshotEpoch = kept.epoch;
    }
    for (const vehicle of directory.vehicles()) this.#setVehicle(vehicle.vehicleId, now);
    // What was deleted after the state was kept.
    if (restored) for (const vehicleId of engine.vehicleIds()) if (!directory.vehicle(vehicleId)) this.#take(engine.removeVehicle(vehicleId, now));
    this.#actSequence = restored ? kept.actSequence : reader.lastChange();
    if (restored) this.#catchUpActs();
    this.#listen();
    this.workshop = this.#store.add(new WorkshopStays(operations, () => clock.now(), (vehicleId, on) => this.#setMode(vehicleId, 'workshop', on)));
    // A stay may have ended since the engine's state was kept.
    for (const vehicleId of engine.vehicleIds()) if (!this.workshop.of(vehicleId, now)) this.#setMode(vehicleId, 'workshop', false);
  }

  /** Where the log has to be read from: behind what the engine's state knows; Infinity: it begins with what comes. */
  after(epoch: string): number {
    if (this.#snapshotEpoch === undefined) return Number.POSITIVE_INFINITY;
    return this.#snapshotEpoch === epoch ? this.#snapshotSequence : 0;
  }

  apply(unit: IngestUnit, message: DecodedMessage): void {
    const slot = this.#slotOf(unit, message);
    if (slot >= 0) this.#take(this.#options.engine.apply(slot, message));
  }

  /** The log has been read: follows the pipeline from here on. */
  attach(ingest: Ingest): void {
    const { engine, state, directory, scheduler, clock } = this.#options;
    this.#ingest = ingest;
    this.#history.attach(ingest);
    for (const vehicle of directory.vehicles()) {
      const slot = engine.slotOf(vehicle.vehicleId);
      const row = vehicle.unitId === undefined ? undefined : state.slotOf(vehicle.unitId);
      const heard = row === undefined ? Number.NaN : (state.columns.lastCommunication[row] as number);
      if (slot !== undefined && !Number.isNaN(heard)) engine.contact(slot, heard);
    }
    this.#reconcile();
    this.queue.release();
    // From here on a restart has a place to begin at, however it comes.
    if (this.#snapshotEpoch === undefined) this.#keepState();
    this.#store.add(scheduler.after(WAKE_AFTER, () => this.#store.add(this.#inSlices(() => engine.wake(SLICE.vehicles), () => undefined))));
    this.#store.add(
      ingest.pipeline.onDecoded.on(({ unit, message }) => {
        this.apply(unit, message);
        // At an alert's edge everything the message says is stored, so that it can be explained later.
        if (engine.edge) ingest.pipeline.stored.reset(unit.number);
      }),
    );
    this.#store.add(ingest.addConsumer(() => (this.#snapshotEpoch === ingest.store.writer.epoch ? this.#snapshotSequence : ingest.store.writer.last)));
    this.#store.add(scheduler.every(TICK, () => this.#tick(clock.now())));
  }

  /** Why a clear would be refused now, by what the engine knows. */
  clearRefusal(row: Pick<AlertRecord, 'vehicleId' | 'ruleId'>): string | undefined {
    const refusal = this.#options.engine.clearRefusal(row.vehicleId, row.ruleId);
    return refusal === NOT_OPEN ? undefined : refusal;
  }

  /** Stores what waits and the engine's state. */
  async stop(): Promise<void> {
    this.#store.dispose();
    this.#keeping?.dispose();
    this.#keepState(true);
    await this.queue.flush();
    this.queue.dispose();
  }

  dispose(): void {
    this.#store.dispose();
    this.#keeping?.dispose();
    this.queue.dispose();
  }

  #listen(): void {
    const { operations, book, directory, engine, state, clock } = this.#options;
    this.#store.add(
      book.onRules(() => {
        const last = (vehicleId: string, parameter: number): number => {
          const unitId = directory.vehicle(vehicleId)?.unitId;
          const slot = unitId === undefined ? undefined : state.slotOf(unitId);
          return slot === undefined ? Number.NaN : state.value(slot, parameter);
        };
        this.#take(engine.setRules(book.rules(), clock.now(), last));
      }),
    );
    this.#store.add(
      operations.onChange(({ changes }) => {
        for (const change of changes) if (change.resource === alert.name && change.row !== undefined) this.#act(change, change.row as unknown as AlertRecord);
        const last = changes.at(-1);
        if (last) this.#actSequence = Math.max(this.#actSequence, last.sequence);
      }),
    );
    this.#store.add(
      directory.onChange(({ changed, removed }) => {
        this.#slots = [];
        this.#pairs = undefined;
        for (const { vehicleId } of changed) this.#setVehicle(vehicleId, clock.now());
        for (const vehicleId of removed) this.#take(engine.removeVehicle(vehicleId, clock.now()));
      }),
    );
  }

  #setVehicle(vehicleId: string, now: number): void {
    const vehicle = this.#options.directory.vehicle(vehicleId);
    if (vehicle) this.#options.engine.setVehicle({ vehicleId, modelId: vehicle.modelId, ...(vehicle.cityId === undefined ? {} : { cityId: vehicle.cityId }) }, now);
  }

  /** The engine's slot of the vehicle that a unit was in when it said this; −1: in none. */
  #slotOf(unit: IngestUnit, message: DecodedMessage): number {
    const known = this.#slots[unit.number];
    if (known !== undefined) return known;
    const { directory, engine } = this.#options;
    const bindings = directory.bindingsOfUnit(unit.unitId);
    const [only] = bindings;
    const settled = bindings.length === 1 && only?.validTo === undefined;
    // What the unit said on the bench, before it was in any vehicle, belongs to its first.
    const vehicleId = settled || (only && message.eventTime < only.validFrom) ? only?.vehicleId : directory.vehicleOfUnit(unit.unitId, message.eventTime)?.vehicleId;
    const slot = vehicleId === undefined ? -1 : (engine.slotOf(vehicleId) ?? -1);
    if (settled || bindings.length === 0) this.#slots[unit.number] = slot;
    return slot;
  }

  /** Tells the engine what somebody did and was told is done; `later`: it has heard what came after it. */
  #act(change: LoggedChange, row: AlertRecord, later = false): void {
    const { engine } = this.#options;
    const act = actOf(change, row);
    if (act === undefined) return;
    this.#heard(row);
    const seen = placed(act, row);
    let outcome = engine.act(row.vehicleId, row.ruleId, seen, later);
    // The act stands at its place although the engine knew more, for otherwise what comes of it would depend on who was first.
    if ('refusal' in outcome) outcome = engine.act(row.vehicleId, row.ruleId, seen, true);
    if ('refusal' in outcome) return;
    this.queue.addAct({ sequence: change.sequence, vehicleId: row.vehicleId, ruleId: row.ruleId, act: JSON.stringify(outcome.act) });
    this.#take(outcome.effects);
    if (outcome.effects.length > 0) return;
    // It was about what came before: what the engine knows is stored again.
    const open = engine.open().find((one) => one.ruleId === row.ruleId && one.vehicleId === row.vehicleId);
    if (open) this.#put(open, []);
  }

  /** Late data may still change what has just been closed; older ones are looked up with all acts on them. */
  #heard(row: AlertRecord): void {
    this.#acts.delete(row.id);
    if (row.clearedAt === undefined) return;
    this.#acts.set(row.id, row.acts);
    if (this.#acts.size <= CLOSED) return;
    const [oldest] = this.#acts.keys();
    if (oldest !== undefined) this.#acts.delete(oldest);
  }

  /** Acts that the engine's state does not know: those with a place in event time first, then those that have none yet. */
  #catchUpActs(): void {
    const { reader, engine } = this.#options;
    for (const kept of reader.acts(this.#actSequence)) {
      const outcome = engine.act(kept.vehicleId, kept.ruleId, JSON.parse(kept.act) as AlertAct, true);
      if ('effects' in outcome) this.#take(outcome.effects);
      this.#actSequence = Math.max(this.#actSequence, kept.sequence);
    }
  }

  /** After the log was read: acts that were stored and not heard, alerts that are stored otherwise than the engine knows them, and those it does not know (its state was lost). */
  #reconcile(): void {
    const { reader, engine, board, clock } = this.#options;
    for (const change of reader.changes(this.#actSequence)) {
      this.#act(change, change.row as unknown as AlertRecord, true);
      this.#actSequence = Math.max(this.#actSequence, change.sequence);
    }
    const open = engine.open();
    const known = new Set(open.map((one) => `${one.vehicleId} ${one.ruleId}`));
    const waiting = this.queue.ids();
    // A run that was killed may have stored what it took from time alone (that a delay had passed); what came since says otherwise.
    for (const record of open) {
      const row = board.open.get(record.id) ?? reader.get(record.id);
      if (!waiting.has(record.id) && (row === undefined || (row.id === record.id && differs(row, record)))) this.#put(record, []);
    }
    const now = clock.now();
    for (const row of board.open.values()) {
      // What ended in the log is about to be stored.
      if (known.has(`${row.vehicleId} ${row.ruleId}`) || waiting.has(row.id)) continue;
      const gone = this.#options.book.rule(row.ruleId)?.enabled !== true;
      const record: EngineAlert = { ...engineAlertOf(row), returnedAt: row.returnedAt ?? now, ...(gone ? { clearedAt: now, clearReason: 'rule-removed' as const } : {}) };
      // No act is known of it: what people set stays as it is, unless the rule is gone.
      this.queue.add({ kind: 'put', alert: record, acts: gone ? row.acts : -1, label: undefined, events: [] });
    }
  }

  #tick(now: number): void {
    const { engine, state, clock } = this.#options;
    const connected = this.#ingest?.receiverState?.state === 'connected';
    if (connected && !this.#connected) engine.resume(now);
    this.#connected = connected;
    // Vehicles whose row was not there yet are found in time.
    if (this.#ticks % TICKS_PER_SEARCH === 0) this.#pairs = undefined;
    if (this.#ticks++ % TICKS_PER_LOOK === 0) for (const { slot, row } of this.#rows()) this.#mode(slot, 'offline', OFFLINE.has(state.columns.status[row] as number), now);
    this.workshop.tick(now);
    this.#take(engine.advance(state.asOf));
    this.#history.run();
    if (this.#keeping === undefined && clock.monotonic() - this.#snapshotAt >= (this.#options.keepEvery ?? SNAPSHOT_PERIOD) && this.#behind()) this.#keepState();
  }

  /** The engine's slot and the live row of every vehicle with a unit. */
  #rows(): readonly { readonly slot: number; readonly row: number }[] {
    const { engine, state, directory } = this.#options;
    return (this.#pairs ??= [...directory.vehicles()].flatMap((vehicle) => {
      const slot = engine.slotOf(vehicle.vehicleId);
      const row = vehicle.unitId === undefined ? undefined : state.slotOf(vehicle.unitId);
      return slot === undefined || row === undefined ? [] : [{ slot, row }];
    }));
  }

  #mode(slot: number, mode: AlertMode, on: boolean, now: number): void {
    if ((this.#offline.get(slot) ?? false) === on) return;
    this.#offline.set(slot, on);
    this.#take(this.#options.engine.setMode(slot, mode, on, now));
  }

  #setMode(vehicleId: string, mode: AlertMode, on: boolean): void {
    const { engine, clock } = this.#options;
    const slot = engine.slotOf(vehicleId);
    if (slot !== undefined) this.#take(engine.setMode(slot, mode, on, clock.now()));
  }

  /** Whether the log has grown since the state was kept. */
  #behind(): boolean {
    const writer = this.#ingest?.store.writer;
    return writer !== undefined && (writer.epoch !== this.#snapshotEpoch || writer.last > this.#snapshotSequence);
  }

  /** Writes the engine's state as it is now, in slices or at once, and hands it to the queue. */
  #keepState(atOnce = false): void {
    if (!this.#ingest) return;
    const { engine, clock } = this.#options;
    const { epoch, last: sequence } = this.#ingest.store.writer;
    const kept = { epoch, sequence, actSequence: this.#actSequence, at: clock.now() };
    this.#snapshotAt = clock.monotonic();
    const snapshot = engine.beginSnapshot();
    const finish = (): void => {
      this.#keeping = undefined;
      this.queue.keep({ ...kept, data: snapshot.bytes() }, () => {
        this.#snapshotEpoch = epoch;
        this.#snapshotSequence = sequence;
      });
    };
    if (atOnce) finish();
    else this.#keeping = this.#inSlices(() => snapshot.step(SLICE.vehicles), finish);
  }

  /** Does `step` until it returns true, a few milliseconds at a time, so that nobody waits for this thread; then `done`. */
  #inSlices(step: () => boolean, done: () => void): Disposable {
    const { clock, scheduler } = this.#options;
    let next: Disposable | undefined;
    const slice = (): void => {
      const begun = clock.monotonic();
      for (;;) {
        if (step()) return done();
        if (clock.monotonic() - begun >= SLICE.length) break;
      }
      next = scheduler.after(SLICE.pause, slice);
    };
    next = scheduler.after(0, slice);
    return { dispose: () => next?.dispose() };
  }

  #take(effects: readonly AlertEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'merged') this.queue.add({ kind: 'merge', alertId: effect.alertId, into: effect.into });
      else if (effect.kind === 'history') this.#history.add(effect);
      else if (effect.kind === 'withdrawn') this.queue.add({ kind: 'withdraw', alertId: effect.alert.id });
      else this.#put(effect.alert, TOLD.has(effect.kind) && effect.by === undefined ? [{ at: effect.at, kind: effect.kind, text: effect.text }] : []);
    }
  }

  #put(record: EngineAlert, events: readonly AlertEventArgs[]): void {
    const { board, reader } = this.#options;
    const row = board.open.get(record.id);
    // What is closed may be open again: of the acts on it the engine has heard when they were stored.
    const acts = this.#acts.get(record.id) ?? (row ?? reader.get(record.id))?.acts ?? 0;
    this.queue.add({ kind: 'put', alert: record, acts: Math.max(acts, row?.acts ?? 0), label: row && !this.queue.leaves(record.id) ? undefined : labelOf(this.#options, record), events });
  }
}

/** Whether what is stored of an open alert is not what its vehicle did. */
function differs(row: AlertRecord, record: EngineAlert): boolean {
  return row.clearedAt !== undefined || (['raisedAt', 'lastOccurrenceAt', 'occurrences', 'returnedAt'] as const).some((key) => row[key] !== record[key]);
}
