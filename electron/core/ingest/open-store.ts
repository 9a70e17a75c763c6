import { join } from 'node:path';
import type { CoreDeps } from '../app/deps.ts';
import type { BatchSizes } from '../store/telemetry/batch.ts';
import { ReaderPool } from '../store/telemetry/reader-pool.ts';
import { WorkerHistoryStore } from '../store/telemetry/worker-store.ts';
import { TelemetryWriter } from '../store/telemetry/writer-client.ts';
import { SNAPSHOT_NAME } from './ingest-snapshot.ts';

export interface StoreDeps {
  readonly workerEntry: CoreDeps['workerEntry'];
  /** Folder of the telemetry database. */
  readonly dataFolder: string;
  readonly readers?: number;
  readonly batchSizes?: BatchSizes;
  readonly ballastBytes?: number;
}

/**
 * Opens the telemetry database with its threads; the writer brings the pipeline's snapshot. Nothing of the core is needed for it, so that
 * it can go on beside whatever else is opened. Throws AppError store-newer, store-corrupt, store-locked, store-full or store-unwritable.
 */
export async function openTelemetryStore(deps: StoreDeps): Promise<WorkerHistoryStore> {
  const path = join(deps.dataFolder, 'telemetry.db');
  // Readers open the file at their first query: they start beside the writer, which may still have to make it.
  const readers = new ReaderPool({ entry: deps.workerEntry('reader'), path, threads: deps.readers ?? 1 });
  try {
    const writer = await TelemetryWriter.start({
      entry: deps.workerEntry('telemetry-writer'),
      path,
      snapshot: SNAPSHOT_NAME,
      ...(deps.batchSizes === undefined ? {} : { sizes: deps.batchSizes }),
      ...(deps.ballastBytes === undefined ? {} : { ballastBytes: deps.ballastBytes }),
    });
    return new WorkerHistoryStore(writer, readers);
  } catch (error) {
    await readers.close();
    throw error;
  }
}
