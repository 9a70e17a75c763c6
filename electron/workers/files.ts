import { parentPort, workerData } from 'node:worker_threads';
import { serveFiles } from '#core/exchange/file-worker.ts';
import { isReadJob, serveRead } from '#core/imports/read-job.ts';

if (parentPort === null) throw new Error('files runs as a worker thread');
if (isReadJob(workerData)) await serveRead(parentPort, workerData);
else serveFiles(parentPort);
