import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { createIngest } from '#core/ingest/create-ingest.ts';
import { EmbeddedReceiver } from '#core/mqtt/embedded-receiver.ts';
import { ExternalReceiver } from '#core/mqtt/external-receiver.ts';
import { ThinReceiver } from '#core/mqtt/thin/thin-receiver.ts';
import { databaseBytes } from '#core/store/telemetry/disk.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { pointBatches } from './pipeline-traffic.ts';

/**
 * One side of the comparison, in a process of its own: `bare` (mqtt.js alone), `pipeline` (the same connection through the console's
 * pipeline), `thin` (the same with the console's own receiver), or `embedded` (the pipeline behind the embedded broker). Prints when it is ready, then the rate over the last two
 * thirds of the messages; the first third warms up.
 */
const [kind = 'bare', totalText = '0', portText = '0'] = process.argv.slice(2);
const total = Number(totalText);
const port = Number(portText);
const warm = Math.floor(total / 3);

/** CPU time of this thread and of all threads, ms: what the work costs, whatever else the machine does. */
const threadMs = (): number => (process.threadCpuUsage().user + process.threadCpuUsage().system) / 1000;
const processMs = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
const begun = { wall: 0, thread: 0, process: 0 };

function start(): void {
  Object.assign(begun, { wall: performance.now(), thread: threadMs(), process: processMs() });
}

function finish(more: Readonly<Record<string, number>> = {}): void {
  const rate = (milliseconds: number): number => ((total - warm) * 1000) / milliseconds;
  console.log(JSON.stringify({ rate: rate(performance.now() - begun.wall), threadRate: rate(threadMs() - begun.thread), processRate: rate(processMs() - begun.process), ...more }));
}

function bare(): void {
  let seen = 0;
  const client = mqtt.connect({ host: '127.0.0.1', port, clientId: 'bare', reconnectPeriod: 0 });
  client.on('message', () => {
    seen++;
    if (seen === warm) start();
    // The acknowledgement of the last message is written in the same turn.
    if (seen === total) setImmediate(() => finish());
  });
  client.on('connect', () => client.subscribe(['evf/1/+/+/+', 'evf/1/+/+/cmd/+/ack'], { qos: 1 }, () => console.log(JSON.stringify({ ready: 0 }))));
}

async function pipeline(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  const catalogue = createCatalogue();
  const { binding } = pointBatches(1, catalogue);
  const workerEntry = (name: string): URL => new URL(`../electron/workers/${name}.ts`, import.meta.url);
  const ingest = await createIngest({
    clock: systemClock,
    rng: systemRng,
    scheduler: systemScheduler,
    log: SILENT_LOG,
    workerEntry,
    dataFolder: folder,
    topicPrefix: 'evf/1',
    catalogue,
    resolveBus: () => binding,
    describe: () => ({ model: 'two-wheeler' }),
    state: new FleetState(),
    notices: { raise: () => undefined, clear: () => undefined },
    retention: { hours: 24, rawHours: 24 },
    ballastBytes: 0,
  });
  const { counters } = ingest.pipeline;
  ingest.pipeline.onApplied.on(() => {
    if (begun.wall === 0 && counters.committed >= warm) start();
    // Every message has one row; the acknowledgements of this commit have been written before.
    if (counters.committed + counters.shed >= total) finish({ shed: counters.shed, storedValues: counters.storedValues, bytes: databaseBytes(join(folder, 'telemetry.db')) });
  });
  process.once('SIGTERM', () => {
    void ingest.stop().finally(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(0);
    });
  });
  if (kind === 'embedded') {
    const receiver = new EmbeddedReceiver({ entry: workerEntry('broker'), broker: { port: 0, lan: false, topicPrefix: 'evf/1', secrets: { core: 'core', simulator: 'secret' } }, clock: systemClock });
    await ingest.receive(receiver);
    console.log(JSON.stringify({ ready: receiver.broker?.port }));
  } else {
    const broker = { url: `mqtt://127.0.0.1:${port}`, protocolVersion: 4, clientId: 'bench', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true } as const;
    const receiver = new (kind === 'thin' ? ThinReceiver : ExternalReceiver)({ broker, clock: systemClock, rng: systemRng, scheduler: systemScheduler });
    const connected = new Promise<void>((resolve) => receiver.onState.on((state) => state.state === 'connected' && resolve()));
    await ingest.receive(receiver);
    await connected;
    // The subscription follows the connection.
    setTimeout(() => console.log(JSON.stringify({ ready: 0 })), 100);
  }
}

if (kind === 'bare') bare();
else await pipeline();
