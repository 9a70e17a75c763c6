import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '#shared/kernel/ports.ts';

/** Removes a file of the application's own; one that another program holds (a virus scanner on Windows), or that is a folder, stays and is logged. */
export function removeFile(path: string, log: Log): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    log.write('warn', 'a file could not be removed; the next start tries again', { path, error });
  }
}

/** Makes a folder for files of one run, without those of an earlier one; what cannot be removed stays and is logged. */
export function openEmptyFolder(folder: string, log: Log): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) removeFile(join(folder, name), log);
}
