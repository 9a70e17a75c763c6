import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Importing `electron` in Node would try to download it, so its program is looked for by file. */
const packageFile = createRequire(import.meta.url).resolve('electron/package.json');
const EXECUTABLES: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** Electron's program, or undefined where it is not on this machine. */
export function findElectron(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'] || join(dirname(packageFile), 'dist');
  const path = join(folder, EXECUTABLES[process.platform] ?? 'electron');
  return existsSync(path) ? path : undefined;
}

/** Where Electron's own installer would fetch from. */
function downloadSource(env: NodeJS.ProcessEnv): string {
  return env['ELECTRON_MIRROR'] || env['npm_config_electron_mirror'] || 'https://github.com/electron/electron/releases/';
}

/** How long a source may take to answer at all, ms: a machine without internet must not keep a person waiting. */
const PROBE_PATIENCE = 2_500;
const DOWNLOAD_PATIENCE = 10 * 60_000;
/** After a failed attempt nothing is tried for this long, ms; `npx install-electron` does at any time. */
const TRY_AGAIN_AFTER = 24 * 3_600_000;

export interface FetchElectronOptions {
  readonly env: NodeJS.ProcessEnv;
  /** A file that remembers the last failure. */
  readonly marker: string;
  say(line: string): void;
}

/** Electron's program, fetched by its own installer where that is possible; undefined, within seconds, where it is not. */
export async function fetchElectron({ env, marker, say }: FetchElectronOptions): Promise<string | undefined> {
  const failedLately = existsSync(marker) && Date.now() - statSync(marker).mtimeMs < TRY_AGAIN_AFTER;
  if (env['COMMAND_CENTER_OFFLINE'] || failedLately) return undefined;
  if ((await answers(downloadSource(env))) && (await install(env, say))) return findElectron(env);
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, 'Electron could not be fetched. Delete this file to have it tried again at the next start.\n');
  return undefined;
}

async function answers(address: string): Promise<boolean> {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_PATIENCE) });
    return true;
  } catch {
    return false;
  }
}

function install(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<boolean> {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  say(`Fetching Electron ${version} (about 110 MB, first start only) …`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(dirname(packageFile), 'install.js')], { env, stdio: 'ignore', timeout: DOWNLOAD_PATIENCE });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
