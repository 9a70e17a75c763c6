import { parentPort, workerData } from 'node:worker_threads';
import type { SimulatorStop, SimulatorWorkerData } from '#electron/simulator/worker.ts';

/** Stands in for the demo fleet's worker: prints the account it was given, and sends nothing. */
const { brokerUrl, gateway } = workerData as SimulatorWorkerData;
process.stderr.write(`account ${JSON.stringify({ url: brokerUrl, ...gateway?.credentials })}\n`);
parentPort?.on('message', (_message: SimulatorStop) => {
  parentPort?.postMessage({ kind: 'stopped' });
  parentPort?.close();
});
