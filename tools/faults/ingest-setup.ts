import { createIngest, type Ingest } from '#core/ingest/create-ingest.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';

export const workerEntry = (name: string): URL => new URL(`../../electron/workers/${name}.ts`, import.meta.url);

/** The pipeline on a folder of its own, without master data but what `more` says of it. */
export async function openIngest(folder: string, more: Partial<Parameters<typeof createIngest>[0]> = {}): Promise<{ readonly ingest: Ingest; readonly state: FleetState }> {
  const state = new FleetState();
  const ingest = await createIngest({
    clock: systemClock,
    rng: systemRng,
    scheduler: systemScheduler,
    log: SILENT_LOG,
    workerEntry,
    dataFolder: folder,
    topicPrefix: 'evf/1',
    catalogue: createCatalogue(),
    resolveBus: () => undefined,
    describe: () => undefined,
    state,
    notices: { raise: () => undefined, clear: () => undefined },
    retention: { hours: 24, rawHours: 24 },
    ballastBytes: 0,
    ...more,
  });
  return { ingest, state };
}
