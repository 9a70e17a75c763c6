import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/kernel/error.ts';
import { LOCK_FILE } from '#shared/platform-node/sqlite/index.ts';

/** What is in a workspace's folder before its database has got its first page: SQLite's companions, the lock, the secrets. */
const BEFORE_THE_DATABASE: readonly string[] = [LOCK_FILE, 'secrets.json'];

/**
 * Throws AppError store-corrupt for a database file without content in a folder that holds other data of a workspace: opened as a new one, the
 * workspace would lose its users and take the next person for its first administrator, and SQLite would discard the file's WAL. Alone in its
 * folder such a file is what a first start left that was ended before it wrote a page.
 */
export function refuseEmptied(folder: string, file: string): void {
  const path = join(folder, file);
  if (statSync(path, { throwIfNoEntry: false })?.size !== 0) return;
  const others = readdirSync(folder).filter((name) => name !== file && !BEFORE_THE_DATABASE.includes(name) && !(name.startsWith(file) && statSync(join(folder, name)).size === 0));
  if (others.length === 0) return;
  throw new AppError('store-corrupt', `The database ${path} is empty, and the folder holds other data of this workspace: its content was lost. Restore a backup of this file, or set the whole folder ${folder} aside to start with an empty workspace.`, { path, found: 'an empty file' });
}
