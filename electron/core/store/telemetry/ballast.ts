import { closeSync, fsyncSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import type { Rng } from '#shared/kernel/ports.ts';

const BLOCK = 1024 * 1024;

/**
 * A file that only takes up room. After a full disk SQLite can neither insert nor checkpoint, even after deletes, because both
 * write first; removing this file gives it the room to go on until a person has made some.
 */
export class Ballast {
  readonly #path: string;
  readonly #bytes: number;
  readonly #rng: Rng;

  constructor(path: string, bytes: number, rng: Rng) {
    this.#path = path;
    this.#bytes = bytes;
    this.#rng = rng;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get present(): boolean {
    return (statSync(this.#path, { throwIfNoEntry: false })?.size ?? -1) >= this.#bytes;
  }

  /** Writes the file; random bytes, because file systems that compress would give zeros no room. False where there is no room. */
  restore(): boolean {
    if (this.#bytes === 0 || this.present) return true;
    const block = this.#rng.bytes(Math.min(BLOCK, this.#bytes));
    try {
      const file = openSync(this.#path, 'w');
      try {
        for (let left = this.#bytes; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      return true;
    } catch {
      this.release();
      return false;
    }
  }

  /** Removes the file. False where there was none. */
  release(): boolean {
    try {
      unlinkSync(this.#path);
      return true;
    } catch {
      return false;
    }
  }
}
