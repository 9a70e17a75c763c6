import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { backupSqlite, restoreSqlite } from './backup.ts';
import { getState, setState } from './server-tables.ts';
import { openSqliteStore } from './sqlite-store.ts';

const ports = { clock: systemClock, rng: systemRng };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('backup and restore of the server', () => {
  test('a backup taken while the store is open comes back under another epoch, and what was there is set aside', async () => {
    const path = join(folder, 'server.db');
    const store = await openSqliteStore(path, ports);
    const epoch = await store.read((tx) => tx.epoch());
    await store.write((tx) => setState(tx.sql, 'mark', 'before'));
    backupSqlite(path, join(folder, 'backup.db'));
    await store.write((tx) => setState(tx.sql, 'mark', 'after'));
    await store.close();
    expect(await restoreSqlite(join(folder, 'backup.db'), path, ports)).toContain(join(folder, 'quarantine'));
    const restored = await openSqliteStore(path, ports);
    expect(await restored.read((tx) => getState(tx.sql, 'mark'))).toBe('before');
    expect(await restored.read((tx) => tx.epoch())).not.toBe(epoch);
    expect(restored.nodeId).toBe(store.nodeId);
    await restored.close();
  });

  test('a damaged backup is refused and the store stays', async () => {
    const path = join(folder, 'server.db');
    const store = await openSqliteStore(path, ports);
    await store.close();
    const before = readFileSync(path);
    backupSqlite(path, join(folder, 'backup.db'));
    const bytes = readFileSync(join(folder, 'backup.db'));
    bytes.fill(0xa5, 3 * 8192, 6 * 8192);
    writeFileSync(join(folder, 'backup.db'), bytes);
    await expect(restoreSqlite(join(folder, 'backup.db'), path, ports)).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(() => backupSqlite(path, join(folder, 'backup.db'))).toThrow(/exists already/);
  });
});
