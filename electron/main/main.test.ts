import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ElectronParentPort } from '#electron/core-process/electron-port.ts';
import { runCoreProcess } from '#electron/core-process/run-core-process.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import { contract } from '#shared/contract/index.ts';
import { LOCK_FILE } from '#shared/platform-node/sqlite/index.ts';
import { workerPort } from '#shared/platform-node/worker-port.ts';
import { BRIDGE_GLOBAL, BRIDGE_PORT, type Bridge } from '#shared/rpc/bridge.ts';
import { createClient } from '#shared/rpc/client.ts';
import { portChannel } from '#shared/rpc/message-port.ts';
import { tinyCores, type TinyCores } from '#shared/testing/tiny-core.ts';
import { createElectronDouble, type ElectronDouble, type ElectronDoubleOptions } from '#tools/electron-double/electron-double.ts';
import { emitPreventable } from '#tools/electron-double/events.ts';
import { importOverDouble } from '#tools/electron-double/redirect.ts';
import type { UtilityProcessDouble } from '#tools/electron-double/utility.ts';
import type { WindowDouble } from '#tools/electron-double/window.ts';
import { APP_ORIGIN, IPC_CONNECT } from './channels.ts';

const STORE = join(import.meta.dirname, '../../node_modules/electron-store/index.js');
let root: string;
let double: ElectronDouble;
let cores: TinyCores;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'main-'));
  for (const folder of ['web', 'resources/basemap', 'resources/branding', 'user']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'web/index.html'), '<title>console</title>');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'resources/branding/brand.json'), JSON.stringify({ name: 'T', shortName: 'T', accentLight: '#000', accentDark: '#fff' }));
  cores = tinyCores();
});
afterEach(async () => {
  vi.useRealTimers();
  double.electron.app.quit();
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const child of double.state.processes) child.die(0);
  rmSync(root, { recursive: true, force: true });
});

/** Runs the real main over a fresh double. */
async function start(options: Partial<ElectronDoubleOptions> = {}): Promise<WindowDouble> {
  double = createElectronDouble({ userData: join(root, 'user'), ...options });
  vi.resetModules();
  vi.doMock('electron', () => ({ ...double.electron, default: double.electron }));
  vi.doMock('electron-store', () => importOverDouble(STORE, double.electron));
  const { startMain } = await import('./start-main.ts');
  await startMain({ preload: '/preload.cjs', coreProcess: '/core.js', webFolder: join(root, 'web'), resourcesFolder: join(root, 'resources') });
  return double.state.windows[0] as WindowDouble;
}

/** Lets the real program of the core's process run behind the double, with a tiny core. */
function runCore(child = double.state.processes.at(-1) as UtilityProcessDouble): UtilityProcessDouble {
  runCoreProcess({
    parent: child.parentPort as unknown as ElectronParentPort,
    started: { version: '1.2.3', resourcesFolder: join(root, 'resources'), args: [`--data=${join(root, 'data')}`] },
    env: {},
    exit: (code) => child.die(code),
    createCore: cores.createCore,
    workerEntry: () => new URL('file:///none'),
  });
  child.spawn();
  return child;
}

function connect(frame = double.state.windows[0]?.webContents.mainFrame ?? null) {
  const { port1, port2 } = new MessageChannel();
  const [received] = double.sendToMain(IPC_CONNECT, frame, [port1]);
  return { client: createClient(contract, portChannel(workerPort(port2)), CONTRACT_IDENTITY), received };
}

const ask = (path: string, init?: RequestInit) => double.state.protocols.get('app')?.(new Request(path.includes('://') ? path : `${APP_ORIGIN}${path}`, init)) as Promise<Response>;

