import { join } from 'node:path';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { createProcessor, type ResolveBus } from '#shared/domain/telemetry/processor/index.ts';
import type { BackfillPolicy } from '#shared/domain/telemetry/sequence/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { inflateRaw } from '#shared/platform-node/inflate.ts';
import { EmbeddedReceiver } from '../mqtt/embedded-receiver.ts';
import type { WorkerHistoryStore } from '../store/telemetry/worker-store.ts';
import { GAPS_FILE } from '../store/gaps/gap-store.ts';
import { Backfill, type UnitGap } from './backfill/backfill.ts';
import { gapMemory, type GapMemory } from './backfill/gap-memory.ts';
import { HistoryQueries } from './history-queries.ts';
import { restoreIngestSnapshot } from './ingest-snapshot.ts';
import { counterValues, intakeDevices, intakeSummary, type IntakeDevices, type IntakeDevicesQuery, type IntakeSummary, type ReportSources } from './intake-report.ts';
import { Maintenance, type Retention } from './maintenance.ts';
import { IngestNotices, type NoticeSink, type StoreStatus } from './notices.ts';
import { openTelemetryStore, type StoreDeps } from './open-store.ts';
import { Pipeline } from './pipeline.ts';
import { Pressure } from './pressure.ts';
import { Rates } from './rates.ts';
import type { Receiver, ReceiverState } from './receiver.ts';
import { ReceptionClock } from './reception-clock.ts';
import { recallSealed, replayLog, type LogFollower, type Recovered } from './recovery.ts';
import { createStorageTable } from './stored-values.ts';
import { UnitRegistry, type DescribeUnit } from './unit-registry.ts';

export interface IngestDeps extends StoreDeps {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** The store, where it is being opened already; it is closed with the ingest. */
  readonly store?: Promise<WorkerHistoryStore>;
  readonly topicPrefix: string;
  readonly catalogue: ParameterCatalogue;
  readonly resolveBus: ResolveBus;
  /** Master data of the vehicle a unit is bound to. */
  readonly describe: DescribeUnit;
  readonly state: FleetState;
  readonly notices: NoticeSink;
  readonly retention: Retention;
  /** Signs commands to units; undefined where there is no key (yet). */
  readonly sign?: (bytes: Uint8Array) => string | undefined;
  /** When to ask for missing messages; default BACKFILL_POLICY. */
  readonly backfillPolicy?: BackfillPolicy;
  /** Hears the log once more and then follows the pipeline. */
  readonly follower?: LogFollower;
}

/** Looks at queues, broker and time, ms. */
const TICK = 100;
/** Rates are sampled, ms. */
const SECOND = 1000;
const HOUR = 3_600_000;

/** The way from the broker into the live fleet and the store. */
export class Ingest {
  readonly pipeline: Pipeline;
  readonly registry: UnitRegistry;
  readonly store: WorkerHistoryStore;
  readonly history: HistoryQueries;
  /** What was read from the log at the start. */
  readonly recovered: Recovered;
  /** Asks units for what is missing. */
  readonly backfill: Backfill;
  /** The clock that receivers are to stamp messages with. */
  readonly clock: ReceptionClock;
  /** Resolves when what was stored last of each unit is in the live fleet, without a snapshot too. Does not reject. */
  readonly recalled: Promise<void>;
  readonly #deps: IngestDeps;
  readonly #notices: IngestNotices;
  readonly #pressure: Pressure;
  readonly #maintenance: Maintenance;
  readonly #gaps: GapMemory;
  readonly #rates = new Rates();
  readonly #sources: ReportSources;
  readonly #timers = new DisposableStore();
  #receiver: Receiver | undefined;
  #lastContact: number;
  #ticks = 0;
  #stopped = false;

