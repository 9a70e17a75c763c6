import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import { errorCode, makeFolder, readText } from './small-files.ts';

interface Holder {
  readonly pid: number;
  /** Start of the process in the kernel's own terms, where it tells: a number that was given to another process since is not the holder. */
  readonly started?: string | undefined;
}

/** Field 22 of /proc/PID/stat (proc(5)): clock ticks from boot to the start of the process; undefined elsewhere. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process is alive, too.
    if (errorCode(error) !== 'EPERM') return false;
  }
  return started === undefined || startOf(pid) === undefined || startOf(pid) === started;
}

function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && 'pid' in value && Number.isInteger(value.pid) ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes a workspace's folder for this process until disposed; two cores on one folder would corrupt each other's picture. What a
 * killed process left behind is taken over. Throws AppError `store-locked` or `store-unwritable`.
 */
export function lockFolder(folder: string): Disposable {
  makeFolder(folder);
  const path = join(folder, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return disposable(() => {
        if (readText(path) === own) rmSync(path, { force: true });
      });
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST') {
        throw new AppError('store-unwritable', `Nothing can be written to ${folder}. Allow writing there, or choose another folder with --data.`, { folder }, { cause });
      }
    }
    const holder = parseHolder(readText(path));
    if (holder !== undefined && isAlive(holder)) {
      throw new AppError('store-locked', `Another Command Center (process ${holder.pid}) has ${folder} open. Close it first.`, { folder, pid: holder.pid });
    }
    rmSync(path, { force: true });
  }
  throw new AppError('store-locked', `Another Command Center is just opening ${folder}. Try again.`, { folder });
}
