import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { productArgs } from '#shared/testing/master-data.ts';
import { codeOf, openTestWriter } from '#shared/testing/operations.ts';
import { refuseEmptied } from './emptied.ts';
import { OperationsWriter } from './writer.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operations-faults-'));
  path = join(folder, 'operations.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openError(file: string): AppError {
  try {
    void new OperationsWriter({ path: file, onCommitted: () => undefined }).close();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it opened');
}

async function makeStore(vehicles: number): Promise<void> {
  const store = await openTestWriter(path);
  for (let n = 1; n <= vehicles; n++) await store.run('product.create', productArgs(n));
  await store.close();
}

/** A small file system of its own; undefined where this user may not mount one. */
function smallDisk(kilobytes: number): { readonly folder: string; release(): void } | undefined {
  const mount = join(folder, 'disk');
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { folder: mount, release: () => execFileSync('umount', ['--lazy', mount]) };
}

describe('a store that cannot be opened', () => {
  test('of a newer build is refused, says so, and is not touched', async () => {
    await makeStore(1);
    const database = openDatabase(path);
    database.pragma('user_version = 999');
    database.close();
    const before = readFileSync(path);
    const error = openError(path);
    expect(error.code).toBe('store-newer');
    expect(error.message).toMatch(/Install the newer version/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('damaged in the middle is found at once, says what to do, and the file stays for the rescue', async () => {
    await makeStore(40);
    const bytes = readFileSync(path);
    for (let page = 3; page < 20; page++) bytes.fill(0x5a, page * 8192, page * 8192 + 4000);
    writeFileSync(path, bytes);
    const error = openError(path);
    expect(error.code).toBe('store-corrupt');
    expect(error.message).toMatch(/Restore a backup/);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('emptied beside other data of the workspace is refused, and its WAL stays for the rescue; alone it is a new one', () => {
    writeFileSync(path, '');
    for (const name of ['instance.lock', 'secrets.json', 'operations.db-shm']) writeFileSync(join(folder, name), '');
    expect(() => refuseEmptied(folder, 'operations.db')).not.toThrow();
    for (const name of ['telemetry.db', 'operations.db-wal']) {
      writeFileSync(join(folder, name), 'x');
      expect(() => refuseEmptied(folder, 'operations.db')).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
      expect(existsSync(join(folder, name))).toBe(true);
      rmSync(join(folder, name));
    }
    rmSync(path);
    writeFileSync(join(folder, 'telemetry.db'), 'x');
    expect(() => refuseEmptied(folder, 'operations.db')).not.toThrow();
  });

  test('that is not a database at all is refused', () => {
    writeFileSync(path, 'vin,model\nMX1,Nilgai\n'.repeat(100));
    expect(openError(path).code).toBe('store-corrupt');
  });

  test('in a folder that cannot be written is refused', () => {
    writeFileSync(join(folder, 'file'), '');
    const error = openError(join(folder, 'file', 'operations.db'));
    expect(error.code).toBe('store-unwritable');
    expect(error.message).toMatch(/permissions/);
  });

  test('and is held by another program is refused, and opens when that is gone', async () => {
    await makeStore(1);
    const other = openDatabase(path);
    other.exec('BEGIN EXCLUSIVE');
    const store = await openTestWriter(path, { ground: false });
    // The read transaction of quick_check is let through by WAL; the write has to wait and is refused after the busy timeout.
    expect(await codeOf(store.run('unit.seen', { deviceId: 'tcu-7', at: 1 }))).toBe('store-locked');
    other.exec('ROLLBACK');
    other.close();
    await store.run('unit.seen', { deviceId: 'tcu-7', at: 1 });
    await store.close();
  });
});

describe('a full disk', () => {
  test('refuses what it cannot store, keeps what it confirmed, and goes on by itself once there is room', async (context) => {
    const disk = smallDisk(6_000);
    if (disk === undefined) return context.skip('needs the right to mount a tmpfs');
    try {
      const file = join(disk.folder, 'operations.db');
      const store = await openTestWriter(file);
      const ballast = join(disk.folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(1_000_000));
      const confirmed: string[] = [];
      let refusal = '';
      for (let n = 1; n <= 5_000 && refusal === ''; n++) {
        const outcome = await store.run('product.create', productArgs(n)).then(() => 'stored', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
        if (outcome === 'stored') confirmed.push(productArgs(n).values.vin);
        else refusal = outcome;
      }
      expect(refusal).toBe('store-full');
      expect(confirmed.length).toBeGreaterThan(5);
      expect(store.database.prepare('SELECT vin FROM product ORDER BY vin').pluck().all()).toEqual(confirmed);
      rmSync(ballast);
      await store.run('product.create', productArgs(9_999));
      await store.close();

      const again = await openTestWriter(file, { ground: false });
      expect(again.database.prepare('SELECT vin FROM product ORDER BY vin').pluck().all()).toEqual([...confirmed, 'MX009999']);
      await again.close();
    } finally {
      disk.release();
    }
  });

  test('leaves no database half made', (context) => {
    const disk = smallDisk(24);
    if (disk === undefined) return context.skip('needs the right to mount a tmpfs');
    try {
      const file = join(disk.folder, 'operations.db');
      expect(openError(file).code).toBe('store-full');
      if (existsSync(file)) expect(openError(file).code).toBe('store-full');
    } finally {
      disk.release();
    }
  });
});
