import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../kernel/ports.ts';
import { storeError } from './errors.ts';

/**
 * Sets a database aside with its WAL: moves the files to `quarantine/` beside it, stamped with the instant. A person decides,
 * except for what can be found out again. Returns the new path of the main file. The database must be closed.
 */
export function quarantineDatabase(path: string, clock: Clock): string {
  const folder = join(dirname(path), 'quarantine');
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '').replace('.', '');
  const target = join(folder, `${stamp}-${basename(path)}`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
    }
  } catch (error) {
    throw storeError(error, path);
  }
  return target;
}
