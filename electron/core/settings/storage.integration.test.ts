import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BATCH_SIZES } from '#core/store/telemetry/batch.ts';
import { batchOf } from '#core/store/telemetry/batch-builder.ts';
import { ReaderPool } from '#core/store/telemetry/reader-pool.ts';
import { HOUR } from '#core/store/telemetry/segments.ts';
import { TelemetryReader } from '#core/store/telemetry/telemetry-reader.ts';
import { WorkerHistoryStore } from '#core/store/telemetry/worker-store.ts';
import { TelemetryWriter } from '#core/store/telemetry/writer-client.ts';
import { GapStore } from '#core/store/gaps/gap-store.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { openTestOperations, testClock } from '#shared/testing/operations.ts';
import { PhotoStore } from '../commissioning/photo-store.ts';
import { StorageService } from './storage.ts';

const entry = (name: string): URL => new URL(`../../workers/${name}.ts`, import.meta.url);
const H0 = Math.floor(Date.UTC(2026, 0, 5, 10) / HOUR) * HOUR;
let folder = '';
let path = '';
let store: WorkerHistoryStore;
let raised: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'));
  path = join(folder, 'telemetry.db');
  raised = [];
  photos = new PhotoStore({ dataFolder: folder, clock: testClock() });
  store = new WorkerHistoryStore(await TelemetryWriter.start({ entry: entry('telemetry-writer'), path, snapshot: 'fleet', ballastBytes: 0 }), new ReaderPool({ entry: entry('reader'), path, threads: 1 }));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

let readers = 0;
let photos: PhotoStore;

function service(held: string[] = []): StorageService {
  return new StorageService({
    clock: testClock(),
    log: SILENT_LOG,
    notices: { raise: (_id, severity, text) => raised.push(`${severity}: ${text}`), clear: () => raised.push('cleared') },
    dataFolder: folder,
    writer: store.writer,
    scheduler: systemScheduler,
    openReader: () => {
      readers++;
      return new ReaderPool({ entry: entry('reader'), path, threads: 1 });
    },
    reserveBytes: 0,
    retention: () => ({ rawDays: 14, pointDays: 400, rollupDays: 1830 }),
    setRetention: () => Promise.resolve(),
    dropped: () => undefined,
    copyPhotos: (target, isStopped) => photos.copyTo(target, isStopped),
    holdLog: () => {
      held.push('held');
      return { dispose: () => void held.push('released') };
    },
  });
}

async function append(unit: number, hour: number): Promise<void> {
  await store.appendBatch(batchOf(Array.from({ length: 50 }, (_, i) => ({ unit, time: H0 + hour * HOUR + i * 1000, received: H0 + hour * HOUR + i * 1000, number: hour * 100 + i, values: [[7, i / 10]] as const })), BATCH_SIZES), { durable: true });
}

async function stored(unit: number): Promise<number[]> {
  return (await store.rows({ unit, from: H0 - HOUR, to: H0 + 10 * HOUR, limit: 1000 })).rows.map((row) => row.number);
}

const status = (storage: StorageService) => Promise.resolve(storage.handlers['settings.storage']({}, {} as never));

test('a check finds what is damaged, sets it aside, and what the log still has is stored again', async () => {
  await append(1, 0);
  await append(2, 0);
  await append(1, 1);
  await append(1, 3);
  await store.seal(H0 + 2 * HOUR);
  const storage = service();
  await storage.check();
  expect((await status(storage)).check).toMatchObject({ state: 'done', text: 'Everything that is stored can be read.' });
  const before = await stored(1);
  const database = new Database(path);
  database.prepare('UPDATE chunk SET data = zeroblob(length(data)) WHERE unit = 1 AND hour = ?').run(H0 / HOUR);
  database.prepare('UPDATE log_3 SET checksum = checksum + 1 WHERE sequence = 160').run();
  database.close();
  expect((await stored(1)).length).toBe(before.length - 51);
  await storage.check();
  expect((await status(storage)).check.text).toBe('1 hour of a vehicle was damaged and set aside, 1 stored again from the log. 1 message of the last hours cannot be read and is left out. Check the disk of this computer.');
  expect(raised.at(-1)).toMatch(/^high: 1 hour/);
  expect((await stored(1)).length).toBe(before.length - 1);
  await store.seal(H0 + 2 * HOUR);
  expect((await stored(1)).length).toBe(before.length - 1);
  expect((await stored(2)).length).toBe(50);
  expect((await status(storage)).quarantined).toBe(1);
});

