import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { storeError } from '#shared/platform-node/sqlite/index.ts';

/** A file being written; the first error of the disk rejects everything that is still asked of it. */
export interface FileStream {
  readonly stream: WriteStream;
  /** Waits until the disk has taken what was written, so that a file larger than memory can be made. */
  drained(): Promise<void>;
  /** Runs `work`, but rejects as soon as the disk refuses. */
  guard<T>(work: Promise<T>): Promise<T>;
  destroy(): void;
}

/** Creates a new file for writing. Errors come as AppError store-full or store-unwritable. */
export function fileStream(path: string): FileStream {
  const stream = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1 << 20 });
  const failed = new Promise<never>((_resolve, reject) => stream.once('error', (error) => reject(storeError(error, path))));
  // Nobody may be waiting at the moment it fails.
  failed.catch(() => undefined);
  return {
    stream,
    async drained() {
      await Promise.race([failed, stream.writableNeedDrain ? once(stream, 'drain') : undefined]);
    },
    guard: (work) => Promise.race([failed, work]),
    destroy: () => stream.destroy(),
  };
}
