import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError('store-unwritable', `The folder ${path} cannot be made. Choose another one with --data, or allow writing there.`, { folder: path }, { cause });
  }
}

/** The code of a system error (ENOENT, EEXIST …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
