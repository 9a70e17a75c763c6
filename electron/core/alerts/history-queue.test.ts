import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AlertEngine } from '#shared/domain/alerts/index.ts';
import { createCatalogue, PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { AlertBook, alertRule } from '#shared/testing/alerts.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import { batchOf } from '../store/telemetry/batch-builder.ts';
import { SqliteHistoryStore } from '../store/telemetry/sqlite-store.ts';
import { HistoryQueue, vehicleRows } from './history-queue.ts';

const START = Date.UTC(2026, 0, 5);
const ROWS = 9000;
const directory = { bindingsOf: () => [{ id: 'b', unitId: 'u', vehicleId: 'v', validFrom: 0, validTo: undefined }], bindingsOfUnit: () => [{ id: 'b', unitId: 'u', vehicleId: 'v', validFrom: 0, validTo: undefined }] };
let folder = '';
let store: SqliteHistoryStore;
let ingest: Ingest;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  store = new SqliteHistoryStore(join(folder, 'telemetry.db'), { rng: systemRng });
  // The charge is low in the first minute and in the last.
  const soc = (i: number): number => (i < 60 || i >= ROWS - 60 ? 5 : 50);
  for (let from = 0; from < ROWS; from += 1000) {
    store.log.append(batchOf(Array.from({ length: 1000 }, (_, k) => ({ unit: 1, time: START + (from + k) * 1000, received: START + (from + k) * 1000, number: from + k, values: [k % 2 === 0 ? ([PARAMETER.soc, soc(from + k)] as const) : ([PARAMETER.odometer, from + k] as const)] }))), { durable: true });
  }
  ingest = { store, registry: { byUnitId: () => ({ number: 1 }) } } as unknown as Ingest;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('rows of other parameters are left out, and of too many the newest stay', async () => {
  const all = await vehicleRows(ingest, directory, 'v', START, START + ROWS * 1000, { parameters: [PARAMETER.soc] });
  expect([all.rows.length, all.left]).toEqual([ROWS / 2, 0]);
  const newest = await vehicleRows(ingest, directory, 'v', START, START + ROWS * 1000, { parameters: [PARAMETER.soc], most: 1234 });
  expect(newest.left).toBe(ROWS / 2 - 1234);
  expect(newest.rows).toEqual(all.rows.slice(-1234));
});

test('a history that is too long is derived as far as its newest rows reach, and that is said', async () => {
  const engine = new AlertEngine({ catalogue: createCatalogue() });
  engine.setRules([alertRule({ id: 'low', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 10 } })], START);
  engine.setVehicle({ vehicleId: 'v', modelId: '' }, START);
  const book = new AlertBook(engine, createCatalogue());
  const said: unknown[] = [];
  const log: Log = { write: (_level, _message, fields) => void said.push(fields), child: () => log };
  const queue = new HistoryQueue({ engine, directory, log, rows: 1000, parameters: () => [PARAMETER.soc], now: () => START + ROWS * 1000, known: (_vehicleId, from) => ({ known: [], first: from }), onEffects: (effects) => book.take(effects) });
  queue.attach(ingest);
  queue.add({ kind: 'history', vehicleId: 'v', from: START, margin: 0 });
  queue.run();
  await vi.waitFor(() => expect(book.alerts.size).toBe(1), { timeout: 30_000 });
  expect([...book.alerts.values()].map(({ raisedAt }) => raisedAt)).toEqual([START + (ROWS - 60) * 1000]);
  expect(said).toEqual([{ vehicleId: 'v', left: ROWS / 2 - 1000 }]);
});