  constructor(given: IngestDeps, parts: { store: WorkerHistoryStore; registry: UnitRegistry; pipeline: Pipeline; recovered: Recovered; clock: ReceptionClock; recall?: (stopped: () => boolean) => ReturnType<typeof recallSealed> }) {
    const deps = { ...given, clock: parts.clock };
    this.#deps = deps;
    this.clock = parts.clock;
    this.pipeline = parts.pipeline;
    this.registry = parts.registry;
    this.store = parts.store;
    this.recovered = parts.recovered;
    this.history = new HistoryQueries(parts.store, parts.registry);
    const { writer } = parts.store;
    const now = deps.clock.now();
    this.#notices = new IngestNotices(deps.notices, now);
    this.#pressure = new Pressure(this.pipeline);
    this.#maintenance = new Maintenance({ ...deps, writer, registry: this.registry, pipeline: this.pipeline, recovered: parts.recovered });
    this.#gaps = gapMemory(join(deps.dataFolder, GAPS_FILE), deps.clock, deps.log, deps.notices);
    this.backfill = new Backfill({
      clock: deps.clock,
      rng: deps.rng,
      log: deps.log,
      registry: this.registry,
      pipeline: this.pipeline,
      gaps: this.#gaps,
      publish: (topic, payload, options) => this.publish(topic, payload, options),
      connectedSince: () => (this.#receiver?.state.state === 'connected' ? this.#receiver.state.since : undefined),
      relieved: () => this.pipeline.queue.relieved,
      ...(deps.sign === undefined ? {} : { sign: deps.sign }),
      ...(deps.backfillPolicy === undefined ? {} : { policy: deps.backfillPolicy }),
    });
    const newest = newestContact(deps.state);
    this.#lastContact = Number.isFinite(newest) ? Math.min(newest, now) : now;
    this.#sources = {
      pipeline: this.pipeline,
      registry: this.registry,
      rates: this.#rates,
      describe: deps.describe,
      broker: () => (this.#receiver instanceof EmbeddedReceiver ? this.#receiver.broker : undefined),
      storage: () => writer.storage,
      position: () => `${writer.epoch}:${writer.last}`,
      backfill: this.backfill,
    };
    this.#timers.add(writer.onStorage.on((report) => this.#notices.storage(report, deps.clock.now())));
    this.#timers.add(writer.onFailure.on((error) => this.#fail(error)));
    this.#timers.add(
      this.pipeline.onApplied.on((commit) => {
        this.#notices.commit(commit.milliseconds, deps.clock.now());
        this.#pressure.progress(deps.clock.monotonic());
      }),
    );
    this.pipeline.afterRound = () => this.#pressure.check(deps.clock.monotonic());
    this.#timers.add(this.pipeline.onRefused.on((error) => deps.log.write('error', 'The store refused a batch.', { error: error.message })));
    this.#timers.add(deps.scheduler.every(TICK, () => this.#tick()));
    this.recalled = parts.recall ? this.#recall(parts.recall) : Promise.resolve();
  }

  /** Receives from here on; the receiver before is stopped first. Throws what `start` of the receiver throws. */
  async receive(receiver: Receiver): Promise<void> {
    await this.#receiver?.stop();
    await this.pipeline.queue.drain();
    this.#receiver = receiver;
    this.pipeline.receiver = receiver;
    await receiver.start(this.pipeline);
  }

  get receiver(): Receiver | undefined {
    return this.#receiver;
  }

  get receiverState(): ReceiverState | undefined {
    return this.#receiver?.state;
  }

  get storeStatus(): StoreStatus {
    return this.#notices.store;
  }

  get messagesPerSecond(): number {
    return this.#rates.perSecond('received');
  }

  /** The instant for which the picture of the fleet holds: now while connected, else the time of last contact (epoch ms). */
  get asOf(): number {
    return this.#receiver?.state.state === 'connected' ? this.#deps.clock.now() : this.#lastContact;
  }

