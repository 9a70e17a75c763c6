import { parentPort, workerData } from 'node:worker_threads';
import { serveOperationsWriter, type WriterThreadData } from '#core/store/operations/writer-thread.ts';

if (parentPort === null) throw new Error('operations-writer runs as a worker thread');
serveOperationsWriter(parentPort, workerData as WriterThreadData);
