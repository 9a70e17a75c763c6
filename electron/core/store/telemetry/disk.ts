import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes this user may still write to the disk of `path`; Infinity where the system does not tell. */
export function freeBytes(path: string): number {
  try {
    const disk = statfsSync(dirname(path));
    return disk.bavail * disk.bsize;
  } catch {
    return Infinity;
  }
}

/** Bytes of a database with its WAL. */
export function databaseBytes(path: string): number {
  let bytes = 0;
  for (const suffix of ['', '-wal']) bytes += statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
