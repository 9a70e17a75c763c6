import './guard.ts';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { HOST_USAGE, parseHostArguments, type HostNodeOptions } from '#electron/core-process/options.ts';
import { workerEntryFrom } from '#electron/core-process/worker-entry.ts';
import type { RunningHost } from '#electron/host-node/run.ts';
import { keepCompiledCode } from '#shared/platform-node/compile-cache.ts';
import { findAppBrowser, hasScreen, openBrowserWindow, thisMachine } from './browser-window.ts';
import { buildNamed, ensureBuilt } from './builds.ts';
import { ROOT } from './checks.ts';
import { fetchElectron, findElectron } from './electron-binary.ts';

/** `npm start [-- options]`: the console in Electron where that is possible, else in a browser window over the plain Node host. */
const USAGE = `npm start [-- options]

  --browser                a browser window even where Electron is there
  --no-open                open nothing, print the link

${HOST_USAGE}`;

const say = (line: string): void => console.log(line);
/** A browser that ends this soon, ms, has handed the page to one that was running, or could not start. */
const HANDED_OVER = 3_000;

interface StartOptions {
  readonly host: HostNodeOptions;
  readonly hostArguments: readonly string[];
  readonly open: boolean;
  readonly browser: boolean;
}

function parseArguments(args: readonly string[]): StartOptions {
  const own = ['--open', '--no-open', '--browser'];
  const hostArguments = args.filter((argument) => !own.includes(argument));
  const host = parseHostArguments(hostArguments);
  return { host, hostArguments, open: !args.includes('--no-open') && !host.headless, browser: args.includes('--browser') };
}

/** Electron's program where this start is to use it; says in one line why it is not used. */
async function electronFor({ host, open, browser }: StartOptions): Promise<string | undefined> {
  if (!open || browser || host.port !== 'any') return undefined;
  if (!hasScreen(thisMachine)) {
    say('There is no screen here, so no window is opened.');
    return undefined;
  }
  const program = findElectron() ?? (await fetchElectron({ env: process.env, marker: join(ROOT, '.cache/electron-missing'), say }));
  if (program === undefined) say("Electron's program is not on this machine and could not be fetched; the console opens in a browser window.");
  else if (process.getuid?.() === 0) {
    say('Electron does not run for root; the console opens in a browser window.');
    return undefined;
  }
  return program;
}

async function runElectron(program: string, { hostArguments }: StartOptions): Promise<number> {
  const built = await Promise.all([ensureBuilt(buildNamed('web'), say), ensureBuilt(buildNamed('bundles'), say)]);
  if (built.includes(false)) return 1;
  return new Promise((resolve) => {
    const child = spawn(program, [ROOT, ...hostArguments], { stdio: 'inherit' });
    child.on('error', (error) => {
      say(error.message);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
    // The terminal signals the whole group; Electron stops its core and ends, and this with it.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  });
}

/** Opens the console in a window of its own; closing it ends the console. */
function openWindow(browser: string, host: RunningHost, stop: (code: number) => void): void {
  const opened = performance.now();
  const window = openBrowserWindow(browser, host.oneTimeLink(), join(host.dataRoot, 'browser-profile'));
  window.on('error', (error) => say(`The browser could not be started (${error.message}). Open this link: ${host.link}`));
  window.on('exit', () => {
    if (performance.now() - opened > HANDED_OVER) stop(0);
    else say(`The browser ended at once. Open this link, or stop the console by Ctrl+C: ${host.link}`);
  });
  process.on('exit', () => window.kill());
}

async function runInBrowser({ hostArguments, open }: StartOptions): Promise<number> {
  const web = ensureBuilt(buildNamed('web'), say);
  keepCompiledCode(join(ROOT, '.cache/node'));
  const { serve } = await import('#electron/host-node/serve.ts');
  return serve({
    args: hostArguments,
    workerEntry: workerEntryFrom(new URL('../electron/host-node/main.ts', import.meta.url).href),
    say,
    onListening(host, stop) {
      void web.then((built) => {
        if (!built) return stop(1);
        const browser = open && hasScreen(thisMachine) ? findAppBrowser(thisMachine) : undefined;
        // The window waits for the workspace. The link is printed when it leads somewhere; why it does not, `serve` says.
        if (browser !== undefined) openWindow(browser, host, stop);
        host.started().then(
          () => {
            if (open && browser === undefined) say('Open this link in a browser of this machine:');
            say(`\n  Command Center  ${host.link}\n`);
            say(browser === undefined ? 'Ctrl+C stops it.' : 'Closing its window stops it.');
          },
          () => undefined,
        );
      });
    },
  });
}

async function start(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(USAGE);
    return 0;
  }
  let options: StartOptions;
  try {
    options = parseArguments(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const electron = await electronFor(options);
  return electron === undefined ? runInBrowser(options) : runElectron(electron, options);
}

process.exit(await start());
