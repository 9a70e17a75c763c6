import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHUNK_ROWS, ChunkReader } from '#shared/domain/telemetry/codec/chunk/index.ts';
import { crc32 } from '#shared/domain/telemetry/codec/checksum.ts';
import { QUALITY } from '#shared/domain/telemetry/envelope/index.ts';
import { migrate } from '#shared/platform-node/sqlite/index.ts';
import { ROW_FLAG } from './batch.ts';
import { batchOf, type PlainMessage } from './batch-builder.ts';
import { CHECK_START, type CheckCursor } from './integrity.ts';
import { LOG_COLUMNS, type LogRow } from './log-rows.ts';
import type { RowCursor } from './reads.ts';
import { segmentTables, TELEMETRY_APPLICATION, TELEMETRY_MIGRATIONS } from './schema.ts';
import { HOUR } from './segments.ts';
import { SqliteHistoryStore } from './sqlite-store.ts';
import { TelemetryReader } from './telemetry-reader.ts';

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
    const query = { units: [1], parameters: [7], from: H0, to: H0 + HOUR - 1, maxPoints: 2 };
    const [kept] = (await store.trends(query)).trends;
    expect([await numbers(store), kept && [[...kept.count], [...kept.min], [...kept.max], [...kept.last]]]).toEqual([[], [[20], [0], [1.9], [1.9]]]);
    expect(kept?.mean[0]).toBeCloseTo(0.95, 9);
    store.log.dropRollups(H0 + HOUR);
    while (store.log.sweep());
    expect([count('chunk'), (await store.trends(query)).trends[0]?.count.length]).toEqual([0, 0]);
  });

  test('sums up minutes from stored figures where a unit reports often, with the very same extremes', async () => {
    const store = openStore();
    const values = Array.from({ length: 3000 }, (_, i) => (i === 1234 ? 500.5 : i === 77 ? -3 : Math.sin(i / 100) * 50));
    for (let from = 0; from < values.length; from += 1000) await store.appendBatch(batchOf(values.slice(from, from + 1000).map((value, k) => ({ ...message(1, 0, from + k), values: [[7, value], ...(k % 100 === 0 ? [[9, k] as const] : [])] as const }))), { durable: true });
    const query = { units: [1], parameters: [7, 9], from: H0, to: H0 + HOUR - 1, maxPoints: 31 };
    const before = (await store.trends(query)).trends;
    await store.seal(H0 + HOUR);
    expect(count('minute')).toBe(1);
    const after = (await store.trends(query)).trends;
    for (const column of ['time', 'count', 'first', 'min', 'max', 'last'] as const) expect(after.map((series) => [...series[column]])).toEqual(before.map((series) => [...series[column]]));
    after.forEach((series, i) => series.mean.forEach((mean, at) => expect(mean).toBeCloseTo(before[i]?.mean[at] ?? Number.NaN, 9)));
    sql((database) => database.prepare('UPDATE minute SET data = zeroblob(length(data))').run());
    expect((await store.trends(query)).trends.map((series) => [...series.max])).toEqual(before.map((series) => [...series.max]));
    expect(sql((database) => database.prepare('DELETE FROM chunk').run().changes)).toBe(1);
    expect((await store.trends({ ...query, maxPoints: 3601 })).trends[0]?.count.length).toBe(0);
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

  test('damaged chunks are set aside a few at a time, each turn a transaction of its own', async () => {
    const store = openStore();
    for (const unit of [1, 2, 3]) await store.appendBatch(batchOf(hourOf(unit, 0)), { durable: true });
    await store.seal(H0 + HOUR);
    const damaged = sql((database) => database.prepare<[], { id: number; unit: number; hour: number }>('SELECT id, unit, hour FROM chunk ORDER BY id').all());
    sql((database) => database.prepare('UPDATE chunk SET data = zeroblob(length(data))').run());
    let now = 0;
    expect(store.log.quarantineStep(damaged, 8, () => (now += 10))).toEqual({ chunks: 1, refilled: 1 });
    expect([(await numbers(store)).length, (await numbers(store, 2)).length, count('quarantine')]).toEqual([20, 0, 1]);
    expect(store.log.quarantineStep(damaged.slice(1), 8, () => 0)).toEqual({ chunks: 2, refilled: 2 });
    expect([(await numbers(store, 2)).length, (await numbers(store, 3)).length]).toEqual([20, 20]);
  });

  test('a chunk whose unit or hour is no number any more is found by the check and set aside', async () => {
    const store = openStore();
    await store.appendBatch(batchOf([...hourOf(1, 0), ...hourOf(2, 0)]), { durable: true });
    await store.seal(H0 + HOUR);
    // A flipped bit turns a column into another type, which no statement could.
    const schema = (from: string, to: string) =>
      sql((database) => {
        database.unsafeMode(true);
        database.pragma('writable_schema = ON');
        database.prepare("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'chunk'").run(from, to);
      });
    schema('unit INTEGER NOT NULL', 'unit INTEGER');
    sql((database) => database.prepare('UPDATE chunk SET unit = NULL, head = zeroblob(length(head)) WHERE unit = 1').run());
    schema('unit INTEGER', 'unit INTEGER NOT NULL');
    const damaged = [];
    for (let cursor: CheckCursor | undefined = CHECK_START; cursor; ) {
      const slice = store.reader.check(cursor);
      damaged.push(...slice.chunks);
      cursor = slice.next;
    }
    expect(damaged).toMatchObject([{ unit: 0 }]);
    expect(store.log.quarantineStep(damaged, Infinity, () => 0)).toMatchObject({ chunks: 1 });
    expect([count('quarantine'), count('chunk')]).toEqual([1, 1]);
  });

  test('an index that names the rows of another unit is not believed; the check finds it and it is built again', async () => {
    const store = openStore();
    await store.appendBatch(batchOf([...hourOf(1, 0), ...hourOf(2, 0)]), { durable: true });
    await store.seal(H0 + HOUR);
    interface SchemaRow { type: string; name: string; tbl_name: string; rootpage: number; sql: string }
    const unsafely = <T>(run: (database: Database.Database) => T): T =>
      sql((database) => {
        database.unsafeMode(true);
        database.pragma('writable_schema = ON');
        return run(database);
      });
    const index = unsafely((database) => database.prepare<[], SchemaRow>("DELETE FROM sqlite_schema WHERE name = 'chunk_by_unit' RETURNING *").get()!);
    sql((database) => database.prepare('UPDATE chunk SET unit = 3 WHERE unit = 1').run());
    unsafely((database) => database.prepare('INSERT INTO sqlite_schema VALUES (@type, @name, @tbl_name, @rootpage, @sql)').run(index));
    expect([await numbers(store), (await numbers(store, 2)).length]).toEqual([[], 20]);
    const found = { indexes: [] as string[], pages: [] as string[] };
    for (let cursor: CheckCursor | undefined = CHECK_START; cursor; ) {
      const slice = store.reader.check(cursor);
      found.indexes.push(...(slice.indexes ?? []));
      found.pages.push(...slice.pages);
      cursor = slice.next;
    }
    expect(found).toEqual({ indexes: ['chunk'], pages: [] });
    store.log.reindex(found.indexes);
    expect((await numbers(store, 3)).length).toBe(20);
  });

  test('the check comes to an end where a flipped bit has put chunks out of order', async () => {
    const store = openStore();
    for (const unit of [1, 2, 3]) await store.appendBatch(batchOf(hourOf(unit, 0)), { durable: true });
    await store.seal(H0 + HOUR);
    store.log.checkpoint();
    store.close();
    open = [];
    const { root, size } = sql((database) => ({ root: database.prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name = 'chunk'").pluck().get()!, size: Number(database.pragma('page_size', { simple: true })) }));
    // A leaf page: its third cell begins with the length of the row and its id, both as varints.
    const bytes = readFileSync(path);
    const page = (root - 1) * size;
    const cell = page + bytes.readUInt16BE(page + 8 + 2 * 2);
    const id = (bytes[cell] ?? 0) < 0x80 ? cell + 1 : cell + 2;
    expect([bytes[page], bytes[id]]).toEqual([13, 3]);
    bytes[id] = 1;
    writeFileSync(path, bytes);
    const again = openStore();
    let slices = 0;
    const pages: string[] = [];
    for (let cursor: CheckCursor | undefined = CHECK_START; cursor && slices < 1000; slices++) {
      const slice = again.reader.check(cursor);
      pages.push(...slice.pages);
      cursor = slice.next;
    }
    expect(slices).toBeLessThan(1000);
    expect(pages).toContain('chunk: rows out of order');
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

  test('rows of a store of the first version are sound by the checksum they were given; later ones have the present one', async () => {
    const first = openStore();
    await first.appendBatch(batchOf([...hourOf(1, 0), ...hourOf(2, 0)]), { durable: true, newUnits: [{ number: 1, deviceId: 'a', firstSeen: H0 }, { number: 2, deviceId: 'b', firstSeen: H0 }] });
    first.close();
    open = [];
    const early = join(folder, 'early.db');
    const old = new Database(early);
    migrate(old, TELEMETRY_MIGRATIONS.slice(0, 1), TELEMETRY_APPLICATION);
    old.exec(segmentTables(1));
    sql((database) => {
      const rows = database.prepare<[], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_1`).all();
      const insert = old.prepare(`INSERT INTO log_1 (${LOG_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
      for (const row of rows) insert.run(row.sequence, row.unit, row.time, row.device_offset, row.received_offset, row.boot, row.number, row.flags, row.back, firstChecksum(row), row.record);
      old.prepare('INSERT INTO segment (id, hour, first_sequence, last_sequence, received_from, received_to, time_from, time_to) SELECT 1, ?, 1, ?, ?, ?, ?, ?').run(Math.floor(H0 / HOUR), rows.length, H0, H0 + HOUR - 1, H0, H0 + HOUR - 1);
      old.prepare("INSERT INTO unit (number, device_id, first_seen) VALUES (1, 'a', 1), (2, 'b', 1)").run();
    });
    old.close();
    path = early;
    const store = openStore();
    await store.appendBatch(batchOf([message(1, 0, 30), message(1, 0, 31)]), { durable: true });
    const page = await store.rows({ unit: 1, from: H0, to: H0 + HOUR, limit: 100 });
    expect([page.rows.length, page.damaged]).toEqual([22, 0]);
    // The first checksum is none for a row that is written now.
    sql((database) => {
      const row = database.prepare<[], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_1 WHERE sequence = 42`).get();
      if (row) database.prepare('UPDATE log_1 SET checksum = ? WHERE sequence = 42').run(firstChecksum(row));
    });
    expect((await store.rows({ unit: 1, from: H0, to: H0 + HOUR, limit: 100 })).damaged).toBe(1);
    expect(await store.seal(H0 + 2 * HOUR)).toMatchObject({ messages: 41, damaged: 1 });
    expect([(await numbers(store)).length, (await numbers(store, 2)).length]).toEqual([21, 20]);
  });

  test('an hour with several chunks keeps its figures when its rows have been dropped, also after some were rewritten', async () => {
    const store = openStore();
    const total = CHUNK_ROWS + 4000;
    for (let from = 0; from < total; from += 1000) {
      await store.appendBatch(batchOf(Array.from({ length: Math.min(1000, total - from) }, (_, k) => ({ unit: 1, time: H0 + (from + k) * 170, received: H0 + (from + k) * 170, number: from + k, values: [[7, from + k]] as const }))), { durable: true });
    }
    await store.seal(H0 + HOUR);
    expect(count('chunk')).toBe(2);
    // A row of the first chunk takes another value: its chunk now stands behind the other.
    await store.rewrite(1, [{ sequence: 5, time: H0 + 4 * 170, parameters: Uint16Array.of(7), values: Float64Array.of(-9) }]);
    const query = { units: [1], parameters: [7], from: H0, to: H0 + HOUR - 1, maxPoints: 2 };
    const figures = async (): Promise<unknown> => {
      const [one] = (await store.trends(query)).trends;
      return one && [[...one.count], [...one.first], [...one.min], [...one.max], [...one.last]];
    };
    const expected = [[total], [0], [-9], [total - 1], [total - 1]];
    expect(await figures()).toEqual(expected);
    await store.drop({ before: H0 + HOUR, appliedThrough: 1e9 });
    while (store.log.sweep());
    expect([(await numbers(store)).length, await figures()]).toEqual([0, expected]);
  });

  test('one-minute figures follow rows that take other values', async () => {
    const store = openStore();
    for (let from = 0; from < 3000; from += 1000) await store.appendBatch(batchOf(Array.from({ length: 1000 }, (_, k) => message(1, 0, from + k))), { durable: true });
    await store.seal(H0 + HOUR);
    await store.rewrite(1, [{ sequence: 100, time: H0 + 99_000, parameters: Uint16Array.of(7), values: Float64Array.of(777) }]);
    expect(count('minute')).toBe(1);
    // Without the values themselves: the figures have to hold it.
    sql((database) => database.prepare('UPDATE chunk SET data = zeroblob(length(data))').run());
    const [trend] = (await store.trends({ units: [1], parameters: [7], from: H0, to: H0 + HOUR - 1, maxPoints: 31 })).trends;
    expect([trend?.total, trend?.max[0]]).toEqual([3000, 777]);
  });

  test('many messages of an hour of which the console is not sure are looked up without reading its values, and the hour once', async () => {
    const store = openStore();
    await store.appendBatch(batchOf(hourOf(1, 0, 200)), { durable: true });
    await store.seal(H0 + HOUR);
    await store.drop({ before: 0, appliedThrough: 1e9 });
    const values = vi.spyOn(ChunkReader.prototype, 'rows');
    const keys = vi.spyOn(ChunkReader.prototype, 'numbers');
    const again = hourOf(1, 0, 250).map((entry) => ({ ...entry, received: H0 + 2 * HOUR, flags: ROW_FLAG.unsure | QUALITY.unsure }));
    expect(await store.appendBatch(batchOf(again), { durable: true })).toEqual({ first: 201, last: 250 });
    expect([values.mock.calls.length, keys.mock.calls.length]).toEqual([0, 1]);
    vi.restoreAllMocks();
    // What is sealed meanwhile is found, too.
    await store.seal(H0 + 10 * HOUR);
    await store.drop({ before: 0, appliedThrough: 1e9 });
    expect(await store.appendBatch(batchOf(again), { durable: true })).toEqual({ first: 251, last: 250 });
  });

  test('a query visits only so many rows, sealed ones too, and says that its oldest part is missing', async () => {
    const store = openStore();
    for (let hour = 0; hour < 40; hour++) await store.appendBatch(batchOf(hourOf(1, hour, 100)), { durable: true });
    await store.seal(H0 + 100 * HOUR);
    const reader = new TelemetryReader(path, 150);
    open.push(reader);
    const range = { from: H0, to: H0 + 40 * HOUR - 1 };
    const read = reader.readRange({ ...range, units: [1], parameters: [7], maxPoints: 100_000 }, [0]);
    expect([read.truncated, read.series[0]?.time.length, read.series[0]?.time.at(-1)]).toEqual([true, 1500, H0 + 39 * HOUR + 99_000]);
    const curve = reader.trends({ ...range, units: [1], parameters: [7], maxPoints: 100_000 }, [0]);
    expect([curve.truncated, curve.trends[0]?.total, curve.trends[0]?.time.at(-1)]).toEqual([true, 1500, H0 + 39 * HOUR + 99_000]);
    // By the heads of hours everything is had.
    const hourly = reader.trends({ ...range, units: [1], parameters: [7], maxPoints: 41 }, [0]);
    expect([hourly.truncated, hourly.trends[0]?.total]).toEqual([false, 4000]);
    // Pages end where a query does, and go on from there; also where nothing fits the filter.
    for (const parameters of [undefined, [7], [8]]) {
      let [found, pages] = [0, 0];
      let after: RowCursor | undefined;
      do {
        const page = reader.rows({ unit: 1, ...range, limit: 10_000, newestFirst: true, ...(parameters ? { parameters } : {}), ...(after ? { after } : {}) }, 0);
        found += page.rows.length;
        pages++;
        after = page.next;
      } while (after);
      expect([found, pages > 5]).toEqual([parameters?.[0] === 8 ? 0 : 4000, true]);
    }
  });
});

/** As the first version of the schema had it. */
function firstChecksum(row: LogRow): number {
  let seed = Math.imul(row.unit, 0x9e3779b1) ^ Math.floor(row.time / 0x1_0000_0000);
  seed = Math.imul(seed, 0x9e3779b1) ^ row.time % 0x1_0000_0000;
  seed = Math.imul(seed, 0x9e3779b1) ^ row.boot;
  seed = Math.imul(seed, 0x9e3779b1) ^ Math.floor(row.number / 0x1_0000_0000);
  seed = Math.imul(seed, 0x9e3779b1) ^ row.number % 0x1_0000_0000;
  return crc32(row.record, 0, row.record.length, seed >>> 0) | 0;
}

describe('hot queries use their index', () => {
  test.each([
    ['SELECT DISTINCT hour FROM chunk WHERE unit = 1 AND hour BETWEEN 1 AND 2 ORDER BY hour', 'chunk_by_unit'],
    ['SELECT id, hour, rows, head, data FROM chunk WHERE unit = 1 AND hour = 2 ORDER BY id', 'chunk_by_unit'],
    ['SELECT id FROM chunk WHERE data IS NOT NULL AND hour < 3 ORDER BY hour LIMIT 10', 'chunk_kept'],
    ['SELECT id FROM chunk WHERE data IS NULL AND hour < 3 LIMIT 10', 'chunk_rolled'],
    ['SELECT sequence FROM late WHERE unit = 1 AND time BETWEEN 1 AND 2 ORDER BY sequence', 'late_by_unit'],
    ['SELECT unit, time FROM late WHERE time < 5 ORDER BY time, unit LIMIT 1', 'late_by_time'],
    ['SELECT count(*) FROM late WHERE time >= 1 AND time < 2', 'late_by_time'],
    ['SELECT unit, messages FROM segment_unit WHERE segment = 1 AND unit > 5 ORDER BY unit LIMIT 1', 'segment_unit_by_segment'],
  ])('%s', (query, index) => {
    openStore();
    const plan = sql((database) => database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`).all().map((row) => row.detail).join());
    expect(plan).toContain(index);
  });
});
