import { parentPort, workerData } from 'node:worker_threads';
import type { WriterOptions } from '#core/store/telemetry/writer-protocol.ts';
import { serveTelemetryWriter } from '#core/store/telemetry/writer-service.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';

const port = parentPort;
if (!port) throw new Error('the telemetry writer runs as a worker thread');
serveTelemetryWriter(
  {
    post: (report, transfer) => port.postMessage(report, transfer),
    onRequest: (listener) => void port.on('message', listener),
  },
  workerData as WriterOptions,
  { clock: systemClock, rng: systemRng, scheduler: systemScheduler },
);