test('a backup is a whole store of its own while the console goes on, and the log is held meanwhile', async () => {
  const operations = openTestOperations(folder, { clock: testClock() });
  await append(1, 0);
  await append(1, 1);
  await store.seal(H0 + HOUR);
  const held: string[] = [];
  const storage = service(held);
  const target = join(folder, 'copies', 'one');
  const [, more] = await Promise.all([storage.backup(target), append(1, 2)]);
  expect(more).toBeUndefined();
  expect((await status(storage)).backup).toMatchObject({ state: 'done', folder: target });
  expect(held).toEqual(['held', 'released']);
  const reader = new TelemetryReader(join(target, 'telemetry.db'));
  expect(reader.rows({ unit: 1, from: 0, to: H0 + 10 * HOUR, limit: 1000 }, 100).rows.length).toBeGreaterThanOrEqual(100);
  reader.close();
  await storage.backup(target);
  expect((await status(storage)).backup).toMatchObject({ state: 'failed', text: expect.stringMatching(/already/) as unknown });
  await operations.close();
});

test('gaps are copied with the rest, where there are any', async () => {
  const operations = openTestOperations(folder, { clock: testClock() });
  const gaps = new GapStore(join(folder, 'gaps.db'), testClock());
  gaps.add('unit-1', [{ boot: 1, from: 5, to: 6, noticedAt: 7, reason: 'no-answer' }], 100);
  const storage = service();
  const target = join(folder, 'copies', 'with-gaps');
  await storage.backup(target);
  expect((await status(storage)).backup).toMatchObject({ state: 'done', progress: 1 });
  const copy = new GapStore(join(target, 'gaps.db'), testClock());
  expect(copy.of('unit-1')).toMatchObject([{ boot: 1, from: 5, to: 6 }]);
  copy.close();
  gaps.close();
  await storage.stop();
  await operations.close();
});

test('photos are copied with the rest, each compared with its content; a later backup shares them on the same disk', async () => {
  const operations = openTestOperations(folder, { clock: testClock() });
  const jpeg = (n: number): Uint8Array => Uint8Array.of(0xff, 0xd8, 0xff, n);
  const [kept, damaged] = [await photos.add(jpeg(1), jpeg(2)), await photos.add(jpeg(3), undefined)];
  const pathOf = (root: string, hash: string): string => join(root, 'photos', hash.slice(0, 2), hash);
  writeFileSync(pathOf(folder, damaged.hash), jpeg(9));
  const storage = service();
  const targets = ['one', 'two'].map((name) => join(folder, 'copies', name));
  for (const target of targets) {
    await storage.backup(target);
    expect((await status(storage)).backup).toMatchObject({ state: 'done', text: expect.stringMatching(/with 2 photos, read through and found sound. Without 1 damaged photo/) as unknown });
    // The restored workspace: only the copies.
    const restored = new PhotoStore({ dataFolder: target, clock: testClock() });
    expect([(await restored.read(kept.hash))?.content, (await restored.read(kept.thumbnail ?? ''))?.content, restored.has(damaged.hash)]).toEqual([jpeg(1), jpeg(2), false]);
  }
  expect(new Set([folder, ...targets].map((root) => statSync(pathOf(root, kept.hash)).ino)).size).toBe(1);
  await storage.stop();
  await operations.close();
});

test('a page that asks again and again measures once, on one reader', async () => {
  await append(1, 0);
  const storage = service();
  readers = 0;
  const answers = await Promise.all(Array.from({ length: 5 }, () => status(storage)));
  expect(new Set(answers.map(({ waiting }) => waiting))).toEqual(new Set([50]));
  await status(storage);
  expect(readers).toBe(1);
  // A check makes the figures old; they are measured on the reader that is there.
  await storage.check();
  await status(storage);
  expect(readers).toBe(2);
  await storage.stop();
});

test('many damaged chunks are set aside in turns, and batches are stored between them', async () => {
  for (let unit = 1; unit <= 60; unit++) await append(unit, 0);
  await store.seal(H0 + 2 * HOUR);
  await append(1, 1);
  await store.seal(H0 + 9 * HOUR);
  const database = new Database(path);
  const damaged = database.prepare<[], { id: number; unit: number; hour: number }>('SELECT id, unit, hour FROM chunk').all();
  database.prepare('UPDATE chunk SET data = zeroblob(length(data))').run();
  database.close();
  const aside = store.writer.quarantine(damaged);
  await append(2, 3);
  expect(await aside).toEqual({ chunks: damaged.length, refilled: damaged.length });
  expect([(await stored(1)).length, (await stored(2)).length, (await stored(60)).length]).toEqual([100, 100, 50]);
});

test('a check that runs when the console stops ends with it', async () => {
  await append(1, 0);
  const storage = service();
  const check = storage.check();
  await storage.stop();
  await check;
});
