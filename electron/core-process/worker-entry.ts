import type { WorkerName } from '#core/app/deps.ts';

/**
 * Where the workers' files are, seen from a host's entry file (`here` is its import.meta.url): as sources beside it when the entry is a
 * source, as bundles when it is one.
 */
export function workerEntryFrom(here: string): (name: WorkerName) => URL {
  const extension = here.endsWith('.ts') ? 'ts' : 'js';
  return (name) => new URL(`../workers/${name}.${extension}`, here);
}
