import { parentPort } from 'node:worker_threads';
import { serveFiles } from '#core/exchange/file-worker.ts';

if (parentPort === null) throw new Error('files runs as a worker thread');
serveFiles(parentPort);
