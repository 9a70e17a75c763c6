import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BATCH_SIZES } from './batch.ts';
import { batchOf } from './batch-builder.ts';
import { TelemetryReader } from './telemetry-reader.ts';
import { TelemetryWriter } from './writer-client.ts';
import type { StorageState } from './writer-protocol.ts';

const WRITER = new URL('../../../workers/telemetry-writer.ts', import.meta.url);
const T0 = Date.UTC(2026, 0, 5, 10, 30);
const MEGABYTE = 1024 * 1024;

/** A disk of its own needs the right to mount one. */
function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const probe = mkdtempSync(join(tmpdir(), 'mount-'));
const permitted = mount(probe);
if (permitted) execFileSync('umount', [probe]);
afterAll(() => rmSync(probe, { recursive: true, force: true }));

describe.skipIf(!permitted)('on a disk of 16 MB (skipped where no file system may be mounted)', () => {
  let disk = '';
  let path = '';
  let writer: TelemetryWriter | undefined;

  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'disk-'));
    mount(disk);
    path = join(disk, 'telemetry.db');
  });
  afterEach(async () => {
    await writer?.close();
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  function fill(leave: number): void {
    const space = statfsSync(disk);
    writeFileSync(join(disk, 'other'), new Uint8Array(Math.max(0, space.bavail * space.bsize - leave)));
  }

  function batch(i: number) {
    return batchOf(Array.from({ length: 50 }, (_, k) => ({ unit: 1 + k, time: T0 + i, received: T0 + i, number: i, values: [[7, i]] as const, payload: randomFillSync(new Uint8Array(4000)) })), BATCH_SIZES);
  }

  async function until(states: readonly StorageState[], state: StorageState): Promise<void> {
    while (states.at(-1) !== state) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  test.each([0, 300_000, 1_000_000])('with %i bytes left the alarm is raised, appends wait, and go on by themselves when there is room again', async (leave) => {
    const states: StorageState[] = [];
    writer = await TelemetryWriter.start({ entry: WRITER, path, snapshot: 'fleet', ballastBytes: MEGABYTE });
    writer.onStorage.on((report) => states.push(report.state));
    const own = writer;
    await own.append(batch(0), { durable: true });
    await until(states, 'ok');
    fill(leave);
    let committed = 1;
    const appends = Array.from({ length: 40 }, (_, i) => own.append(batch(i + 1), { durable: true }).then(() => committed++));
    await until(states, 'full');
    // What reads is answered meanwhile.
    expect(await own.tails([1])).toHaveLength(1);
    expect(committed).toBeLessThan(41);
    rmSync(join(disk, 'other'));
    await Promise.all(appends);
    await until(states, 'ok');
    expect(committed).toBe(41);
    const reader = new TelemetryReader(path);
    const { series } = reader.readRange({ units: [50], parameters: [7], from: 0, to: 2 * T0, maxPoints: 100 }, await own.tails([50]));
    reader.close();
    expect([...(series[0]?.value ?? [])]).toEqual(Array.from({ length: 41 }, (_, i) => i));
  });

  test('while there is room to store and none for the reserve, that is what is said, with how much is missing', async () => {
    const reports: { state: StorageState; text?: string }[] = [];
    writer = await TelemetryWriter.start({ entry: WRITER, path, snapshot: 'fleet', ballastBytes: MEGABYTE });
    writer.onStorage.on((report) => reports.push(report));
    const states: StorageState[] = [];
    writer.onStorage.on((report) => states.push(report.state));
    await writer.append(batch(0), { durable: true });
    await until(states, 'ok');
    fill(0);
    // Stored in the room of the reserve.
    for (let i = 1; !states.includes('full'); i++) await writer.append(batch(i), { durable: true });
    await until(states, 'low');
    expect(reports.at(-1)?.text).toMatch(/^The disk was full\. Telemetry is stored again; free [12] MB more/);
    rmSync(join(disk, 'other'));
    await until(states, 'ok');
  });

  test('what was acknowledged before a kill on a full disk is there after a restart', async () => {
    const states: StorageState[] = [];
    writer = await TelemetryWriter.start({ entry: WRITER, path, snapshot: 'fleet', ballastBytes: MEGABYTE });
    writer.onStorage.on((report) => states.push(report.state));
    fill(2 * MEGABYTE);
    let last = 0;
    for (let i = 0; i < 40; i++) void writer.append(batch(i), { durable: true }).then((commit) => (last = commit.last), () => undefined);
    await until(states, 'full');
    await writer.close();
    rmSync(join(disk, 'other'));
    writer = await TelemetryWriter.start({ entry: WRITER, path, snapshot: 'fleet', ballastBytes: MEGABYTE });
    expect(writer.last).toBe(last);
  });
});
