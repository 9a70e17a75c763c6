import { defaultFeatures } from '#shared/domain/features/features.ts';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import type { FleetDescription } from '#electron/simulator/fleet/types.ts';
import { contract, type AppContract } from '#shared/contract/index.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import { systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import { createDispatcher } from '#shared/rpc/dispatcher.ts';
import type { Handlers } from '#shared/rpc/handlers.ts';
import { customer } from '#shared/resources/customer.ts';
import { dbcFile } from '#shared/resources/dbc-file.ts';
import { signalMap } from '#shared/resources/signal-map.ts';
import { Access } from '../access/access.ts';
import { DEMO_SIGN_IN, seedDemoUsers } from '../access/demo-users.ts';
import { auditHandlers } from '../access/audit-handlers.ts';
import { accessHandlers } from '../access/handlers.ts';
import { userHandlers } from '../access/user-handlers.ts';
import { createPasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { readCommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { wallboardHandlers } from '../access/wallboard-handlers.ts';
import { Alerts } from '../alerts/alerts.ts';
import { startCanBench } from '../can/can-bench.ts';
import { installationCatalogue } from '../can/parameter-handlers.ts';
import { commissioningHandlers } from '../commissioning/handlers.ts';
import { logbookHandlers } from '../commissioning/logbook-handlers.ts';
import { PhotoStore } from '../commissioning/photo-store.ts';
import { PhotoSweep } from '../commissioning/photo-sweep.ts';
import { Exchange } from '../exchange/exchange.ts';
import { datalogHandlers } from '../history/datalog-handlers.ts';
import { decodingHandlers } from '../history/decoding-handlers.ts';
import { historyHandlers } from '../history/handlers.ts';
import { importHandlers } from '../imports/handlers.ts';
import { Imports } from '../imports/imports.ts';
import { importSources } from '../imports/sources.ts';
import { FleetCells } from '../live/cells.ts';
import { DirectoryView } from '../live/directory.ts';
import { exportHandlers } from '../live/export.ts';
import { FleetQuery } from '../live/fleet-query.ts';
import { liveHandlers } from '../live/handlers.ts';
import { openTelemetryStore } from '../ingest/open-store.ts';
import { LeaseWatch } from '../leases/lease-watch.ts';
import { LiveFleet } from '../live/live-fleet.ts';
import { loadPlaceNames } from '../live/places.ts';
import { placeHandlers } from '../live/place-handlers.ts';
import { resourceHandlers } from '../resources/handlers.ts';
import { stationHandlers } from '../stations/handlers.ts';
import { settingsHandlers } from '../settings/handlers.ts';
import { preferenceHandlers } from '../settings/preferences.ts';
import { Settings } from '../settings/settings.ts';
import { FleetDirectory } from '../store/operations/directory/directory.ts';
import { hasOperations, openOperations, type Operations } from '../store/operations/operations.ts';
import { seedAlertRules } from '../store/operations/seed/seed-alert-rules.ts';
import { seedDemo } from '../store/operations/seed/seed-demo.ts';
import { readModelSeed, seedModels } from '../store/operations/seed/seed-models.ts';
import { DbcLibrary } from './dbc-library.ts';
import { demoBenchHandlers } from './demo-bench.ts';
import { demoHandlers } from './demo-faults.ts';
import type { Core, CoreDeps } from './deps.ts';
import { appHandlers } from './handlers.ts';
import { startIntake } from './intake.ts';
import { NoticeBoard } from './notices.ts';
import { Shutdown } from './shutdown.ts';
import { StatusService } from './status.ts';

const SIGNAL_MAPS = ['two-wheeler', 'three-wheeler'] as const;

/** Fills a new workspace: the demo with its fleet and users, a local one with the vehicle models alone. */
async function seed(deps: CoreDeps, operations: Operations): Promise<(() => FleetDescription) | undefined> {
  const { clock, log, demo, resourcesFolder } = deps;
  const system = systemPrincipal(deps.nodeId);
  const models = readModelSeed(resourcesFolder, SIGNAL_MAPS);
  if (deps.workspace === 'local') {
    await seedModels({ operations, system, models: describeFleet({ vehicles: 0, seed: demo.seed, now: clock.now() }).models, files: models, now: clock.now() });
    return undefined;
  }
  const fleet = await seedDemo({ operations, system, describe: describeFleet, vehicles: demo.vehicles, seed: demo.seed, now: clock.now(), models, log });
  const [first] = operations.read.all(customer);
  if (first) await seedDemoUsers({ operations, hasher: createPasswordHasher(), clock, b2bCustomerId: first.id });
  return fleet;
}

/**
 * Opens a workspace and starts the application on it. Rejects with AppError store-newer, -corrupt, -full, -locked or
 * -unwritable, whose message says what to do; what was opened until then is closed again.
 */
export async function createCore(deps: CoreDeps): Promise<Core> {
  const shutdown = new Shutdown(deps.log);
  try {
    return await build(deps, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function build(deps: CoreDeps, shutdown: Shutdown): Promise<Core> {
  const { clock, rng, scheduler, log, nodeId, dataFolder, resourcesFolder } = deps;
  const notices = new NoticeBoard(clock);
  const opening = (): Promise<Operations> => openOperations({ dataFolder, workerEntry: deps.workerEntry('operations-writer'), clock, rng, log, nodeId });
  // Both databases and their threads are opened side by side. A new workspace has nothing beside its operations database until that has its
  // first page: a first start that is ended in between would leave what looks like an emptied database.
  const first = hasOperations(dataFolder) ? undefined : await opening();
  if (first) shutdown.add('operations', () => first.close());
  const telemetry = openTelemetryStore({ workerEntry: deps.workerEntry, dataFolder });
  let claimed = false;
  shutdown.add('telemetry', () => (claimed ? undefined : telemetry.then((store) => store.close(), () => undefined)));
  // Whoever claims it hears why it cannot be opened.
  telemetry.catch(() => undefined);
  const operations = first ?? (await opening());
  if (!first) shutdown.add('operations', () => operations.close());
  operations.onFailed((reason) => notices.raise('operations', 'critical', `Changes can no longer be stored: ${reason} Restart the application; what was confirmed is safe.`));
  const demoFleet = await seed(deps, operations);
  await seedAlertRules({ operations, system: systemPrincipal(nodeId), now: clock.now(), log });

  const epoch = uuidv7(clock, rng);
  const source = new FleetDirectory({ operations, clock, log });
  shutdown.add('directory', () => source.dispose());
  const directory = new DirectoryView(source, operations.read, scheduler);
  shutdown.add('directory view', () => directory.dispose());

  const catalogue = installationCatalogue(operations);
  const state = new FleetState();
  state.evaluate(clock.now());
  const settings = new Settings(operations, deps.secrets, {
    broker: { kind: 'embedded', topicPrefix: 'evf/1', fleet: '+', protocolVersion: 4, rejectUnauthorized: true },
    embedded: { lan: false, port: deps.workspace === 'local' ? 1883 : 0 },
    features: defaultFeatures(deps.workspace === 'demo'),
  });
  const library = new DbcLibrary({ resourcesFolder, dataFolder, catalogue, log, rows: { files: () => operations.read.all(dbcFile), maps: () => operations.read.all(signalMap) } });
  const fleet = new LiveFleet(state, directory, epoch);
  shutdown.add('live fleet', () => fleet.dispose());
  const places = loadPlaceNames(resourcesFolder, log);
  const alerts = new Alerts({ operations, directory: source, fleet, catalogue, places, clock, scheduler, log });
  shutdown.add('alerts', () => alerts.dispose());
  claimed = true;
  const photos = new PhotoStore({ dataFolder, clock });
  const intake = await startIntake({ deps, photos, operations, directory: source, settings, notices, state, catalogue, library, demoFleet, telemetry, follower: alerts.watch });
  shutdown.add('alert watch', () => alerts.watch.stop());
  shutdown.add('intake', () => intake.stop());
  fleet.forgetFormer();

  const photoSweep = new PhotoSweep({ operations, photos, clock, scheduler, log: log.child('photos') });
  shutdown.add('photos', () => photoSweep.dispose());
  const leases = new LeaseWatch({ operations, clock, scheduler, log, timeZone: deps.timeZone });
  shutdown.add('leases', () => leases.dispose());
  const access = new Access({ operations, clock, rng, scheduler, log, secrets: deps.secrets, hasher: createPasswordHasher(), commonPasswords: readCommonPasswords(resourcesFolder), allowFirstUser: deps.workspace === 'local', issuer: deps.brand.name, secondFactor: deps.workspace === 'demo' ? 'voluntary' : 'mandatory', ...(deps.workspace === 'demo' ? { publishedEmail: DEMO_SIGN_IN.email } : {}) });
  shutdown.add('access', () => access.dispose());
  access.factors.sealStored().catch((error: unknown) => log.write('error', 'the secrets of second factors could not be sealed', { error }));
  const status = new StatusService({
    workspace: deps.workspace,
    notices, scheduler, clock, dataFolder,
    sources: { broker: intake.broker, store: intake.store, messagesPerSecond: intake.messagesPerSecond, pendingChanges: () => 0, asOf: () => state.asOf },
  });
  shutdown.add('status', () => status.dispose());
  intake.onStatus(() => status.touch());
  const exchange = new Exchange({ workerEntry: deps.workerEntry('files'), dataFolder, clock, rng, scheduler, log });
  shutdown.add('exchange', () => exchange.close());
  const imports = new Imports({ operations, sources: importSources(operations), workerEntry: deps.workerEntry('files'), dataFolder, clock, rng, scheduler, log: log.child('imports') });
  shutdown.add('imports', () => imports.close());
  await imports.recover();
  const can = startCanBench({ intake, directory: source, library, operations, catalogue, exchange, clock, rng, scheduler, timeZone: deps.timeZone });
  shutdown.add('CAN bench', () => can.dispose());

  const cells = new FleetCells(fleet, catalogue, places);
  const query = new FleetQuery(fleet, cells);
  const work = { operations, directory: source, registry: intake.registry, library, taps: can.taps, state, catalogue, openAlerts: (vehicleId: string) => alerts.openNames(vehicleId), clock, rng, scheduler, timeZone: deps.timeZone };
  const handlers = {
    ...appHandlers({ deps, status, notices, demoSignIn: deps.workspace === 'demo' ? DEMO_SIGN_IN : undefined, needsFirstUser: () => access.needsFirstUser, streetMapFile: () => settings.streetMapFile(), features: () => settings.features() }),
    ...accessHandlers(access),
    ...userHandlers({ access, exchange }),
    ...auditHandlers({ operations, exchange, clock, log }),
    ...liveHandlers({ fleet, cells, query, catalogue, history: intake.history, clock, scheduler, onFleetSent: () => intake.shown() }),
    ...historyHandlers({ fleet, catalogue, places, clock, history: intake.history, gaps: (unitId) => intake.gapsOf(unitId) }),
    ...decodingHandlers({ fleet, library, catalogue, operations, clock, rng, log, history: intake.history, unit: (unitId) => intake.registry.byUnitId(unitId), model: (modelId) => source.model(modelId) }),
    ...datalogHandlers({ fleet, catalogue, exchange, library, history: intake.history, unit: (unitId) => intake.registry.byUnitId(unitId), model: (modelId) => source.model(modelId) }),
    ...exportHandlers({ cells, query, exchange }),
    ...settingsHandlers(settings, intake, dataFolder),
    ...preferenceHandlers(operations),
    ...alerts.handlers({ exchange, ingest: intake.ingest, library, timeZone: deps.timeZone }),
    ...wallboardHandlers(access),
    ...placeHandlers(places),
    ...resourceHandlers({ operations, exchange }),
    ...demoBenchHandlers({ simulator: () => intake.simulator, directory: source, operations, seed: deps.demo.seed, clock }),
    ...stationHandlers(operations),
    ...demoHandlers({ simulator: () => intake.simulator, fleet, clock }),
    ...intake.handlers,
    ...can.handlers,
    ...importHandlers({ imports, exchange, operations }),
    ...commissioningHandlers(work),
    ...logbookHandlers({ ...work, photos }),
  } satisfies Handlers<AppContract, Principal>;
  const dispatcher = createDispatcher<AppContract, Principal>({
    contract, handlers, log,
    authorise: (rule, principal) => access.authorise(rule, principal),
    newErrorId: () => uuidv7(clock, rng),
    identity: CONTRACT_IDENTITY,
  });
  shutdown.add('dispatcher', () => dispatcher.dispose());
  access.onSessionEnded((end) => {
    if (end.reason === 'ended') dispatcher.endSession(end.sessionId);
    else dispatcher.renewSession(end.sessionId);
    // A new name or address leaves an import alone; what was planned with former rights stops.
    if (end.reason !== 'identity') imports.endSession(end.sessionId, end.reason).catch((error: unknown) => log.write('error', 'the imports of a session could not be stopped', { error }));
  });

  return {
    connect: (channel, client) => dispatcher.serve(channel, client),
    takeDownload: (token) => exchange.takeDownload(token),
    knowsWallboard: (token) => access.wallboards.knows(token),
    streetMapFile: () => settings.streetMapFile(),
    stop: () => shutdown.run(),
  };
}
