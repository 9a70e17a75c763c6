import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteHistoryStore } from '#core/store/telemetry/sqlite-store.ts';
import type { Batch } from '#core/store/telemetry/batch.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { threadTime } from './measure.ts';
import { PARAMETERS, ROWS, StoreTraffic } from './store-traffic.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Math.floor(Date.UTC(2026, 0, 5) / HOUR) * HOUR;
const PERIOD = 10_000;
const PER_DAY = DAY / PERIOD;
const USUAL = 1_300_000;
const TREND_POINTS = 500_000;

/** Rows a second into a table clustered by (vehicle, time): what the log is compared with. CPU time of the thread. */
function clusteredRate(path: string, traffic: StoreTraffic, batches: number): number {
  const database = openDatabase(path, { synchronous: 'normal', cacheKilobytes: 8_000 });
  const columns = PARAMETERS.map((parameter) => `p${parameter}`);
  database.exec(`CREATE TABLE telemetry (vehicle INTEGER, ts INTEGER, ${columns.map((name) => `${name} REAL`).join(', ')}, PRIMARY KEY (vehicle, ts)) WITHOUT ROWID`);
  const insert = database.prepare(`INSERT INTO telemetry VALUES (?, ?, ${columns.map(() => '?').join(', ')})`);
  const write = database.transaction((batch: Batch) => {
    for (let i = 0; i < batch.count; i++) {
      const at = i * PARAMETERS.length;
      const { values } = batch;
      insert.run(batch.unit[i], batch.time[i], values[at], values[at + 1], values[at + 2], values[at + 3], values[at + 4], values[at + 5], values[at + 6], values[at + 7], values[at + 8], values[at + 9], values[at + 10], values[at + 11]);
    }
  });
  const spent = timed(batches, () => traffic.next(), write);
  database.close();
  return (batches * ROWS * 1000) / spent;
}

/** Milliseconds of CPU time that `work` takes for so many batches; making them is not counted. */
function timed(batches: number, make: () => Batch, work: (batch: Batch) => void): number {
  let spent = 0;
  for (let i = 0; i < batches; i++) {
    const batch = make();
    const start = threadTime();
    work(batch);
    spent += threadTime() - start;
  }
  return spent;
}

function percentile(values: number[], part: number): number {
  return values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
}

/** Bytes of the pages in use: hours of the log that are gone leave free pages, which the next hour takes. */
function usedBytes(path: string): number {
  const database = openDatabase(path, { readonly: true });
  const pragma = (name: string): number => Number(database.pragma(name, { simple: true }));
  const bytes = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  database.close();
  return bytes;
}

/** P3 on a store of its own: the log against the clustered table, sealing, bytes. */
function writing(context: BenchContext, folder: string): BenchResult[] {
  const vehicles = 1000;
  const batches = context.quick ? 20 : 360;
  context.say(`${(batches * ROWS).toLocaleString('en-US')} points of 12 values of ${vehicles} vehicles into the log, and into a clustered table`);
  const store = new SqliteHistoryStore(join(folder, 'log.db'), { rng: systemRng });
  const traffic = new StoreTraffic(vehicles, PERIOD, START);
  const appended = timed(batches, () => traffic.next(), (batch) => void store.log.append(batch, { durable: false }));
  const log = (batches * ROWS * 1000) / appended;
  const clustered = clusteredRate(join(folder, 'clustered.db'), new StoreTraffic(vehicles, PERIOD, START), batches);
  const start = threadTime();
  while (store.log.sealStep(START + 2 * DAY, 1, () => 0));
  const sealing = threadTime() - start;
  store.close();
  return [
    judge({ name: 'P3 append to the log', value: log, unit: 'points/s', baseline: { name: 'clustered table', value: clustered }, goals: [{ of: 'ratio', atLeast: 8 }], note: 'CPU time; transactions of 1,000 rows' }),
    judge({ name: 'seal', value: (batches * ROWS * 1000) / sealing, unit: 'points/s', note: 'in the background, between batches' }),
    judge({ name: 'append and seal', value: (batches * ROWS * 1000) / (appended + sealing), unit: 'points/s', baseline: { name: 'clustered table', value: clustered }, note: 'what can be sustained' }),
  ];
}

/** Fills a store hour by hour, each sealed and its log dropped as soon as it is over. */
function fill(context: BenchContext, store: SqliteHistoryStore, vehicles: number, points: number): void {
  const traffic = new StoreTraffic(vehicles, PERIOD, START);
  let sealed = START;
  for (let stored = 0; stored < points; stored += ROWS) {
    const batch = traffic.next();
    store.log.append(batch, { durable: false });
    const now = batch.received[ROWS - 1] as number;
    if (now < sealed + HOUR + 300_000 && stored + ROWS < points) continue;
    sealed += HOUR;
    while (store.log.sealStep(now - 300_000, 1, () => 0));
    store.log.drop({ before: 0, appliedThrough: store.log.last });
    while (store.log.sweep());
    if (stored % 10_000_000 < ROWS * 400 && points > 10_000_000) context.say(`${stored.toLocaleString('en-US')} points`);
  }
  while (store.log.sealStep(START + 10_000 * DAY, 1, () => 0));
  store.log.drop({ before: 0, appliedThrough: store.log.last });
  while (store.log.sweep());
  store.log.checkpoint();
}

