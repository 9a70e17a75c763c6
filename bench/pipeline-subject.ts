import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { Receiver } from '#core/ingest/receiver.ts';
import { EmbeddedReceiver } from '#core/mqtt/embedded-receiver.ts';
import { ExternalReceiver } from '#core/mqtt/external-receiver.ts';
import { ThinReceiver } from '#core/mqtt/thin/thin-receiver.ts';
import { databaseBytes } from '#core/store/telemetry/disk.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { openIngest, workerEntry } from '#tools/faults/ingest-setup.ts';
import { pointBatches } from './pipeline-traffic.ts';

/**
 * One side of the comparison, in a process of its own: `bare` (mqtt.js alone), `bare-thin` (the console's own receiver alone), `pipeline` (the same connection through the console's
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

const broker = { url: `mqtt://127.0.0.1:${port}`, protocolVersion: 4, clientId: 'bench', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true } as const;
const ports = { clock: systemClock, rng: systemRng, scheduler: systemScheduler };

/** Connects, and says so when the subscription has followed the connection. */
async function receive(receiver: Receiver, start: () => Promise<void>): Promise<void> {
  const connected = new Promise<void>((resolve) => receiver.onState.on((state) => state.state === 'connected' && resolve()));
  await start();
  await connected;
  setTimeout(() => console.log(JSON.stringify({ ready: 0 })), 100);
}

/** Takes messages in and acknowledges them at once, as many as one read of the socket brought. */
async function bareThin(): Promise<void> {
  const receiver = new ThinReceiver({ broker, ...ports });
  const tokens = new Float64Array(65_536);
  let open = 0;
  let seen = 0;
  await receive(receiver, () =>
    receiver.start({
      message(_topic, _payload, _receivedAt, _delivery, token) {
        if (token > 0) tokens[open++] = token;
        if (++seen === warm) start();
      },
      skipped: () => undefined,
      settled() {
        receiver.acknowledge(tokens, open);
        open = 0;
        if (seen >= total) finish();
      },
    }),
  );
}

async function pipeline(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  const catalogue = createCatalogue();
  const { binding } = pointBatches(1, catalogue);
  const { ingest } = await openIngest(folder, { catalogue, resolveBus: () => binding, describe: () => ({ model: 'two-wheeler' }) });
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
    const receiver = new (kind === 'thin' ? ThinReceiver : ExternalReceiver)({ broker, ...ports });
    await receive(receiver, () => ingest.receive(receiver));
  }
}

if (kind === 'bare') bare();
else if (kind === 'bare-thin') await bareThin();
else await pipeline();
