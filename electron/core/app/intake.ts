import { join } from 'node:path';
import type { FleetDescription } from '#electron/simulator/fleet/types.ts';
import { lastWords } from '#electron/simulator/last-words.ts';
import { loadDemoResources } from '#electron/simulator/resources.ts';
import type { AppStatus } from '#shared/contract/app.ts';
import type { AppContract } from '#shared/contract/index.ts';
import type { BrokerSettings } from '#shared/contract/settings.ts';
import { inScope, systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { openNodeKey, type NodeKey } from '../commands/node-key.ts';
import { createIngest, type Ingest } from '../ingest/create-ingest.ts';
import type { Pipeline } from '../ingest/pipeline.ts';
import type { Receiver } from '../ingest/receiver.ts';
import type { LogFollower } from '../ingest/recovery.ts';
import type { UnitRegistry } from '../ingest/unit-registry.ts';
import type { RecordHistory } from '../history/ports.ts';
import type { RawHistory } from '../history/redecode.ts';
import { EmbeddedReceiver } from '../mqtt/embedded-receiver.ts';
import { ExternalReceiver } from '../mqtt/external-receiver.ts';
import { ThinReceiver } from '../mqtt/thin/thin-receiver.ts';
import { testConnection } from '../mqtt/test-connection.ts';
import { externalBroker } from '../settings/external-broker.ts';
import type { IntakeControl } from '../settings/handlers.ts';
import type { BrokerSecrets, Settings } from '../settings/settings.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import { createSeenUnits } from '../store/operations/directory/seen-units.ts';
import type { PhotoStore } from '../commissioning/photo-store.ts';
import { StorageService, type StorageHandlers } from '../settings/storage.ts';
import type { Operations } from '../store/operations/operations.ts';
import { ReaderPool } from '../store/telemetry/reader-pool.ts';
import { BALLAST_BYTES } from '../store/telemetry/writer-client.ts';
import type { WorkerHistoryStore } from '../store/telemetry/worker-store.ts';
import type { DbcLibrary } from './dbc-library.ts';
import type { CoreDeps } from './deps.ts';
import { DemoSimulator } from './demo-simulator.ts';
import type { NoticeBoard } from './notices.ts';

const SECOND = 1000;
const PORT_NOTICE = 'embedded-port';
/** Units that speak WiCAN's or OVMS's own topics. */
const OTHER_FORMATS = ['wican/+/can/rx', 'wican/+/status', 'ovms/+/+/metric/#'];

export interface IntakeOptions {
  readonly deps: CoreDeps;
  readonly operations: Operations;
  readonly directory: FleetDirectory;
  readonly settings: Settings;
  /** Photos of the logbooks, for backups. */
  readonly photos: PhotoStore;
  readonly notices: NoticeBoard;
  readonly state: FleetState;
  readonly catalogue: ParameterCatalogue;
  readonly library: DbcLibrary;
  /** Describes the demo's fleet; undefined in other workspaces. */
  readonly demoFleet: (() => FleetDescription) | undefined;
  /** The telemetry store, which was begun to be opened first. */
  readonly telemetry: Promise<WorkerHistoryStore>;
  /** Hears the log once more, then the pipeline. */
  readonly follower: IntakeFollower;
}

/** Follows everything that comes in, from before the first message on. */
export interface IntakeFollower extends LogFollower {
  attach(ingest: Ingest): void;
}

type IntakeHandlers = Pick<Handlers<AppContract, Principal>, 'intake.summary' | 'intake.devices' | 'intake.gaps' | 'intake.samples'> & StorageHandlers;

/** The way in, as the rest of the core sees it: which broker, how it is, and what came. */
export class Intake implements IntakeControl {
  readonly handlers: IntakeHandlers;
  readonly history: RecordHistory & RawHistory;
  readonly #options: IntakeOptions;
  readonly #ingest: Ingest;
  readonly #simulator: DemoSimulator | undefined;
  readonly #coreSecret: string;
  readonly #storage: StorageService;
  readonly #store = new DisposableStore();
  readonly #status = new Emitter<void>();
  #receiverState: Disposable | undefined;
  #knownUnits = 0;
  /** Changes of settings one after the other. */
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: IntakeOptions, ingest: Ingest) {
    const { deps, directory, operations } = options;
    this.#options = options;
    this.#ingest = ingest;
    this.history = ingest.history;
    this.#coreSecret = Buffer.from(deps.rng.bytes(24)).toString('base64url');
    this.#simulator = options.demoFleet && deps.demo.simulate ? new DemoSimulator(deps, ingest.store.writer.last > 0) : undefined;
    this.#store.add(directory.onChange(() => ingest.registry.describeAgain()));
    const seen = createSeenUnits({ operations, directory, system: systemPrincipal(deps.nodeId), log: deps.log });
    this.#store.add(
      deps.scheduler.every(SECOND, () => {
        if (ingest.registry.size === this.#knownUnits) return;
        this.#knownUnits = ingest.registry.size;
        for (const unit of ingest.registry.all()) seen.seen(unit.deviceId, deps.clock.now());
      }),
    );
    this.#storage = new StorageService({
      clock: deps.clock,
      scheduler: deps.scheduler,
      log: deps.log,
      notices: options.notices,
      dataFolder: deps.dataFolder,
      writer: ingest.store.writer,
      openReader: () => new ReaderPool({ entry: deps.workerEntry('reader'), path: join(deps.dataFolder, 'telemetry.db'), threads: 1 }),
      reserveBytes: BALLAST_BYTES,
      retention: () => options.settings.retention(),
      setRetention: (principal, retention) => options.settings.setRetention(principal, retention),
      dropped: () => ingest.dropped,
      copyPhotos: (folder, isStopped) => options.photos.copyTo(folder, isStopped),
      holdLog: () => ingest.addConsumer(() => 0),
    });
    this.handlers = {
      ...this.#storage.handlers,
      'intake.summary': (_input, _context, sink) => {
        const tell = (): void => sink.push(ingest.summary());
        tell();
        return deps.scheduler.every(SECOND, tell);
      },
      'intake.devices': (input, context) => ingest.devices(input, (deviceId) => this.#sees(principalOf(context), deviceId)),
      'intake.gaps': ({ deviceId, limit }, context) => ({ gaps: this.#sees(principalOf(context), deviceId) ? ingest.gaps(deviceId, limit) : [] }),
      'intake.samples': ({ deviceId }, context) => ({ samples: this.#sees(principalOf(context), deviceId) ? ingest.samples(deviceId) : [] }),
    };
  }

  /** Whether a principal may see what a unit sent: one in a vehicle of its scope; what is in no vehicle only who sees everything. */
  #sees({ scope }: Principal, deviceId: string | undefined): boolean {
    if (scope === 'all') return true;
    const unit = deviceId === undefined ? undefined : this.registry.byDevice(deviceId);
    const vehicle = unit && this.#options.directory.vehicleOfUnit(unit.unitId);
    return vehicle !== undefined && inScope(scope, vehicle.customerId);
  }

  /** Messages of a unit that are missing, ascending; the newest thousand. */
  gapsOf(unitId: string): ReturnType<Ingest['gaps']> {
    const unit = this.#ingest.registry.byUnitId(unitId);
    return unit ? this.#ingest.gaps(unit.deviceId, 1000) : [];
  }

  get registry(): UnitRegistry {
    return this.#ingest.registry;
  }

  /** Shows `look` every message of a known unit before it is processed; it must be quick. */
  tap(look: NonNullable<Pipeline['tap']>): void {
    this.#ingest.pipeline.tap = look;
  }

  get embeddedPort(): number | undefined {
    const { receiver } = this.#ingest;
    return receiver instanceof EmbeddedReceiver ? receiver.broker?.port : undefined;
  }

  readonly broker = (): AppStatus['broker'] => {
    const state = this.#ingest.receiverState;
    const { kind } = this.#options.settings.broker();
    if (!state) return { kind, state: 'connecting', since: this.#options.deps.clock.now(), address: '' };
    return { kind, state: state.state, since: state.since, address: state.address, ...(state.reason === undefined ? {} : { reason: state.reason }) };
  };

  readonly store = (): AppStatus['store'] => this.#ingest.storeStatus;
  readonly messagesPerSecond = (): number => this.#ingest.messagesPerSecond;

  /** Calls back when the broker's state changed. */
  onStatus(listener: () => void): Disposable {
    return this.#status.on(listener);
  }

  restart(): Promise<void> {
    const next = this.#restarting.then(() => this.#receive());
    this.#restarting = next.catch(() => undefined);
    return next;
  }

  async test(broker: BrokerSettings, secrets: BrokerSecrets): Promise<{ ok: boolean; text: string; milliseconds: number }> {
    const { clock, rng, nodeId } = this.#options.deps;
    const result = await testConnection(externalBroker(broker, secrets, `${nodeId}-test`), { clock, rng });
    return { ok: result.ok, text: result.text, milliseconds: result.milliseconds };
  }

  /** Takes in what the silent vehicles of a new demo said last, at the time they said it. */
  sayLastWords(fleet: FleetDescription): void {
    const { deps, settings } = this.#options;
    for (const { deviceId, suffix, payload, at } of lastWords(fleet, loadDemoResources(deps.resourcesFolder))) this.#ingest.pipeline.message(`${settings.broker().topicPrefix}/demo/${deviceId}/${suffix}`, payload, at, 0, 0);
    this.#ingest.pipeline.settled();
  }

  /** A window has been sent the fleet. */
  shown(): void {
    this.#simulator?.shown();
  }

  /** The simulated fleet of the demo; undefined elsewhere. */
  get simulator(): DemoSimulator | undefined {
    return this.#simulator;
  }

  /** What receives, for those who follow it. */
  get ingest(): Ingest {
    return this.#ingest;
  }

  async stop(): Promise<void> {
    await this.#restarting;
    await this.#storage.stop();
    this.#store.dispose();
    this.#receiverState?.dispose();
    await this.#simulator?.stop();
    await this.#ingest.stop();
  }

  async #receive(): Promise<void> {
    const { settings, deps } = this.#options;
    await this.#simulator?.stop();
    const broker = settings.broker();
    this.#ingest.pipeline.topicPrefix = broker.topicPrefix;
    if (broker.kind === 'external') {
      const secrets = await settings.brokerSecrets();
      const Adapter = broker.receiver === 'mqtt.js' ? ExternalReceiver : ThinReceiver;
      await this.#start(new Adapter({ broker: externalBroker(broker, secrets, broker.clientId ?? `command-center-${deps.nodeId}`), extraFilters: OTHER_FORMATS, clock: this.#ingest.clock, rng: deps.rng, scheduler: deps.scheduler }));
      return;
    }
    const embedded = settings.embedded();
    try {
      await this.#start(await this.#embedded(embedded.port, embedded.lan));
      this.#options.notices.clear(PORT_NOTICE);
    } catch (error) {
      if (!(error instanceof AppError) || embedded.port === 0) throw error;
      // Another program has the port: the console goes on with a free one and says so.
      await this.#start(await this.#embedded(0, embedded.lan));
      this.#options.notices.raise(PORT_NOTICE, 'high', `${error.message} The embedded broker listens on port ${this.embeddedPort} until then; units that use port ${embedded.port} cannot reach it.`);
    }
    const port = this.embeddedPort;
    if (port !== undefined) this.#simulator?.start({ port, secret: this.#coreSecret, prefix: broker.topicPrefix, ...unitPassword(await settings.unitPassword()) });
  }

  async #embedded(port: number, lan: boolean): Promise<EmbeddedReceiver> {
    const { settings, deps } = this.#options;
    const units = await settings.unitPassword();
    if (lan && units === undefined) throw new AppError('refused', 'The network may not reach the embedded broker without a password for the units. Set one in Settings.');
    const secrets = { core: this.#coreSecret, ...(this.#simulator ? { simulator: this.#coreSecret } : {}), ...(units === undefined ? {} : { units }) };
    return new EmbeddedReceiver({ entry: deps.workerEntry('broker'), broker: { port, lan, topicPrefix: settings.broker().topicPrefix, secrets }, clock: this.#ingest.clock });
  }

  async #start(receiver: Receiver): Promise<void> {
    this.#receiverState?.dispose();
    this.#receiverState = receiver.onState.on(() => this.#status.emit());
    await this.#ingest.receive(receiver);
    this.#status.emit();
  }
}

function unitPassword(password: string | undefined): { unitPassword?: string } {
  return password === undefined ? {} : { unitPassword: password };
}

/** Signs with the node's key as soon as the secret store has given it, which may take a while; undefined until then. */
function commandSigner({ secrets, log }: CoreDeps): (bytes: Uint8Array) => string | undefined {
  let key: NodeKey | undefined;
  openNodeKey(secrets).then(
    (opened) => (key = opened),
    (error: unknown) => log.write('warn', 'Commands to units go out without a signature: the key cannot be kept.', { error: error instanceof Error ? error.message : String(error) }),
  );
  return (bytes) => key?.sign(bytes);
}

/** Opens the telemetry store and begins to receive; what the store knows is on the screen before the broker is. */
export async function startIntake(options: IntakeOptions): Promise<Intake> {
  const { deps, directory, library, catalogue, state, notices, settings } = options;
  const { clock, rng, scheduler, log, dataFolder } = deps;
  const ingest = await createIngest({
    clock, rng, scheduler, log, dataFolder, catalogue, state, notices,
    store: options.telemetry,
    follower: options.follower,
    workerEntry: deps.workerEntry,
    topicPrefix: settings.broker().topicPrefix,
    resolveBus: (unit, bus, named) => library.resolve({ model: unit.model === undefined ? undefined : directory.model(unit.model), bus, named, software: unit.software, at: clock.now() }),
    describe: ({ unitId }) => {
      const vehicle = directory.vehicleOfUnit(unitId);
      if (!vehicle) return undefined;
      return { model: vehicle.modelId, vin: vehicle.vin, speedLimit: directory.model(vehicle.modelId)?.wheels === '3W' ? 90 : 120 };
    },
    // Read whenever old telemetry is dropped: a change counts at once.
    retention: {
      get hours() {
        return settings.retention().pointDays * 24;
      },
      get rawHours() {
        return settings.retention().rawDays * 24;
      },
      get rollupHours() {
        return settings.retention().rollupDays * 24;
      },
    },
    sign: commandSigner(deps),
  });
  options.follower.attach(ingest);
  const intake = new Intake(options, ingest);
  try {
    if (options.demoFleet && ingest.store.writer.last === 0) intake.sayLastWords(options.demoFleet());
    await intake.restart();
  } catch (error) {
    await intake.stop();
    throw error;
  }
  return intake;
}