describe('main: window', () => {
  it('opens one sandboxed, isolated window without Node on the console’s own origin', async () => {
    const window = await start({ packaged: true });
    expect(double.state.sandboxed).toBe(true);
    expect(double.state.windows.length).toBe(1);
    expect(window.options.webPreferences).toEqual({
      preload: '/preload.cjs', sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webSecurity: true,
      allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false, navigateOnDragDrop: false, spellcheck: false, devTools: false,
    });
    expect(window.webContents.mainFrame.url).toBe('app://console/');
    expect(window.shown).toBe(false);
    window.emit('ready-to-show');
    expect(window.shown).toBe(true);
  });

  it('comes back where it was, unless that is on no screen any more', async () => {
    const window = await start();
    expect(window.options).toMatchObject({ width: 1440, height: 900 });
    window.bounds = { x: 100, y: 50, width: 1300, height: 800 };
    window.close();
    expect((await start()).options).toMatchObject({ x: 100, y: 50, width: 1300, height: 800 });
    writeFileSync(join(root, 'user/window-state.json'), JSON.stringify({ window: { bounds: { x: 5000, y: 0, width: 1300, height: 800 }, maximized: true } }));
    const far = await start();
    expect(far.options['x']).toBeUndefined();
    expect(far.maximized).toBe(true);
  });

  it('keeps nothing but its place', async () => {
    (await start()).close();
    expect(Object.keys(JSON.parse(readFileSync(join(root, 'user/window-state.json'), 'utf8')) as object)).toEqual(['window']);
  });

  it('neither navigates, nor opens windows, nor attaches web views', async () => {
    const { webContents } = await start();
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) expect(emitPreventable(webContents, event, { url: 'https://evil.example' })).toBe(true);
    for (const url of ['https://evil.example/', 'http://www.openstreetmap.org/', 'https://www.openstreetmap.org.evil.example/', 'https://a@www.openstreetmap.org/', 'https://www.openstreetmap.org:8443/', 'file:///etc/passwd', 'javascript:alert(1)', 'not an address', 'https://www.openstreetmap.org/copyright']) {
      expect(webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(double.state.opened).toEqual(['https://www.openstreetmap.org/copyright']);
  });

  it('opens a view of its own in a further window, guarded and connected like the first, eight at most', async () => {
    const first = await start();
    runCore();
    const answer = first.webContents.openHandler?.({ url: `${APP_ORIGIN}/#/alerts?alert=1` });
    expect(answer?.action).toBe('allow');
    expect(answer?.overrideBrowserWindowOptions?.webPreferences).toEqual(first.options.webPreferences);
    // Electron makes the window that was allowed.
    const second = new double.electron.BrowserWindow(answer?.overrideBrowserWindowOptions ?? {});
    await second.loadURL(`${APP_ORIGIN}/#/alerts?alert=1`);
    expect(second.webContents.openHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(emitPreventable(second.webContents, 'will-navigate', { url: 'https://evil.example' })).toBe(true);
    expect(await connect(second.webContents.mainFrame).client.call('app.info', {})).toMatchObject({ product: 'tiny' });
    vi.useFakeTimers();
    second.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    vi.runAllTimers();
    expect([first.webContents.reloads, second.webContents.reloads]).toEqual([0, 1]);
    for (const url of [`${APP_ORIGIN}/`, `${APP_ORIGIN}/evil.html#/x`, `${APP_ORIGIN}.evil.example/#/alerts`, `blob:${APP_ORIGIN}/#/1`]) expect(first.webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
    for (let n = 3; n <= 8; n++) new double.electron.BrowserWindow({});
    expect(first.webContents.openHandler?.({ url: `${APP_ORIGIN}/#/alerts` })).toEqual({ action: 'deny' });
  });

  it('saves files of the console only', async () => {
    await start();
    const saved = (url: string) => !emitPreventable(double.defaultSession, 'will-download', {}, { getURL: () => url });
    expect([`${APP_ORIGIN}/files/x`, `blob:${APP_ORIGIN}/1`, 'data:text/csv,a', 'https://evil.example/x.exe', 'app://console.evil/x'].map(saved)).toEqual([true, true, true, false, false]);
  });

  it('is reloaded when its page dies', async () => {
    const { webContents } = await start();
    vi.useFakeTimers();
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    vi.runAllTimers();
    expect(webContents.reloads).toBe(1);
  });

  it('is brought forward when the application is started a second time, which ends at once', async () => {
    const window = await start();
    window.minimized = true;
    double.electron.app.emit('second-instance');
    expect([window.minimized, window.focused]).toEqual([false, 1]);
    await start({ second: true });
    expect([double.state.quit, double.state.windows.length, double.state.processes.length]).toEqual([true, 0, 0]);
  });
});

describe('main: permissions', () => {
  it('denies everything a page could ask for but copying text, the full screen and telling of an alert', async () => {
    await start();
    const request = double.state.sessionHandlers.get('request') as (contents: unknown, permission: string, decide: (granted: boolean) => void, details: { requestingUrl: string }) => void;
    const check = double.state.sessionHandlers.get('check') as (contents: unknown, permission: string, origin: string) => boolean;
    const granted = (permission: string, requestingUrl: string) => {
      let answer: boolean | undefined;
      request(undefined, permission, (decision) => (answer = decision), { requestingUrl });
      return [answer, check(undefined, permission, requestingUrl)];
    };
    for (const permission of ['media', 'geolocation', 'midi', 'openExternal', 'clipboard-read', 'display-capture', 'usb', 'hid', 'serial', 'unknown']) expect(granted(permission, `${APP_ORIGIN}/`)).toEqual([false, false]);
    for (const permission of ['fullscreen', 'notifications', 'clipboard-sanitized-write']) {
      expect(granted(permission, `${APP_ORIGIN}/`)).toEqual([true, true]);
      expect(granted(permission, 'https://evil.example/')).toEqual([false, false]);
    }
    expect((double.state.sessionHandlers.get('device') as () => boolean)()).toBe(false);
    let display: unknown;
    (double.state.sessionHandlers.get('display') as (request: unknown, decide: (streams: unknown) => void) => void)({}, (streams) => (display = streams));
    expect(display).toEqual({});
  });
});

describe('main: app protocol', () => {
  it('is a secure origin that does not bypass the content security policy', async () => {
    await start();
    expect(double.state.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } }]);
    const page = await ask('/');
    expect(await page.text()).toBe('<title>console</title>');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe-eval');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..%5csecret.txt', '/%2e%2e%2f%2e%2e%2fetc/passwd', '/basemap/..%2f..%2fsecret.txt', 'app://other/index.html', 'app://console.evil/index.html'])('does not find %s', async (path) => {
    await start();
    expect((await ask(path)).status).toBe(404);
  });

  it('answers nothing but GET', async () => {
    await start();
    expect((await ask('/', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('gets downloads and parts of the street map from the core, and waits for nothing while it is away', async () => {
    await start();
    expect((await ask('/streets.pmtiles')).status).toBe(404);
    const child = runCore();
    cores.streetMap = join(root, 'secret.txt');
    cores.downloads.set('t-1', { path: join(root, 'secret.txt'), fileName: 'fleet.xlsx', contentType: 'text/plain' });
    const part = await ask('/streets.pmtiles', { headers: { range: 'bytes=1-2' } });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'ec', 'bytes 1-2/6']);
    const file = await ask('/files/t-1');
    expect([await file.text(), file.headers.get('content-disposition')]).toEqual(['secret', `attachment; filename="fleet.xlsx"; filename*=UTF-8''fleet.xlsx`]);
    expect((await ask('/files/t-1')).status).toBe(404);
    child.die(1);
    expect((await ask('/streets.pmtiles')).status).toBe(404);
  });
});

describe("main: the installation's own map files", () => {
  it('stand in for those of the product as soon as the core has told where they are', async () => {
    for (const [folder, text] of [['resources/basemap', 'product'], ['data/basemap', 'own']] as const) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, 'borders.geojson'), text);
    }
    await start();
    expect(await (await ask('/basemap/borders.geojson')).text()).toBe('product');
    runCore();
    await connect().client.welcomed;
    expect(await (await ask('/basemap/borders.geojson')).text()).toBe('own');
    expect((await ask('/basemap/../node-id')).status).toBe(404);
  });
});

