import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { SEED } from '#shared/testing/seed.ts';
import { Batch, BATCH_SIZES } from './batch.ts';
import { batchOf } from './batch-builder.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { TelemetryReader } from './telemetry-reader.ts';

const T0 = Date.UTC(2026, 0, 5, 10);
const FILES = 100;
const ROWS = 2000;
const rng = { bytes: (count: number) => new Uint8Array(count).fill(7), next: () => 0.5 };
const valueOf = (i: number): number => ((i * 37) % 1000) / 10;

/** Everything the log gives back, or the expected error it refuses with. */
function readAll(path: string): { rows: string[]; damaged: number } | AppError {
  try {
    const reader = new TelemetryReader(path);
    try {
      const batch = new Batch(BATCH_SIZES);
      const rows: string[] = [];
      let damaged = 0;
      for (let after = 0; ; ) {
        const stretch = reader.readLog(after, batch);
        damaged += stretch.damaged;
        if (stretch.last === after) return { rows, damaged };
        after = stretch.last;
        for (let i = 0; i < batch.count; i++) {
          const from = i === 0 ? 0 : (batch.valueEnd[i - 1] as number);
          rows.push([batch.number[i], batch.unit[i], batch.time[i], batch.received[i], batch.deviceTime[i], batch.boot[i], batch.flags[i], batch.values[from]].join());
        }
      }
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

test('F5: a store with flipped bytes gives back what was stored or says that it is damaged, never anything else', () => {
  const seed = SEED;
  const random = new SeededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'flips-'));
  const path = join(folder, 'telemetry.db');
  const log = TelemetryLog.open(path, { rng });
  for (let from = 0; from < ROWS; from += 500) {
    log.append(batchOf(Array.from({ length: 500 }, (_, k) => ({ unit: 1 + (k % 20), time: T0 + from + k, deviceTime: T0 + from + k - 3, received: T0 + from + k + 40, number: from + k, values: [[7, valueOf(from + k)]] as const, payload: Uint8Array.of(k, 1, 2, 3) }))), { durable: false });
  }
  log.checkpoint();
  log.close();
  const good = readFileSync(path);
  const whole = readAll(path);
  if (whole instanceof AppError) throw whole;
  expect(whole.rows).toHaveLength(ROWS);
  const stored = new Set(whole.rows);
  let refused = 0;
  let noticed = 0;
  for (let file = 0; file < FILES; file++) {
    const bytes = Buffer.from(good);
    for (let flips = 1 + random.below(6); flips > 0; flips--) {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    writeFileSync(path, bytes);
    const found = readAll(path);
    if (found instanceof AppError) {
      expect(['store-corrupt', 'store-newer', 'store-unwritable', 'store-full', 'store-locked']).toContain(found.code);
      refused++;
      continue;
    }
    expect(found.rows.filter((row) => !stored.has(row))).toEqual([]);
    if (found.damaged > 0) noticed++;
  }
  expect(refused + noticed).toBeGreaterThan(0);
  rmSync(folder, { recursive: true, force: true });
});
