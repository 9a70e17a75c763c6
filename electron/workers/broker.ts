import { parentPort, workerData } from 'node:worker_threads';
import { serveBroker } from '#electron/broker/broker-service.ts';
import type { BrokerOptions } from '#electron/broker/protocol.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';

const port = parentPort;
if (!port) throw new Error('the broker runs as a worker thread');
await serveBroker(
  {
    post: (report, transfer) => port.postMessage(report, transfer),
    onRequest: (listener) => void port.on('message', listener),
  },
  workerData as BrokerOptions,
  { clock: systemClock, scheduler: systemScheduler },
);
