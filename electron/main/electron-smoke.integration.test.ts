import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BRIDGE_GLOBAL } from '#shared/rpc/bridge.ts';
import { hasScreen, thisMachine } from '#tools/browser-window.ts';
import { BUILDS, ensureBuilt } from '#tools/builds.ts';
import { ROOT } from '#tools/checks.ts';
import { findElectron } from '#tools/electron-binary.ts';
import { APP_ORIGIN } from './channels.ts';

const program = findElectron();
const missing = program === undefined ? "Electron's program is not on this machine (npx install-electron fetches it)" : hasScreen(thisMachine) ? undefined : 'there is no screen (run under xvfb-run)';

// Says why nothing of this ran, where a person reads the results.
if (missing !== undefined) {
  it(`Electron smoke test is not run here: ${missing}`, (context) => {
    process.stderr.write(`Electron smoke test not run: ${missing}.\n`);
    context.skip(missing);
  });
}

describe.runIf(missing === undefined)('Electron smoke test', () => {
  let folder: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    for (const build of BUILDS) expect(await ensureBuilt(build, () => undefined), build.title).toBe(true);
    folder = mkdtempSync(join(tmpdir(), 'electron-smoke-'));
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...root, ROOT, `--user-data-dir=${join(folder, 'user')}`, `--data=${join(folder, 'data')}`, '--vehicles=10', '--workspace=demo'];
    app = await _electron.launch({ ...(program === undefined ? {} : { executablePath: program }), args });
    page = await app.firstWindow();
    await page.waitForSelector('#app *');
  }, 180_000);
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the sign-in page, which has come from the core', async () => {
    expect(page.url().startsWith(`${APP_ORIGIN}/`)).toBe(true);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('gives the page a sandbox without Node and one function', async () => {
    expect(await page.evaluate(() => [typeof globalThis.process, typeof (globalThis as { require?: unknown }).require])).toEqual(['undefined', 'undefined']);
    expect(await page.evaluate((name) => Object.keys((window as unknown as Record<string, object>)[name] ?? {}), BRIDGE_GLOBAL)).toEqual(['connect']);
  });

  it('serves app:// with a content security policy that holds', async () => {
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
    expect(policy).toContain("script-src 'self'");
    expect(await page.evaluate(() => { try { return new Function('return 1')() as unknown; } catch { return 'refused'; } })).toBe('refused');
  });

  it('serves nothing outside its folders', async () => {
    const statuses = await page.evaluate(async () => {
      const paths = ['/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/basemap/..%2f..%2fpackage.json'];
      return Promise.all(paths.map(async (path) => (await fetch(path)).status));
    });
    expect(statuses).toEqual([404, 404, 404]);
  });

  it('opens no window, leaves no page, grants no device', async () => {
    expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
    await page.evaluate(() => void (window.location.href = 'https://example.org/'));
    await page.waitForTimeout(300);
    expect(page.url().startsWith(`${APP_ORIGIN}/`)).toBe(true);
    expect(await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)).toBe('denied');
    expect(app.windows().length).toBe(1);
  });
});