  summary(): IntakeSummary {
    return intakeSummary(this.#sources, this.#deps.clock.now());
  }

  /** Units that `visible` lets through (undefined: what came on no unit's topic). */
  devices(query: IntakeDevicesQuery, visible: (deviceId: string | undefined) => boolean = () => true): IntakeDevices {
    return intakeDevices(this.#sources, query, visible);
  }

  /** Kept samples of rejected messages, newest first. */
  samples(deviceId: string): ReturnType<Pipeline['samples']['of']> {
    return this.pipeline.samples.of(deviceId);
  }

  /** Messages of a unit that are missing: given up, or still to be asked for; the newest `limit`, ascending. */
  gaps(deviceId: string, limit: number): UnitGap[] {
    const unit = this.registry.byDevice(deviceId);
    return unit ? this.backfill.gapsOf(unit, limit) : [];
  }

  /** Another consumer of the log: nothing it has not applied (by its answer, a sequence) is dropped. */
  addConsumer(appliedThrough: () => number): Disposable {
    return this.#maintenance.addConsumer(appliedThrough);
  }

  /** What maintenance has dropped since the start. */
  get dropped(): Maintenance['dropped'] {
    return this.#maintenance.dropped;
  }

  publish(topic: string, payload: Uint8Array, options: { readonly qos: 0 | 1; readonly retain: boolean }): Promise<void> {
    return this.#receiver ? this.#receiver.publish(topic, payload, options) : Promise.reject(new AppError('unavailable', 'There is no connection to a broker.'));
  }

  /** Stops receiving, commits what was received, keeps the state for the next start, closes the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#receiver?.stop();
    await this.recalled;
    // On a full disk what cannot be committed stays unacknowledged and comes again.
    if (this.#notices.store.state === 'ok' || this.#notices.store.state === 'slow') {
      await this.pipeline.queue.drain();
      // A picture of the fleet that is not whole is not kept: the next start puts it together again.
      if (this.#maintenance.complete) await this.#maintenance.snapshot();
    }
    this.#timers.dispose();
    this.#gaps.close();
    await this.store.close();
  }

  /** Goes on beside everything else: the first screen does not wait for it. */
  async #recall(recall: (stopped: () => boolean) => ReturnType<typeof recallSealed>): Promise<void> {
    const { log } = this.#deps;
    this.#maintenance.complete = false;
    try {
      const { failed, whole } = await recall(() => this.#stopped);
      if (failed.length > 0) log.write('warn', 'What was stored last of some units could not be read; they are shown from their next message on.', { units: failed.length, first: failed[0]?.unit, error: String(failed[0]?.error) });
      if (!whole) return;
      this.#maintenance.complete = true;
      const newest = newestContact(this.#deps.state);
      if (Number.isNaN(this.pipeline.lastReceived) && Number.isFinite(newest)) this.#lastContact = Math.min(newest, this.clock.now());
    } catch (error) {
      // Taken as it is: without snapshots the log could never be dropped.
      this.#maintenance.complete = true;
      log.write('warn', 'What was stored last could not be read; units are shown from their next message on.', { error: String(error) });
    }
  }

  #tick(): void {
    const { state } = this.#deps;
    const { clock } = this;
    const end = clock.check();
    if (end !== undefined) {
      this.#deps.log.write('warn', 'Time has gone back; what is stamped later is no longer shown.', { after: end });
      state.forgetAfter(end);
      this.#lastContact = Math.min(this.#lastContact, end);
    }
    const now = clock.now();
    this.pipeline.queue.flush();
    this.#pressure.check(clock.monotonic());
    if (this.#receiver?.state.state === 'connected') this.#lastContact = now;
    state.evaluate(this.asOf);
    if (++this.#ticks % (SECOND / TICK) !== 0) return;
    this.#rates.sample(clock.monotonic(), counterValues(this.#sources));
    if (this.#receiver) this.#notices.broker(this.#receiver.state, now);
    this.#notices.update(now, this.#pressure.paused);
    this.#notices.clock(clock.offset);
    this.#notices.lost(this.pipeline.counters.shed, this.pipeline.counters.refusedMessages);
    this.#notices.skipped(this.pipeline.counters.skipped, this.pipeline.lastSkipped);
    this.backfill.tick();
    if (this.#ticks % (HOUR / TICK) === 0) this.#gaps.drop(now - this.#deps.retention.hours * HOUR);
    this.#maintenance.tick();
  }

  #fail(error: AppError): void {
    this.#deps.log.write('error', 'The telemetry writer has ended.', { error: error.message });
    this.#notices.failed(`${error.message} Nothing more is stored or acknowledged. Start the program again.`, this.#deps.clock.now());
    // What is not acknowledged stays at the broker.
    this.#receiver?.pause();
  }
}

/**
 * Opens the telemetry store, restores the live fleet to the end of the log and is ready to receive.
 * Throws AppError store-newer, store-corrupt, store-locked, store-full or store-unwritable.
 */
export async function createIngest(deps: IngestDeps): Promise<Ingest> {
  const store = await (deps.store ?? openTelemetryStore(deps));
  const { writer } = store;
  try {
    const registry = new UnitRegistry(deps.state, deps.describe);
    const snapshot = writer.takeSnapshot();
    const restored = snapshot !== undefined && restoreIngestSnapshot(snapshot.data, new Map(writer.units.map((unit) => [unit.deviceId, unit])), registry, deps.state);
    for (const unit of writer.units) registry.restore(unit);
    const processor = createProcessor({ catalogue: deps.catalogue, resolveBus: deps.resolveBus, inflate: inflateRaw });
    const recovered = await replayLog(store.readers, restored ? snapshot.sequence : 0, { registry, state: deps.state, processor, ...follow(deps.follower, writer.epoch) });
    if (recovered.damaged > 0) deps.log.write('warn', 'Stored messages are damaged and were left out.', { damaged: recovered.damaged });
    const clock = new ReceptionClock(deps.clock, newestContact(deps.state));
    const pipeline = new Pipeline({
      topicPrefix: deps.topicPrefix,
      processor,
      state: deps.state,
      registry,
      storage: createStorageTable(deps.catalogue),
      writer,
      observeClock: (unit, deviceTime, receivedAt) => clock.observe(unit, deviceTime, receivedAt),
    });
    return new Ingest(deps, { store, registry, pipeline, recovered, clock, ...(restored || writer.units.length === 0 ? {} : { recall: (stopped) => recallSealed(store, store.readers, { registry, state: deps.state, processor }, stopped) }) });
  } catch (error) {
    await store.close();
    throw error;
  }
}

function follow(follower: LogFollower | undefined, epoch: string): { follower?: { after: number; apply: LogFollower['apply'] } } {
  return follower === undefined ? {} : { follower: { after: follower.after(epoch), apply: (unit, message) => follower.apply(unit, message) } };
}

/** The latest communication of the whole fleet, epoch ms; −Infinity: none. */
function newestContact(state: FleetState): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (let slot = 0; slot < state.size; slot++) newest = Math.max(newest, state.columns.lastCommunication[slot] || Number.NEGATIVE_INFINITY);
  return newest;
}
