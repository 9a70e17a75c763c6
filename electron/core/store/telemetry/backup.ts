import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '#shared/kernel/error.ts';
import { openDatabase, schemaNumber, storeError } from '#shared/platform-node/sqlite/index.ts';

export interface Copied {
  readonly bytes: number;
}

/**
 * Writes a consistent copy of a database that others go on writing, as of one moment, and reads the copy through. The copy appears under
 * its name when it has been found sound. Throws AppError store-full, store-corrupt (of either), store-unwritable, refused.
 */
export function copyDatabase(from: string, to: string): Copied {
  const partial = `${to}.partial`;
  try {
    mkdirSync(dirname(to), { recursive: true });
    if (existsSync(to)) throw new AppError('refused', `There is a file ${to} already. Choose another folder.`);
    rmSync(partial, { force: true });
    const source = openDatabase(from, { readonly: true });
    let schema: number;
    try {
      schema = schemaNumber(source);
      // One statement, so one moment; it reads every page in use and leaves free ones out.
      source.prepare('VACUUM INTO ?').run(partial);
    } finally {
      source.close();
    }
    const copy = openDatabase(partial, { readonly: true, check: 'quick' });
    try {
      if (schemaNumber(copy) !== schema) throw new AppError('store-corrupt', `The copy ${to} is not what was to be copied. Try again.`);
    } finally {
      copy.close();
    }
    renameSync(partial, to);
    return { bytes: statSync(to).size };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(partial + suffix, { force: true });
    throw storeError(error, to);
  }
}
