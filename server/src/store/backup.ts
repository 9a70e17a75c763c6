import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import { quarantineDatabase } from '#shared/platform-node/sqlite/quarantine.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { OPERATIONS_APPLICATION_ID } from '#shared/store/migrations/index.ts';
import { setState } from './server-tables.ts';
import { sqliteSql } from './sqlite-store.ts';

/** Copies a store into one new file, while the server runs too. Throws AppError refused where the target exists, store-… where it cannot be written. */
export function backupSqlite(path: string, target: string): void {
  if (existsSync(target)) throw new AppError('refused', `${target} exists already. Choose another name.`);
  const database = openDatabase(path, { readonly: true });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
  checkBackup(target);
}

/**
 * Puts a backup in the place of a store, which is set aside into `quarantine/` (its new path is returned). The feed gets another epoch, so that
 * every console takes a snapshot anew, and all sessions and links end. The server must not run. Throws AppError store-corrupt for a damaged backup; the store stays as it was then.
 */
export async function restoreSqlite(backup: string, path: string, { clock, rng }: { readonly clock: Clock; readonly rng: Rng }): Promise<string | undefined> {
  checkBackup(backup);
  const next = `${path}.restoring`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(next + suffix, { force: true });
  copyFileSync(backup, next);
  const database = openDatabase(next, { check: 'quick' });
  try {
    const sql = sqliteSql(database);
    await setState(sql, 'epoch', uuidv7(clock, rng));
    await sql.run("UPDATE server_session SET ended_at = ?, end_reason = 'restored' WHERE ended_at IS NULL", [clock.now()]);
    await sql.run('DELETE FROM server_link');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  const aside = existsSync(path) ? quarantineDatabase(path, clock) : undefined;
  renameSync(next, path);
  return aside;
}

function checkBackup(path: string): void {
  const database = openDatabase(path, { readonly: true, check: 'quick' });
  try {
    const isStore = database.pragma('application_id', { simple: true }) === OPERATIONS_APPLICATION_ID && database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'server_state'").pluck().get() === 1;
    if (!isStore) throw new AppError('store-corrupt', `${path} is no backup of a central server.`);
  } finally {
    database.close();
  }
}
