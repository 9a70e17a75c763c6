import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '#shared/kernel/error.ts';

/** The text of a small file, or undefined where there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces a small file at once: a reader sees the old text or the new one. Only this user may read it. */
export function writeText(path: string, text: string): void {
  const next = `${path}.${process.pid}.new`;
  try {
    writeFileSync(next, text, { mode: 0o600, flush: true });
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** Makes a folder that only this user may enter; throws AppError `store-unwritable`. */
export function makeFolder(path: string): void {
  try {
    makeMissing(resolve(path));
  } catch (cause) {
    throw new AppError('store-unwritable', `The folder ${path} cannot be made. Choose another one with --data, or allow writing there.`, { folder: path }, { cause });
  }
}

/** Level by level: Node's recursive mkdir never returns where the file system answers ENOENT for a new folder (as /proc does). */
function makeMissing(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeMissing(parent);
  mkdirSync(path, { mode: 0o700 });
}

/** The code of a system error (ENOENT, EEXIST …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
