import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Disposable } from '../kernel/disposable.ts';

export interface RotatingFile extends Disposable {
  /** Appends one line; it is with the operating system when this returns, so a crash loses none. */
  write(line: string): void;
  /** Lines that could not be written: the disk was full. */
  readonly lost: number;
}

/** A log file that becomes `path.1` (and that `path.2` …) when it exceeds `maxBytes`; `keep` old ones are kept. */
export function rotatingFile(path: string, maxBytes: number, keep: number): RotatingFile {
  let descriptor = openSync(path, 'a', 0o600);
  let size = fstatSync(descriptor).size;
  let lost = 0;

  function rotate(): void {
    closeSync(descriptor);
    try {
      for (let n = keep; n >= 1; n--) {
        try {
          renameSync(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`);
        } catch {
          // Not that many yet.
        }
      }
    } finally {
      descriptor = openSync(path, 'a', 0o600);
      size = fstatSync(descriptor).size;
    }
  }

  return {
    write(line) {
      try {
        const bytes = Buffer.from(`${line}\n`);
        if (size > 0 && size + bytes.length > maxBytes) rotate();
        writeSync(descriptor, bytes);
        size += bytes.length;
      } catch {
        lost++;
      }
    },
    get lost() {
      return lost;
    },
    dispose: () => closeSync(descriptor),
  };
}
