import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keepCompiledCode } from '#shared/platform-node/compile-cache.ts';
import { workerEntryFrom } from '../core-process/worker-entry.ts';

/** The always-on node: `node electron/host-node/main.ts --headless [options]`; see options.ts. */
const ROOT = join(import.meta.dirname, '../..');
keepCompiledCode(join(ROOT, '.cache/node'));
const { serve } = await import('./serve.ts');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const code = await serve({
  args: process.argv.slice(2),
  workerEntry: workerEntryFrom(import.meta.url),
  say,
  onListening(host) {
    say('Command Center is opening its data …');
    host.started().then(
      () => {
        if (existsSync(join(ROOT, 'dist/web/index.html'))) say(`Command Center is running: ${host.link}`);
        else say('Command Center is running without a window: its pages are not built. Build them by: npm run build -- web');
      },
      // `serve` says why it ends.
      () => undefined,
    );
  },
});
process.exit(code);
