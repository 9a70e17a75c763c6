import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch} from '#core/store/telemetry/batch.ts';
import { BATCH_SIZES } from '#core/store/telemetry/batch.ts';
import { batchOf } from '#core/store/telemetry/batch-builder.ts';
import { ReaderPool } from '#core/store/telemetry/reader-pool.ts';
import { HOUR } from '#core/store/telemetry/segments.ts';
import { WorkerHistoryStore } from '#core/store/telemetry/worker-store.ts';
import { TelemetryWriter } from '#core/store/telemetry/writer-client.ts';
import { AppError } from '#shared/kernel/error.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { workerEntry } from './ingest-setup.ts';
import { hold, type Fault } from './types.ts';

const USUAL = 6;
const START = Date.UTC(2026, 0, 5);
const MEGABYTE = 1024 * 1024;
const ROWS = 200;
const PATIENCE = 10_000;

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, text: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!condition()) {
    hold(performance.now() < end, text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function batch(hour: number, from: number): Batch {
  return batchOf(Array.from({ length: ROWS }, (_, i) => ({ unit: 1 + (i % 20), time: START + hour * HOUR + from + i, received: START + hour * HOUR + from + i, number: hour * 1_000_000 + from + i, values: [[7, (from + i) / 10]] as const, payload: crypto.getRandomValues(new Uint8Array(500)), suffix: 3 })), BATCH_SIZES);
}

/** F4: the disk fills up while the store appends, seals, drops, keeps a snapshot, or is copied. */
export const diskFull: Fault = {
  name: 'disk-full',
  describe: 'a disk of 16 MB fills up on every write path: the alarm is raised, reads go on, what waits goes on without a restart when there is room (needs the right to mount)',
  async run({ scale, seed, say }) {
    const rounds = Math.max(1, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    for (let round = 0; round < rounds; round++) {
      const disk = mkdtempSync(join(tmpdir(), 'disk-'));
      try {
        if (!mount(disk)) {
          say('skipped: no file system may be mounted here');
          return 'skipped: no file system may be mounted here';
        }
        try {
          await oneRound(disk, random);
        } finally {
          execFileSync('umount', [disk]);
        }
      } finally {
        rmSync(disk, { recursive: true, force: true });
      }
    }
    say(`${rounds} disks`);
    return `${rounds} disks filled`;
  },
};

async function oneRound(disk: string, random: SeededRandom): Promise<void> {
  const path = join(disk, 'telemetry.db');
  const writer = await TelemetryWriter.start({ entry: workerEntry('telemetry-writer'), path, snapshot: 'fleet', ballastBytes: MEGABYTE });
  const store = new WorkerHistoryStore(writer, new ReaderPool({ entry: workerEntry('reader'), path, threads: 1 }));
  try {
    let state = 'ok';
    writer.onStorage.on((report) => (state = report.state));
    for (let hour = 0; hour < 3; hour++) for (let from = 0; from < 5 * ROWS; from += ROWS) await store.appendBatch(batch(hour, from), { durable: true });
    const space = statfsSync(disk);
    writeFileSync(join(disk, 'other'), new Uint8Array(Math.max(0, space.bavail * space.bsize - random.below(400_000))));
    // Sealing, dropping and copying find no room either; they wait or say so, and take nothing from what was set aside for batches.
    const sealed = store.seal(START + 2 * HOUR);
    const dropped = store.drop({ before: 0, appliedThrough: 1e9 }).catch((error: unknown) => error);
    const snapshot = writer.saveSnapshot('fleet', new Uint8Array(300_000)).catch((error: unknown) => error);
    const copied = await store.readers.copy(path, join(disk, 'copy.db')).catch((error: unknown) => error);
    hold(copied instanceof AppError && copied.code === 'store-full' && !existsSync(join(disk, 'copy.db')) && !existsSync(join(disk, 'copy.db.partial')), `a copy on a full disk: ${String(copied)}`);
    let committed = 0;
    const appends = Array.from({ length: 20 }, (_, i) => store.appendBatch(batch(2, (5 + i) * ROWS), { durable: true }).then(() => committed++));
    await until(() => state === 'full' || committed === 20, 'no alarm on a full disk');
    hold((await store.rows({ unit: 1, from: 0, to: START * 2, limit: 10_000 })).rows.length >= (3 * 5 * ROWS) / 20, 'rows are missing while the disk is full');
    rmSync(join(disk, 'other'));
    await Promise.all(appends);
    await sealed;
    for (const outcome of [await dropped, await snapshot]) hold(!(outcome instanceof Error) || (outcome instanceof AppError && outcome.code === 'store-full'), String(outcome));
    await until(() => state === 'ok' || state === 'low', 'the alarm stays');
    for (let unit = 1; unit <= 20; unit++) {
      const page = await store.rows({ unit, from: 0, to: START * 2, limit: 10_000 });
      hold(page.damaged === 0 && page.rows.length === (3 * 5 * ROWS + 20 * ROWS) / 20 && new Set(page.rows.map((row) => row.number)).size === page.rows.length, `unit ${unit} has ${page.rows.length} rows, ${page.damaged} damaged`);
    }
  } finally {
    await store.close();
  }
}
