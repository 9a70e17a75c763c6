import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createIngest } from '#core/ingest/create-ingest.ts';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { encodeCanBinary, encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { catalogue, demoModels, signalValues } from './live-traffic.ts';
import { SEQUENCE_AT } from './pipeline-traffic.ts';

/** The core's process with a fleet that has reported everything: prints what it holds. */
const vehicles = Number(process.argv[2] ?? '1000');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Start of the batch in the header (docs/protocols/telemetry.md). */
const T0_AT = 16;

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
const models = demoModels(1);
const modelOf = (deviceId: string) => models[Number(deviceId.slice(1)) % models.length] as (typeof models)[number];
const state = new FleetState();
const ingest = await createIngest({
  clock: systemClock,
  rng: systemRng,
  scheduler: systemScheduler,
  log: SILENT_LOG,
  workerEntry: (name) => new URL(`../electron/workers/${name}.ts`, import.meta.url),
  dataFolder: folder,
  topicPrefix: 'evf/1',
  catalogue,
  resolveBus: (unit) => modelOf(unit.deviceId).binding,
  describe: ({ deviceId }) => ({ model: modelOf(deviceId).name }),
  state,
  notices: { raise: () => undefined, clear: () => undefined },
  retention: { hours: 24, rawHours: 24 },
  ballastBytes: 0,
});
const receiver = new DirectReceiver(systemClock);
await ingest.receive(receiver);
collect();
const empty = process.memoryUsage();
const random = new SeededRandom(7);
const batches = models.map((model) => encodeCanBinary({ ...(model.batches[0] as (typeof models)[number]['batches'][number]), boot: 1, seq: 0, up: 60 }));
for (let seq = 1; seq <= 4; seq += 2) {
  for (let i = 0; i < vehicles; i++) {
    const device = `D${i}`;
    const now = systemClock.now();
    // Patched, not encoded anew: what the sender needs is no part of the core's memory.
    const batch = batches[i % batches.length] as Uint8Array;
    const view = new DataView(batch.buffer, batch.byteOffset);
    view.setUint32(SEQUENCE_AT, seq, true);
    view.setBigUint64(T0_AT, BigInt(now) * 1000n, true);
    receiver.deliver(`evf/1/f/${device}/can`, batch);
    receiver.deliver(`evf/1/f/${device}/sig`, encodeSignals({ boot: 1, seq: seq + 1, up: 60, t0: now, values: signalValues(random) }));
    if (i % 200 !== 199) continue;
    receiver.settle();
    await receiver.ready();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
await ingest.pipeline.queue.drain();
collect();
collect();
const full = process.memoryUsage();
if (process.argv[3] === 'detail') console.error(JSON.stringify({ empty, full }));
const held = (usage: NodeJS.MemoryUsage): number => usage.heapUsed + usage.external;
const { dashboardPerVehicle, valuesPerVehicle } = state.memory();
console.log(JSON.stringify({ rss: full.rss, perVehicle: (held(full) - held(empty)) / vehicles, dashboardPerVehicle, valuesPerVehicle, storedPerVehicle: ingest.pipeline.stored.bytes / vehicles, messages: ingest.store.writer.last }));
await ingest.stop();
rmSync(folder, { recursive: true, force: true });