describe('main: the way to the core', () => {
  it('has one IPC entry', async () => {
    await start();
    expect(double.electron.ipcMain.eventNames()).toEqual([IPC_CONNECT]);
  });

  it('hands the window’s port to the core, also one that came before the core was up', async () => {
    await start();
    const early = connect();
    runCore();
    expect(await early.client.call('app.info', {})).toMatchObject({ product: 'tiny', version: '1.2.3' });
    expect(await connect().client.call('app.info', {})).toMatchObject({ workspace: 'demo' });
  });

  it('carries the pieces of a file to the core byte for byte', async () => {
    await start();
    runCore();
    const { client } = connect();
    const bytes = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256);
    for (let at = 0; at < bytes.length; at += 262_144) expect(await client.call('uploads.append', { uploadId: 'a'.repeat(32), offset: at, bytes: bytes.subarray(at, at + 262_144) })).toEqual({ received: Math.min(bytes.length, at + 262_144) });
    expect(Buffer.concat(cores.pieces).equals(bytes)).toBe(true);
    await expect(client.call('uploads.append', { uploadId: 'a'.repeat(32), offset: 0, bytes: new Uint8Array(1_048_577) })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('closes ports of frames, pages and messages that are not the console’s own', async () => {
    const window = await start();
    runCore();
    const refused = [connect({ url: `${APP_ORIGIN}/` }), connect(null)];
    window.webContents.mainFrame.url = 'https://evil.example/';
    refused.push(connect());
    window.webContents.mainFrame.url = `${APP_ORIGIN}.evil.example/`;
    refused.push(connect());
    for (const { client, received } of refused) {
      await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'unavailable' });
      expect(received?.closed).toBe(true);
    }
    window.webContents.mainFrame.url = `${APP_ORIGIN}/#/fleet`;
    const [one, two] = [new MessageChannel(), new MessageChannel()];
    const both = double.sendToMain(IPC_CONNECT, window.webContents.mainFrame, [one.port1, two.port1]);
    await vi.waitFor(() => expect(both.map(({ closed }) => closed)).toEqual([true, true]), { timeout: 30_000 });
    expect(double.state.processes[0]?.received).toEqual([]);
  });

  it('starts a killed core again, and windows that lost it connect anew', async () => {
    await start();
    const first = runCore();
    const { client } = connect();
    await client.welcomed;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    first.kill();
    vi.advanceTimersByTime(250);
    vi.useRealTimers();
    expect(double.state.processes.length).toBe(2);
    const waiting = connect();
    // A real process lets go of its lock when it is killed; the double's lives on in this one.
    rmSync(join(root, 'data/demo', LOCK_FILE));
    runCore();
    expect(await waiting.client.call('app.info', {})).toMatchObject({ product: 'tiny' });
  });

  it('waits longer each time for a core that cannot live, and says so once', async () => {
    await start();
    vi.useFakeTimers();
    const delays: number[] = [];
    for (let n = 0; n < 6; n++) {
      double.state.processes.at(-1)?.die(1);
      const before = double.state.processes.length;
      let waited = 0;
      while (double.state.processes.length === before && waited < 60_000) {
        vi.advanceTimersByTime(250);
        waited += 250;
      }
      delays.push(waited);
    }
    expect(delays).toEqual([250, 1_000, 2_000, 5_000, 10_000, 10_000]);
    expect(double.state.dialogs.length).toBe(1);
    expect(double.state.dialogs[0]).toMatchObject({ message: expect.stringContaining('keeps stopping') as string });
  });

  it('says why a core cannot run, and tries again or quits as the person says', async () => {
    await start();
    cores.failing.set('demo', new Error('The database is damaged.'));
    const child = runCore();
    await vi.waitFor(() => expect(double.state.dialogs).toMatchObject([{ detail: 'The database is damaged.', buttons: ['Try again', 'Quit'] }]), { timeout: 30_000 });
    await vi.waitFor(() => expect(child.alive).toBe(false), { timeout: 30_000 });
    await vi.waitFor(() => expect(double.state.processes.length).toBe(2), { timeout: 30_000 });
    double.state.press = 1;
    cores.failing.set('demo', new Error('Still damaged.'));
    runCore();
    await vi.waitFor(() => expect(double.state.quit).toBe(true), { timeout: 30_000 });
  });

  it('lets the core finish before the application ends', async () => {
    const window = await start();
    runCore();
    await connect().client.welcomed;
    window.close();
    await vi.waitFor(() => expect(double.state.quit).toBe(true), { timeout: 30_000 });
    expect(cores.stopped).toEqual(['demo']);
    expect(double.state.processes.length).toBe(1);
  });

  it('kills a core that does not finish', async () => {
    const window = await start();
    const child = double.state.processes[0] as UtilityProcessDouble;
    child.spawn();
    vi.useFakeTimers();
    window.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([child.alive, double.state.quit]).toEqual([false, true]);
  });
});

