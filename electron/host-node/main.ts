import { join } from 'node:path';
import { keepCompiledCode } from '#shared/platform-node/compile-cache.ts';
import { workerEntryFrom } from '../core-process/worker-entry.ts';

/** The always-on node: `node electron/host-node/main.ts --headless [options]`; see options.ts. */
keepCompiledCode(join(import.meta.dirname, '../../.cache/node'));
const { serve } = await import('./serve.ts');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const code = await serve({
  args: process.argv.slice(2),
  workerEntry: workerEntryFrom(import.meta.url),
  say,
  onListening: (host) => say(`Command Center is running: ${host.link}`),
});
process.exit(code);
