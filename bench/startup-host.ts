import { join } from 'node:path';
import { workerEntryFrom } from '#electron/core-process/worker-entry.ts';
import { keepCompiledCode } from '#shared/platform-node/compile-cache.ts';

/** The Node host as `npm start` runs it: the window is opened when it listens, and waits for the workspace. */
keepCompiledCode(join(import.meta.dirname, '../.cache/node'));
const { serve } = await import('#electron/host-node/serve.ts');

const code = await serve({
  args: process.argv.slice(2),
  workerEntry: workerEntryFrom(new URL('../electron/host-node/main.ts', import.meta.url).href),
  say: console.error,
  onListening: (host) => console.error(host.link),
});
process.exit(code);