describe('preload', () => {
  it('exposes one function, which carries a port and nothing else', async () => {
    await start();
    runCore();
    const posted: { data: unknown; origin: string; ports: MessagePort[] }[] = [];
    vi.stubGlobal('window', { location: { origin: APP_ORIGIN }, postMessage: (data: unknown, origin: string, ports: MessagePort[]) => posted.push({ data, origin, ports }) });
    await import('../preload/index.ts');
    vi.unstubAllGlobals();
    expect([...double.state.exposed.keys()]).toEqual([BRIDGE_GLOBAL]);
    const bridge = double.state.exposed.get(BRIDGE_GLOBAL) as Bridge;
    expect(Object.keys(bridge)).toEqual(['connect']);
    vi.stubGlobal('window', { location: { origin: APP_ORIGIN }, postMessage: (data: unknown, origin: string, ports: MessagePort[]) => posted.push({ data, origin, ports }) });
    bridge.connect('id-7');
    vi.unstubAllGlobals();
    expect(posted).toMatchObject([{ data: { [BRIDGE_PORT]: 'id-7' }, origin: APP_ORIGIN }]);
    const port = posted[0]?.ports[0] as unknown as Parameters<typeof workerPort>[0];
    expect(await createClient(contract, portChannel(workerPort(port)), CONTRACT_IDENTITY).call('app.info', {})).toMatchObject({ product: 'tiny' });
  });
});
