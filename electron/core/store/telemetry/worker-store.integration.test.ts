import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { BATCH_SIZES } from './batch.ts';
import { batchOf } from './batch-builder.ts';
import { describeHistoryStore } from './history-store-contract.ts';
import { ReaderPool } from './reader-pool.ts';
import { WorkerHistoryStore } from './worker-store.ts';
import { TelemetryWriter } from './writer-client.ts';

const WRITER = new URL('../../../workers/telemetry-writer.ts', import.meta.url);
const READER = new URL('../../../workers/reader.ts', import.meta.url);
const T0 = Date.UTC(2026, 0, 5, 10, 30);

let folder = '';
const open: WorkerHistoryStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worker-store-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function make(): Promise<WorkerHistoryStore> {
  const path = join(folder, 'telemetry.db');
  const writer = await TelemetryWriter.start({ entry: WRITER, path, snapshot: 'fleet', ballastBytes: 1024 * 1024 });
  const store = new WorkerHistoryStore(writer, new ReaderPool({ entry: READER, path, threads: 1 }));
  open.push(store);
  return store;
}

describeHistoryStore('the append log in threads', make, BATCH_SIZES);

describe('the writer thread', () => {
  test('gives buffers back for the next batch and keeps what it was told over a restart', async () => {
    const first = await make();
    const newUnits = [{ number: 1, deviceId: 'unit-1', firstSeen: T0 }];
    for (let i = 0; i < 5; i++) {
      const batch = batchOf([{ unit: 1, time: T0 + i, received: T0 + i, values: [[7, i]] }], BATCH_SIZES);
      await first.writer.append(batch, { durable: i % 2 === 0, newUnits });
    }
    expect(first.writer.takeBatch().buffer.byteLength).toBe(batchOf([], BATCH_SIZES).buffer.byteLength);
    expect(await first.writer.saveSnapshot('fleet', Uint8Array.of(9))).toBe(5);
    await first.close();
    const second = await make();
    expect([second.writer.last, second.writer.units, [...(second.writer.takeSnapshot()?.data ?? [])]]).toEqual([5, newUnits, [9]]);
    const { batch, last } = await second.readers.readLog(2);
    expect([last, batch.count, batch.time[0]]).toEqual([5, 3, T0 + 2]);
    expect((await second.readers.readLog(5)).last).toBe(5);
  });

  test('refuses a path it cannot open in words, and the process goes on', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(TelemetryWriter.start({ entry: WRITER, path: join(folder, 'file', 'telemetry.db'), snapshot: 'fleet' })).rejects.toMatchObject({ code: 'store-unwritable' });
  });

  test('a batch that can never be stored is rejected, and the next one is stored', async () => {
    const store = await make();
    const bad = batchOf([{ unit: 1, time: T0, received: T0, values: [] }], BATCH_SIZES);
    bad.time[0] = Number.NaN;
    await expect(store.appendBatch(bad, { durable: true })).rejects.toBeInstanceOf(AppError);
    expect(await store.appendBatch(batchOf([{ unit: 1, time: T0, received: T0, values: [] }], BATCH_SIZES), { durable: true })).toEqual({ first: 1, last: 1 });
  });
});
