import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { QUALITY } from '#shared/domain/telemetry/envelope/index.ts';
import { migrate } from '#shared/platform-node/sqlite/index.ts';
import { ROW_FLAG } from './batch.ts';
import { batchOf, type PlainMessage } from './batch-builder.ts';
import { TELEMETRY_APPLICATION, TELEMETRY_MIGRATIONS } from './schema.ts';
import { HOUR } from './segments.ts';
import { SqliteHistoryStore } from './sqlite-store.ts';

const H0 = Math.floor(Date.UTC(2026, 0, 5, 10) / HOUR) * HOUR;
const rng = { bytes: (count: number) => new Uint8Array(count).fill(7), next: () => 0.5 };
let folder = '';
let path = '';
let open: { close(): void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-'));
  path = join(folder, 'telemetry.db');
});
afterEach(() => {
  for (const item of open) item.close();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

function openStore(): SqliteHistoryStore {
  const store = new SqliteHistoryStore(path, { rng, now: () => H0 });
  open.push(store);
  return store;
}

function sql<T>(run: (database: Database.Database) => T): T {
  const database = new Database(path);
  try {
    return run(database);
  } finally {
    database.close();
  }
}

const count = (table: string): number => sql((database) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()));
const message = (unit: number, hour: number, i: number, more: Partial<PlainMessage> = {}): PlainMessage => ({ unit, time: H0 + hour * HOUR + i * 1000, received: H0 + hour * HOUR + i * 1000 + 20, deviceTime: H0 + hour * HOUR + i * 1000, number: hour * 1000 + i, values: [[7, i / 10]], ...more });
const hourOf = (unit: number, hour: number, rows = 20): PlainMessage[] => Array.from({ length: rows }, (_, i) => message(unit, hour, i));

async function numbers(store: SqliteHistoryStore, unit = 1): Promise<number[]> {
  return (await store.rows({ unit, from: H0 - 100 * HOUR, to: H0 + 100 * HOUR, limit: 10_000 })).rows.map((row) => row.number);
}

describe('sealing', () => {
  test('puts few late rows aside and merges them when their hour has been over for two hours; many at once', async () => {
    const store = openStore();
    await store.appendBatch(batchOf([...hourOf(1, 0), ...hourOf(2, 0)]), { durable: true });
    await store.appendBatch(batchOf([message(1, 0, 30, { received: H0 + HOUR }), ...Array.from({ length: 40 }, (_, i) => message(2, 0, 100 + i, { received: H0 + HOUR }))]), { durable: true });
    await store.seal(H0 + HOUR);
    expect([count('chunk'), count('late')]).toEqual([2, 0]);
    await store.seal(H0 + 2 * HOUR);
    expect([count('chunk'), count('late')]).toEqual([2, 1]);
    expect([(await numbers(store)).length, (await numbers(store, 2)).length]).toEqual([21, 60]);
    expect(await store.seal(H0 + 3 * HOUR)).toMatchObject({ chunks: 1 });
    expect([count('chunk'), count('late'), (await numbers(store)).at(-1)]).toEqual([2, 0, 30]);
  });

  test('never gives a message twice: known by boot and number, by hash, with all its rows', async () => {
    const store = openStore();
    const long = [message(1, 0, 5), message(1, 0, 6, { number: 5, flags: ROW_FLAG.continued }), message(1, 0, 7, { number: 5, flags: ROW_FLAG.continued })];
    const hashed = message(1, 0, 50, { number: 123456789, flags: ROW_FLAG.hashed });
    const unknown = message(1, 0, 60, { number: 0, flags: ROW_FLAG.hashed });
    await store.appendBatch(batchOf([...long, hashed, unknown]), { durable: true });
    await store.appendBatch(batchOf([...long, hashed, unknown].map((entry) => ({ ...entry, received: entry.received + HOUR }))), { durable: true });
    expect(await store.seal(H0 + 10 * HOUR)).toMatchObject({ messages: 10, repeated: 4 });
    expect(await numbers(store)).toEqual([5, 5, 5, 123456789, 0, 0]);
  });

  test('a message of which the console is not sure is found among what is sealed', async () => {
    const store = openStore();
    await store.appendBatch(batchOf(hourOf(1, 0)), { durable: true });
    await store.seal(H0 + HOUR);
    await store.drop({ before: 0, appliedThrough: 1e9 });
    const again = { ...message(1, 0, 3), received: H0 + 2 * HOUR, flags: ROW_FLAG.unsure | QUALITY.unsure };
    expect(await store.appendBatch(batchOf([again, { ...again, number: 999 }]), { durable: true })).toEqual({ first: 21, last: 21 });
  });

  test('drops a sealed hour of the log, and its payloads later, without losing a row; numbering goes on after everything is gone', async () => {
    const store = openStore();
    await store.appendBatch(batchOf(hourOf(1, 0).map((entry) => ({ ...entry, payload: Uint8Array.of(1, 2, 3), suffix: 3 }))), { durable: true });
    await store.seal(H0 + HOUR);
    expect(await store.drop({ before: 0, appliedThrough: 10 })).toEqual({ messages: 0, first: 1 });
    expect(await store.drop({ before: 0, appliedThrough: 20 })).toEqual({ messages: 0, first: 21 });
    expect(sql((database) => database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'log!__' ESCAPE '!' OR name LIKE 'raw!_%' ESCAPE '!'").pluck().all())).toEqual(['raw_1']);
    expect([(await numbers(store)).length, (await store.raw(7))?.payload]).toEqual([20, Uint8Array.of(1, 2, 3)]);
    store.log.dropRaw(H0 + HOUR);
    while (store.log.sweep());
    expect([await store.raw(7), count('segment')]).toEqual([undefined, 0]);
    store.close();
    open = [];
    const again = openStore();
    expect(await again.appendBatch(batchOf([message(1, 5, 0)]), { durable: true })).toEqual({ first: 21, last: 21 });
    expect((await numbers(again)).length).toBe(21);
  });

  test('keeps the figures of an hour whose rows have been dropped, until these are dropped too', async () => {
    const store = openStore();
    await store.appendBatch(batchOf(hourOf(1, 0)), { durable: true });
    await store.seal(H0 + HOUR);
    expect(await store.drop({ before: H0 + HOUR, appliedThrough: 1e9 })).toEqual({ messages: 20, first: 21 });
    const query = { units: [1], parameters: [7], from: H0, to: H0 + HOUR, bucket: HOUR };
    const [kept] = await store.rollup(query);
    expect([await numbers(store), kept && [[...kept.count], [...kept.min], [...kept.max], [...kept.last]]]).toEqual([[], [[20], [0], [1.9], [1.9]]]);
    expect(kept?.mean[0]).toBeCloseTo(0.95, 9);
    store.log.dropRollups(H0 + HOUR);
    while (store.log.sweep());
    expect([count('chunk'), (await store.rollup(query))[0]?.count.length]).toEqual([0, 0]);
  });

  test('sums up minutes from stored figures where a unit reports often, with the very same extremes', async () => {
    const store = openStore();
    const values = Array.from({ length: 3000 }, (_, i) => (i === 1234 ? 500.5 : i === 77 ? -3 : Math.sin(i / 100) * 50));
    for (let from = 0; from < values.length; from += 1000) await store.appendBatch(batchOf(values.slice(from, from + 1000).map((value, k) => ({ ...message(1, 0, from + k), values: [[7, value], ...(k % 100 === 0 ? [[9, k] as const] : [])] as const }))), { durable: true });
    const query = { units: [1], parameters: [7, 9], from: H0, to: H0 + HOUR, bucket: 120_000 };
    const before = await store.rollup(query);
    await store.seal(H0 + HOUR);
    expect(count('minute')).toBe(1);
    const after = await store.rollup(query);
    for (const column of ['start', 'count', 'min', 'max', 'last'] as const) expect(after.map((series) => [...series[column]])).toEqual(before.map((series) => [...series[column]]));
    after.forEach((series, i) => series.mean.forEach((mean, at) => expect(mean).toBeCloseTo(before[i]?.mean[at] ?? Number.NaN, 9)));
    sql((database) => database.prepare('UPDATE minute SET data = zeroblob(length(data))').run());
    expect((await store.rollup(query)).map((series) => [...series.max])).toEqual(before.map((series) => [...series.max]));
    expect(sql((database) => database.prepare('DELETE FROM chunk').run().changes)).toBe(1);
    expect((await store.rollup({ ...query, bucket: 1000 }))[0]?.count.length).toBe(0);
  });

  test('a whole fleet asked at once gets what each unit by itself gets: sealed, late, and not sealed', async () => {
    const store = openStore();
    const units = Array.from({ length: 120 }, (_, i) => i + 1);
    for (const hour of [0, 1, 2]) await store.appendBatch(batchOf([0, 1, 2].flatMap((i) => units.map((unit) => message(unit, hour, i * 100 + unit)))), { durable: true });
    await store.seal(H0 + HOUR);
    await store.appendBatch(batchOf([message(5, 0, 3000, { received: H0 + 3 * HOUR }), message(6, 0, 3001, { received: H0 + 3 * HOUR })]), { durable: true });
    // In the middle of a segment: some units of it are sealed, the others are not.
    let turns = 0;
    while (turns++ < 3 && store.log.sealStep(H0 + 3 * HOUR, 1, () => (turns === 3 ? turns * 10 : 0)));
    const query = { parameters: [7], from: H0 + 60_000, to: H0 + 2 * HOUR + 150_000, maxPoints: 100 };
    const together = await store.readRange({ ...query, units });
    for (const unit of units) expect(together.series[unit - 1]).toEqual((await store.readRange({ ...query, units: [unit] })).series[0]);
    expect(together.series[4]?.time.length).toBeGreaterThan(6);
  });

  test('a damaged row of the log is left out and counted, the rows before it in its chain are not lost', async () => {
    const store = openStore();
    await store.appendBatch(batchOf(hourOf(1, 0)), { durable: true });
    sql((database) => database.prepare('UPDATE log_1 SET back = 100 WHERE sequence = 12').run());
    expect(await store.seal(H0 + HOUR)).toMatchObject({ messages: 19, damaged: 1 });
    expect((await numbers(store)).length).toBe(19);
  });

  test('a damaged chunk is left out and counted; when its hour is sealed again it is set aside', async () => {
    const store = openStore();
    await store.appendBatch(batchOf([...hourOf(1, 0), ...hourOf(2, 0)]), { durable: true });
    await store.seal(H0 + HOUR);
    sql((database) => database.prepare("UPDATE chunk SET data = zeroblob(length(data)) WHERE unit = 1").run());
    const page = await store.rows({ unit: 1, from: H0, to: H0 + HOUR, limit: 10 });
    expect([page.rows.length, page.damaged, (await numbers(store, 2)).length]).toEqual([0, 1, 20]);
    await store.appendBatch(batchOf([message(1, 0, 50, { received: H0 + 2 * HOUR })]), { durable: true });
    await store.seal(H0 + 9 * HOUR);
    expect([await numbers(store), count('quarantine')]).toEqual([[50], 1]);
  });

  test('continues a store that was made before there was sealing', async () => {
    const old = new Database(path);
    migrate(old, TELEMETRY_MIGRATIONS.slice(0, 1), TELEMETRY_APPLICATION);
    old.close();
    const store = openStore();
    await store.appendBatch(batchOf(hourOf(1, 0)), { durable: true });
    await store.appendBatch(batchOf(hourOf(1, 1)), { durable: true });
    expect(await store.seal(H0 + HOUR)).toMatchObject({ messages: 20 });
    expect((await numbers(store)).length).toBe(40);
  });
});

describe('hot queries use their index', () => {
  test.each([
    ['SELECT DISTINCT hour FROM chunk WHERE unit = 1 AND hour BETWEEN 1 AND 2 ORDER BY hour', 'chunk_by_unit'],
    ['SELECT id, hour, rows, head, data FROM chunk WHERE unit = 1 AND hour = 2 ORDER BY id', 'chunk_by_unit'],
    ['SELECT id FROM chunk WHERE data IS NOT NULL AND hour < 3 ORDER BY hour LIMIT 10', 'chunk_kept'],
    ['SELECT id FROM chunk WHERE data IS NULL AND hour < 3 LIMIT 10', 'chunk_rolled'],
    ['SELECT sequence FROM late WHERE unit = 1 AND time BETWEEN 1 AND 2 ORDER BY sequence', 'late_by_unit'],
    ['SELECT unit, messages FROM segment_unit WHERE segment = 1 AND unit > 5 ORDER BY unit LIMIT 1', 'segment_unit_by_segment'],
  ])('%s', (query, index) => {
    openStore();
    const plan = sql((database) => database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`).all().map((row) => row.detail).join());
    expect(plan).toContain(index);
  });
});
