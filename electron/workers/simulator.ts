import { parentPort, workerData } from 'node:worker_threads';
import { runSimulatorWorker, type SimulatorRequest, type SimulatorStop, type SimulatorWorkerData } from '#electron/simulator/worker.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { textLog } from '#shared/platform-node/text-log.ts';

const port = parentPort;
if (port === null) throw new Error('electron/workers/simulator.ts runs in a worker thread');
const log = textLog({ clock: systemClock, level: 'warn', write: (line) => process.stderr.write(`${line}\n`) }, 'simulator');
const worker = runSimulatorWorker(workerData as SimulatorWorkerData, { clock: systemClock, rng: systemRng, scheduler: systemScheduler, log, post: (message) => port.postMessage(message) });
port.on('message', (message: SimulatorStop | SimulatorRequest) => {
  if (message.kind !== 'stop') return port.postMessage(worker.request(message));
  void worker.stop().finally(() => {
    port.postMessage({ kind: 'stopped' });
    port.close();
  });
});
