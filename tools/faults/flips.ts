import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchOf } from '#core/store/telemetry/batch-builder.ts';
import { CHECK_START, type CheckCursor, type DamagedChunk } from '#core/store/telemetry/integrity.ts';
import { HOUR } from '#core/store/telemetry/segments.ts';
import { SqliteHistoryStore } from '#core/store/telemetry/sqlite-store.ts';
import { AppError } from '#shared/kernel/error.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { hold, type Fault } from './types.ts';

const USUAL = 60;
const START = Date.UTC(2026, 0, 5);
const UNITS = 8;
const ROWS = 120;
const EXPECTED = ['store-corrupt', 'store-newer', 'store-unwritable', 'store-full', 'store-locked'];

/** Five hours: three sealed, the log of two of these gone, a few late rows; some of it only in the WAL. */
async function build(path: string): Promise<Set<string>> {
  const store = new SqliteHistoryStore(path, { rng: systemRng });
  const hour = (index: number): void => {
    const messages = Array.from({ length: UNITS * ROWS }, (_, i) => ({ unit: 1 + (i % UNITS), time: START + index * HOUR + i * 100, received: START + index * HOUR + i * 100 + 40, deviceTime: START + index * HOUR + i * 100, number: index * ROWS + Math.floor(i / UNITS), values: [[7, (i % 97) / 10], [8, index]] as const, payload: Uint8Array.of(i & 0xff, index, i >> 8), suffix: 3 }));
    store.log.append(batchOf(messages), { durable: true });
  };
  hour(0);
  hour(1);
  await store.seal(START + 2 * HOUR);
  await store.drop({ before: 0, appliedThrough: store.log.last });
  hour(2);
  store.log.append(batchOf([{ unit: 1, time: START + HOUR - 1, received: START + 3 * HOUR - 10, number: 9999, values: [[7, 1]] }]), { durable: true });
  await store.seal(START + 3 * HOUR);
  store.log.checkpoint();
  hour(3);
  const rows = await allRows(store);
  copyFileSync(`${path}-wal`, `${path}.wal-copy`);
  copyFileSync(path, `${path}.copy`);
  store.close();
  return new Set(rows.rows);
}

/** Payloads are those that were received, or there is none. */
async function checkPayloads(store: SqliteHistoryStore): Promise<void> {
  for (const [hour, unit] of [[0, 1], [1, 2], [2, 3], [3, 4]] as const) {
    for (const { payload, sequence } of (await store.rawRange({ unit, from: START + hour * HOUR, to: START + (hour + 1) * HOUR - 2, limit: 1000 })).messages) {
      hold(payload.length === 3 && payload[1] === hour && ((payload[0] ?? 0) | ((payload[2] ?? 0) << 8)) % UNITS === unit - 1, `the payload of message ${sequence} is another`);
    }
  }
}

async function allRows(store: SqliteHistoryStore): Promise<{ rows: string[]; damaged: number }> {
  const rows: string[] = [];
  let damaged = 0;
  for (let unit = 1; unit <= UNITS; unit++) {
    const page = await store.rows({ unit, from: 0, to: START * 2, limit: 20_000 });
    damaged += page.damaged;
    for (const row of page.rows) rows.push([unit, row.sequence, row.time, row.received, row.deviceTime, row.boot, row.number, row.flags, ...row.parameters, ...row.values].join());
  }
  return { rows, damaged };
}

/** Checks everything, sets aside what is damaged, and says what was found. */
function repair(store: SqliteHistoryStore): { pages: number; indexes: number; chunks: number; refilled: number; rows: number; payloads: number } {
  const found = { pages: 0, indexes: [] as string[], chunks: [] as DamagedChunk[], rows: 0, payloads: 0 };
  for (let cursor: CheckCursor | undefined = CHECK_START; cursor; ) {
    const slice = store.reader.check(cursor);
    found.pages += slice.pages.length;
    found.indexes.push(...(slice.indexes ?? []));
    found.chunks.push(...slice.chunks);
    found.rows += slice.rows;
    found.payloads += slice.payloads ?? 0;
    cursor = slice.next;
  }
  store.log.reindex(found.indexes);
  return { ...found, indexes: found.indexes.length, ...store.log.quarantineStep(found.chunks, Infinity, () => 0) };
}

/** F5: flipped bits in the database and its WAL. */
export const flips: Fault = {
  name: 'flips',
  describe: 'flipped bits in database, WAL and chunks: nothing wrong is given back, damage is found and set aside, what the log has is stored again, nothing goes on crashing',
  async run({ scale, seed, say }) {
    const files = Math.max(1, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'flips-'));
    const path = join(folder, 'telemetry.db');
    const counts = { refused: 0, unharmed: 0, found: 0, chunks: 0, refilled: 0 };
    try {
      const stored = await build(path);
      const database = readFileSync(`${path}.copy`);
      const wal = readFileSync(`${path}.wal-copy`);
      for (let file = 0; file < files; file++) {
        for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
        const target = random.below(4) === 0 ? 'wal' : 'database';
        writeFileSync(path, target === 'database' ? flipped(database, random) : database);
        writeFileSync(`${path}-wal`, target === 'wal' ? flipped(wal, random) : wal);
        // What native code holds of a closed store is given back between turns of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        try {
          await oneFile(path, stored, counts);
        } catch (error) {
          hold(error instanceof AppError && EXPECTED.includes(error.code), `file ${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
          counts.refused++;
        }
      }
      hold(existsSync(path), 'the store is gone');
      hold(files < 20 || counts.refused + counts.found + counts.chunks > 0, 'no flip was noticed');
      say(`${files} files: ${counts.refused} refused, ${counts.found} with damage found, ${counts.chunks} chunks set aside, ${counts.refilled} stored again, ${counts.unharmed} unharmed`);
      return `${files} files, ${counts.chunks} chunks set aside, ${counts.refilled} stored again`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function oneFile(path: string, stored: ReadonlySet<string>, counts: { unharmed: number; found: number; chunks: number; refilled: number }): Promise<void> {
  const store = new SqliteHistoryStore(path, { rng: systemRng });
  try {
    const before = await allRows(store);
    const wrong = before.rows.find((row) => !stored.has(row));
    hold(wrong === undefined, `gave back what was never stored: ${wrong}`);
    hold(new Set(before.rows).size === before.rows.length, 'gave a row twice');
    await checkPayloads(store);
    const found = repair(store);
    hold(before.damaged === 0 || found.chunks + found.indexes + found.rows + found.pages > 0, `${before.damaged} damaged when read, nothing found by the check`);
    if (found.chunks + found.indexes + found.rows + found.pages + found.payloads > 0) counts.found++;
    else counts.unharmed++;
    counts.chunks += found.chunks;
    counts.refilled += found.refilled;
    // It goes on: what comes is stored and sealed, and what was set aside is no longer met.
    store.log.append(batchOf([{ unit: 1, time: START + 5 * HOUR, received: START + 5 * HOUR, number: 5 * ROWS, values: [[7, 1]] }]), { durable: true });
    await store.seal(START + 7 * HOUR);
    await store.drop({ before: 0, appliedThrough: store.log.last });
    const after = await allRows(store);
    hold(found.pages > 0 || after.damaged === 0 || found.rows > 0, `${after.damaged} damaged after it was set aside`);
    hold(after.rows.filter((row) => !stored.has(row)).length <= 1, 'gave back what was never stored, after sealing');
  } finally {
    store.close();
  }
}

function flipped(bytes: Buffer, random: SeededRandom): Buffer {
  const copy = Buffer.from(bytes);
  for (let flips = 1 + random.below(6); flips > 0; flips--) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
}
