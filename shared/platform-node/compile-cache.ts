import { enableCompileCache } from 'node:module';

/**
 * Keeps compiled code in `folder` between starts, for this thread and for workers started later (they read the variable). It saves about a
 * third of the processor time of a start.
 */
export function keepCompiledCode(folder: string): void {
  process.env['NODE_COMPILE_CACHE'] ??= folder;
  enableCompileCache(process.env['NODE_COMPILE_CACHE']);
}
