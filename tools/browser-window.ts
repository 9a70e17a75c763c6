import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface BrowserFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
}

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge', 'brave-browser'];
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const WINDOWS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe', 'Chromium\\Application\\chrome.exe'];

/** A browser that can show one page as a window of its own (Chromium and its relatives), or undefined. `CHROMIUM` names one. */
export function findAppBrowser({ platform, env, exists }: BrowserFacts): string | undefined {
  const named = env['CHROMIUM'];
  if (named && exists(named)) return named;
  const candidates = (): string[] => {
    switch (platform) {
      case 'darwin':
        return ['/Applications', join(env['HOME'] ?? '/', 'Applications')].flatMap((folder) => MAC.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`));
      case 'win32':
        return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined).flatMap((folder) => WINDOWS.map((path) => `${folder}\\${path}`));
      default:
        return (env['PATH'] ?? '').split(delimiter).flatMap((folder) => ON_PATH.map((name) => join(folder, name)));
    }
  };
  return candidates().find(exists);
}

/** Whether a window can be shown at all. */
export function hasScreen({ platform, env }: Pick<BrowserFacts, 'platform' | 'env'>): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

export const thisMachine: BrowserFacts = { platform: process.platform, env: process.env, exists: existsSync };

/** Opens `link` as a window without address bar, with a profile of its own, so that it is the person's everyday browser in nothing but its engine. */
export function openBrowserWindow(browser: string, link: string, profile: string): ChildProcess {
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  const args = [`--app=${link}`, `--user-data-dir=${profile}`, '--window-size=1440,900', '--no-first-run', '--no-default-browser-check', '--disable-sync', '--disable-background-networking', '--disable-component-update', '--disable-extensions'];
  // Chromium does not start for root with its sandbox, and the only page it gets is the console's own.
  if (process.getuid?.() === 0) args.push('--no-sandbox', '--test-type');
  return spawn(browser, args, { stdio: 'ignore' });
}
