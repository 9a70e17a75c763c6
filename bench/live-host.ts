import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { workerEntryFrom } from '#electron/core-process/worker-entry.ts';

/**
 * The Node host as it is, but with a demo fleet that stands still and tells who may publish for it: what the broker receives is then what the
 * bench sends. The first line printed is the link, the second one `account {…}`.
 */
enableCompileCache(join(import.meta.dirname, '../.cache/node'));
const { serve } = await import('#electron/host-node/serve.ts');
const product = workerEntryFrom(new URL('../electron/host-node/main.ts', import.meta.url).href);

const code = await serve({
  args: process.argv.slice(2),
  workerEntry: (name) => (name === 'simulator' ? new URL('./live-account.ts', import.meta.url) : product(name)),
  say: console.error,
  onListening: (host) => console.error(host.link),
});
process.exit(code);