/** P4: a store of many points, and what is asked of it. What is read is in the system's cache. */
function reading(context: BenchContext, folder: string): BenchResult[] {
  const points = context.points ?? (context.quick ? 100_000 : USUAL);
  const vehicles = Math.max(10, Math.min(1000, Math.floor(points / (PER_DAY * 1.25))));
  const path = join(folder, 'history.db');
  const store = new SqliteHistoryStore(path, { rng: systemRng });
  context.say(`${points.toLocaleString('en-US')} points of ${vehicles} vehicles, sealed`);
  fill(context, store, vehicles, points);
  const bytes = usedBytes(path) / (Math.ceil(points / ROWS) * ROWS);
  const chunkBytes = storedBytes(path) / (Math.ceil(points / ROWS) * ROWS);
  const rounds = context.quick ? 20 : 300;
  const end = START + (points / vehicles) * PERIOD;
  // The thread's CPU time is counted in steps that are longer than a query: the best of five turns on the wall instead.
  const measure = (count: number, work: (seed: number) => void): number[] =>
    Array.from({ length: count }, (_, i) => Math.min(...[0, 1, 2, 3, 4].map(() => once(() => work(i)))));
  const once = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const unit = (seed: number): number => 1 + new SeededRandom(seed).below(vehicles);
  const day = (seed: number): number => START + new SeededRandom(seed + 1_000_000).below(Math.max(1, Math.floor((end - START - DAY) / HOUR))) * HOUR;
  const last = measure(rounds, (seed) => void store.reader.rows({ unit: unit(seed), from: 0, to: end, limit: 500, newestFirst: true }, 0));
  const vehicleDay = measure(rounds, (seed) => {
    const from = day(seed);
    store.reader.readRange({ units: [unit(seed)], parameters: PARAMETERS, from, to: from + DAY - 1, maxPoints: 100_000 }, [0]);
  });
  const all = Array.from({ length: vehicles }, (_, i) => i + 1);
  const fleetHour = measure(context.quick ? 3 : 10, (seed) => {
    const from = day(seed);
    store.reader.readRange({ units: all, parameters: PARAMETERS.slice(0, 4), from, to: from + HOUR - 1, maxPoints: 100_000 }, all.map(() => 0));
  });
  store.close();
  return [
    judge({ name: 'P3 bytes of a 12-value point, on disk', value: bytes, unit: 'B', goals: [{ of: 'value', atMost: 12 }], note: `all pages in use; ${chunkBytes.toFixed(1)} B in chunks` }),
    judge({ name: 'P4 last 500 points, p99', value: percentile(last, 0.99), unit: 'ms', goals: [{ of: 'value', atMost: 5 }], note: `${points.toLocaleString('en-US')} points; median ${percentile(last, 0.5).toFixed(2)}` }),
    judge({ name: 'P4 a vehicle\'s day, p99', value: percentile(vehicleDay, 0.99), unit: 'ms', goals: [{ of: 'value', atMost: 20 }], note: `${PER_DAY.toLocaleString('en-US')} points, 12 parameters; median ${percentile(vehicleDay, 0.5).toFixed(2)}` }),
    judge({ name: 'P4 an hour of the fleet, worst', value: Math.max(...fleetHour), unit: 'ms', goals: [{ of: 'value', atMost: 1000 }], note: `${vehicles} vehicles, 4 parameters` }),
  ];
}

function storedBytes(path: string): number {
  const database = openDatabase(path, { readonly: true });
  const bytes = Number(database.prepare('SELECT sum(length(head) + length(data)) FROM chunk').pluck().get());
  database.close();
  return bytes;
}

/** A trend of 500,000 points: 24 hours of 4 signals, one vehicle, some of it not sealed yet. */
function trend(context: BenchContext, folder: string): BenchResult[] {
  const rows = TREND_POINTS / 4 / (context.quick ? 10 : 1);
  const store = new SqliteHistoryStore(join(folder, 'trend.db'), { rng: systemRng });
  const traffic = new StoreTraffic(1, Math.floor(DAY / rows), START);
  for (let stored = 0; stored < rows; stored += ROWS) store.log.append(traffic.next(), { durable: false });
  const peak = START + 12 * HOUR + 1234;
  while (store.log.sealStep(START + 23 * HOUR, 1, () => 0));
  const query = { units: [1], parameters: PARAMETERS.slice(2, 6), from: START, to: START + DAY - 1, maxPoints: 2000 };
  const times = Array.from({ length: 11 }, () => {
    const start = threadTime();
    store.reader.trends(query, [store.log.index.tail[1] ?? 0]);
    return threadTime() - start;
  });
  const result = store.reader.trends({ ...query, from: peak - HOUR }, [store.log.index.tail[1] ?? 0]);
  store.close();
  const total = result.trends.reduce((sum, series) => sum + series.total, 0);
  return [judge({ name: 'trend of 24 h × 4 signals', value: percentile(times, 0.5), unit: 'ms', goals: [{ of: 'value', atMost: 300 }], note: `${(rows * 4).toLocaleString('en-US')} points in 2,000 buckets with exact peaks, the last hour from the log; first ${times[0]?.toFixed(0)} ms${total > 0 ? '' : ', EMPTY'}` })];
}

export const storeBench: Bench = {
  name: 'store',
  describe: 'telemetry history: append, seal, bytes, reads at many points (--points N), a long trend',
  run(context) {
    const folder = mkdtempSync(join(tmpdir(), 'store-bench-'));
    try {
      return [...writing(context, folder), ...trend(context, folder), ...reading(context, folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
