import { parentPort, workerData } from 'node:worker_threads';
import { serveTelemetryReader } from '#core/store/telemetry/reader-service.ts';

const port = parentPort;
if (!port) throw new Error('a reader runs as a worker thread');
serveTelemetryReader(
  {
    post: (report, transfer) => port.postMessage(report, transfer),
    onRequest: (listener) => void port.on('message', listener),
  },
  (workerData as { readonly path: string }).path,
);
