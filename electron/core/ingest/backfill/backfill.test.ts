import { expect, test } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { createProcessor } from '#shared/domain/telemetry/processor/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { Batch, BATCH_SIZES } from '../../store/telemetry/batch.ts';
import { Pipeline } from '../pipeline.ts';
import { createStorageTable } from '../stored-values.ts';
import { UnitRegistry } from '../unit-registry.ts';
import { Backfill } from './backfill.ts';
import type { GapMemory } from './gap-memory.ts';

test('a start reads no gaps of units that miss messages; that is done little by little afterwards', () => {
  const state = new FleetState();
  const catalogue = createCatalogue();
  const registry = new UnitRegistry(state, () => undefined);
  for (let number = 1; number <= 1200; number++) {
    const unit = registry.restore({ number, deviceId: `unit-${number}`, firstSeen: 1 });
    unit.context.sequence.add(1, 1, 1000);
    unit.context.sequence.add(1, 5, 2000);
  }
  const pipeline = new Pipeline({
    topicPrefix: 'evf/1', processor: createProcessor({ catalogue, resolveBus: () => undefined, inflate: () => undefined }), state, registry, storage: createStorageTable(catalogue),
    writer: { takeBatch: () => new Batch(BATCH_SIZES), append: () => Promise.reject(new Error('nothing is written')) },
  });
  let now = 0;
  const read = new Set<string>();
  const gaps: GapMemory = { of: (device) => (read.add(device), []), add: () => undefined, fill: () => undefined, drop: () => undefined, close: () => undefined };
  const backfill = new Backfill({ clock: { now: () => now, monotonic: () => now }, rng: systemRng, log: SILENT_LOG, registry, pipeline, gaps, publish: () => Promise.resolve(), connectedSince: () => undefined, relieved: () => true });
  expect(read.size).toBe(0);
  const sizes = [1, 2, 3, 4].map(() => {
    now += 1000;
    backfill.tick();
    return read.size;
  });
  expect(sizes).toEqual([500, 1000, 1200, 1200]);
  expect(backfill.counts.open).toBe(1200 * 3);
});
