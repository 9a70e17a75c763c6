import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { loadDemoResources } from '#electron/simulator/resources.ts';
import { startSimulator, type Simulator } from '#electron/simulator/run.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { BACKFILL_POLICY } from '#shared/domain/telemetry/sequence/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { startMosquitto, type Mosquitto } from '#shared/testing/mosquitto.ts';
import { ExternalReceiver } from '../../mqtt/external-receiver.ts';
import { ThinReceiver } from '../../mqtt/thin/thin-receiver.ts';
import { createIngest, type Ingest } from '../create-ingest.ts';

const resources = loadDemoResources(new URL('../../../../resources', import.meta.url).pathname);
const deps = { clock: systemClock, rng: systemRng, scheduler: systemScheduler };

let folder = '';
let mosquitto: Mosquitto;
let simulator: Simulator | undefined;
let ingest: Ingest | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-'));
  mosquitto = await startMosquitto();
});
afterEach(async () => {
  await simulator?.stop();
  await ingest?.stop();
  await mosquitto.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([['thin', ThinReceiver], ['mqtt.js', ExternalReceiver]] as const)('QoS 0 messages that came while the %s receiver was away are filled from the units of the demo', async (_name, Adapter) => {
  const opened = await createIngest({
    ...deps, log: SILENT_LOG, workerEntry: (name) => new URL(`../../../workers/${name}.ts`, import.meta.url), dataFolder: folder, topicPrefix: 'evf/1', catalogue: createCatalogue(),
    resolveBus: () => undefined, describe: () => undefined, state: new FleetState(), notices: { raise: () => undefined, clear: () => undefined }, retention: { hours: 24, rawHours: 24 }, ballastBytes: 0,
    backfillPolicy: { ...BACKFILL_POLICY, settle: 1000, quiet: 500, latest: 5000, pause: 200, afterDone: 1000 },
  });
  ingest = opened;
  const receiver = () => new Adapter({ broker: { url: `mqtt://127.0.0.1:${mosquitto.port}`, protocolVersion: 4, clientId: 'console', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true }, ...deps });
  await opened.receive(receiver());
  // On a bench with everything switched on: what they send does not hang on the time of day. They remember all of it.
  const bench = describeFleet({ vehicles: 12, seed: 's', now: systemClock.now() }).vehicles.filter(({ silence, quirk }) => silence === undefined && quirk === undefined).slice(0, 6);
  const demo = startSimulator({ brokerUrl: `mqtt://127.0.0.1:${mosquitto.port}`, vehicles: 0, bench, seed: 's', resources, ...deps, log: SILENT_LOG, interval: 300, qos: 0, memoryLimit: 5000 });
  simulator = demo;
  const missing = (): number => [...opened.registry.all()].reduce((sum, unit) => sum + unit.context.sequence.missing, 0);
  await vi.waitFor(() => expect(opened.pipeline.counters.received).toBeGreaterThan(60), { timeout: 60_000 });
  await opened.receiver?.stop();
  const sent = demo.statistics().messages;
  await vi.waitFor(() => expect(demo.statistics().messages).toBeGreaterThan(sent + 40), { timeout: 60_000 });
  await opened.receive(receiver());
  await vi.waitFor(() => expect(missing()).toBeGreaterThan(0), { timeout: 60_000 });
  await vi.waitFor(() => expect([missing(), opened.backfill.counts.open]).toEqual([0, 0]), { timeout: 100_000, interval: 100 });
  const { commands, filled, asked, lost } = opened.backfill.counts;
  expect([commands > 0, filled > 5, asked >= filled, lost]).toEqual([true, true, true, 0]);
  expect(opened.pipeline.counters.buffered).toBeGreaterThanOrEqual(filled);
});
