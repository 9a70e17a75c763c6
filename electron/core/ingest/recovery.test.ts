import { expect, test } from 'vitest';
import { createCatalogue, PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import { createProcessor } from '#shared/domain/telemetry/processor/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { Batch, BATCH_SIZES } from '../store/telemetry/batch.ts';
import { batchOf } from '../store/telemetry/batch-builder.ts';
import { MemoryHistoryStore } from '../store/telemetry/memory-store.ts';
import { recallSealed } from './recovery.ts';
import { UnitRegistry } from './unit-registry.ts';

const T0 = Date.UTC(2026, 0, 5, 6);
const UNITS = 30;

async function fixture() {
  const state = new FleetState();
  const registry = new UnitRegistry(state, () => undefined);
  for (let number = 1; number <= UNITS; number++) registry.restore({ number, deviceId: `unit-${number}`, firstSeen: T0 });
  const store = new MemoryHistoryStore();
  await store.appendBatch(batchOf(Array.from({ length: UNITS }, (_, i) => ({ unit: i + 1, time: T0 + i, received: T0 + i, number: 1, values: [[PARAMETER.soc, 50 + i]] as const }))));
  const processor = createProcessor({ catalogue: createCatalogue(), resolveBus: () => undefined, inflate: () => undefined });
  const log = { readLog: () => Promise.resolve({ batch: new Batch(BATCH_SIZES), last: 0, damaged: 0 }) };
  const soc = (number: number): number => {
    const unit = registry.byNumber(number);
    return unit ? state.value(unit.slot, PARAMETER.soc) : Number.NaN;
  };
  return { store, log, deps: { registry, state, processor }, soc };
}

test('a unit whose rows cannot be read does not keep the others from being shown', async () => {
  const { store, log, deps, soc } = await fixture();
  const rows = (query: Parameters<MemoryHistoryStore['rows']>[0]) => (query.unit % 10 === 3 ? Promise.reject(new Error(`damaged ${query.unit}`)) : store.rows(query));
  const { whole, failed } = await recallSealed({ rows }, log, deps);
  expect(whole).toBe(true);
  expect(failed.map(({ unit, error }) => [unit, String(error)])).toEqual([3, 13, 23].map((number) => [`unit-${number}`, `Error: damaged ${number}`]));
  for (let number = 1; number <= UNITS; number++) expect(soc(number)).toEqual(number % 10 === 3 ? Number.NaN : 49 + number);
});

test('it ends when it is told to', async () => {
  const { store, log, deps, soc } = await fixture();
  let asked = 0;
  const rows = (query: Parameters<MemoryHistoryStore['rows']>[0]) => {
    asked++;
    return store.rows(query);
  };
  expect(await recallSealed({ rows }, log, deps, () => asked > 0)).toEqual({ whole: false, failed: [] });
  expect(asked).toBeLessThan(UNITS);
  expect(soc(UNITS)).toBeNaN();
});
