import { Alerts } from '#core/alerts/alerts.ts';
import type { Ingest } from '#core/ingest/create-ingest.ts';
import { DirectoryView } from '#core/live/directory.ts';
import { LiveFleet } from '#core/live/live-fleet.ts';
import { AlertReader } from '#core/store/operations/alerts/reader.ts';
import { FleetDirectory } from '#core/store/operations/directory/directory.ts';
import { openOperations, type MutationCall, type Operations } from '#core/store/operations/operations.ts';
import { seedAlertRules } from '#core/store/operations/seed/seed-alert-rules.ts';
import { alertRuleValues } from '#shared/domain/alerts/rule.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import type { SeededRandom } from '#shared/testing/random.ts';
import { alertRule } from '#shared/testing/alerts.ts';
import { groundMutations, idOf, NODE_ID, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openIngest, workerEntry } from './ingest-setup.ts';

/** The engine's state is kept this often, ms: kills are to meet it half written. */
const KEEP_EVERY = 150;
/** Rules beside the default ones, whose alerts come and go within milliseconds. */
const QUICK = [
  { key: 'quick', rule: alertRule({ name: 'Quick', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 20, deadBand: 3 } }) },
  { key: 'latched', rule: alertRule({ name: 'Quick and latched', severity: 'low', latched: true, condition: { kind: 'compare', parameter: 'throttle', op: '>', value: 90, deadBand: 5 }, offDelay: 1 }) },
  { key: 'fleeting', rule: alertRule({ name: 'Fleeting', severity: 'low', condition: { kind: 'compare', parameter: 'gsmSignal', op: '<', value: 10, deadBand: 2 } }) },
];

function open(dataFolder: string): Promise<Operations> {
  return openOperations({ dataFolder, workerEntry: workerEntry('operations-writer'), clock: systemClock, rng: systemRng, log: SILENT_LOG, nodeId: NODE_ID });
}

/** Fills a new folder: a vehicle for each unit, the default rules and a few quick ones. */
export async function seedVehicles(folder: string, devices: readonly string[]): Promise<void> {
  const operations = await open(folder);
  const ground = groundMutations().map(({ name, args }) => ({ name, args }) as MutationCall);
  const vehicles = devices.map((deviceId, i): MutationCall => ({ name: 'product.create', args: productArgs(i, { values: { deviceId }, boundFrom: 0 }) }));
  await operations.commit({ principal: SYSTEM, mutations: [...ground, ...vehicles] });
  await seedAlertRules({ operations, system: SYSTEM, now: systemClock.now(), log: SILENT_LOG });
  for (const { key, rule: { id: _, version: __, ...values } } of QUICK) await operations.mutate(SYSTEM, 'alert-rule.create', { id: idOf(key), values: alertRuleValues.parse(values) });
  await operations.close();
}

/** What the device of a unit is called in the master data of `seedVehicles`: its vehicle. */
export const vehicleOf = (unit: number): string => idOf(`vehicle ${unit}`);

/** The alert service over the operations database of a folder, as the core opens it, and the pipeline that it follows; the engine's state is kept every `keepEvery` ms. */
export async function openAlertCore(folder: string, keepEvery = KEEP_EVERY): Promise<{ readonly ingest: Ingest; readonly operations: Operations; readonly alerts: Alerts }> {
  const operations = await open(folder);
  const directory = new FleetDirectory({ operations, clock: systemClock, log: SILENT_LOG });
  const state = new FleetState();
  state.evaluate(systemClock.now());
  const fleet = new LiveFleet(state, new DirectoryView(directory, operations.read, systemScheduler), uuidv7(systemClock, systemRng));
  const catalogue = createCatalogue();
  const alerts = new Alerts({ operations, directory, fleet, catalogue, places: { at: () => undefined }, clock: systemClock, scheduler: systemScheduler, log: SILENT_LOG, keepEvery });
  const { ingest } = await openIngest(folder, { state, catalogue, follower: alerts.watch });
  alerts.watch.attach(ingest);
  return { ingest, operations, alerts };
}

/** What a person did and was told is done. */
export interface Deed {
  readonly kind: 'acknowledge' | 'clear';
  readonly alertId: string;
}

/** Acknowledges or clears one of the open alerts; undefined where nothing could be done. */
export async function actOnce({ operations, alerts }: { readonly operations: Operations; readonly alerts: Alerts }, random: SeededRandom): Promise<Deed | undefined> {
  const open = new AlertReader(operations.read.database).open();
  const row = open[random.below(Math.max(1, open.length))];
  if (row === undefined) return undefined;
  const force = random.below(8) === 0 && row.severity !== 'low';
  const clears = (row.returnedAt !== undefined || force) && random.below(2) === 0;
  if (!clears && row.acknowledgedAt !== undefined) return undefined;
  if (clears && !force && alerts.watch.clearRefusal(row) !== undefined) return undefined;
  const alertIds = [row.id];
  const { done } = clears ? await operations.mutate(SYSTEM, 'alert.clear', { alertIds, comment: 'Seen.', ...(force ? { force } : {}) }) : await operations.mutate(SYSTEM, 'alert.acknowledge', { alertIds });
  return done === 1 ? { kind: clears ? 'clear' : 'acknowledge', alertId: row.id } : undefined;
}
