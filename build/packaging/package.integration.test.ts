import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, ensureBuilt } from '#tools/builds.ts';

const { listPackage, extractFile, extractAll } = createRequire(import.meta.url)('@electron/asar') as {
  listPackage(archive: string, options: { isPack: boolean }): string[];
  extractFile(archive: string, file: string): Buffer;
  extractAll(archive: string, folder: string): void;
};

const root = join(import.meta.dirname, '../..');
/** What @electron/fuses looks for in Electron's program; after it: version 1, eight fuses, all off. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
let folder: string;
let app: string;
let archive: string;
let files: string[];

/** The files that electron-builder expects of an Electron distribution; the program itself cannot be had everywhere and is not run here. */
function fakeElectron(dist: string): void {
  mkdirSync(join(dist, 'locales'), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string };
  writeFileSync(join(dist, 'electron'), `${FUSE_SENTINEL}\u0001\u000800000000`, { mode: 0o755 });
  writeFileSync(join(dist, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak', 'locales/fr.pak']) writeFileSync(join(dist, name), '');
}

const inside = (path: string) => files.includes(path);

describe.runIf(process.platform === 'linux')('package', () => {
  beforeAll(async () => {
    for (const build of BUILDS) expect(await ensureBuilt(build, () => undefined), build.title).toBe(true);
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    fakeElectron(join(folder, 'electron'));
    const args = ['--linux', 'dir', `-c.electronDist=${join(folder, 'electron')}`, `-c.directories.output=${join(folder, 'out')}`];
    await promisify(execFile)(join(root, 'node_modules/.bin/electron-builder'), args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    app = join(folder, 'out/linux-unpacked');
    archive = join(app, 'resources/app.asar');
    files = listPackage(archive, { isPack: false });
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts at a main that is in the archive, with preload, core and every worker beside it', () => {
    const { main, type } = JSON.parse(extractFile(archive, 'package.json').toString()) as { main: string; type: string };
    expect(type).toBe('module');
    expect(inside(join('/', main))).toBe(true);
    expect(inside('/out/preload/index.cjs')).toBe(true);
    expect(inside('/out/core-process/index.js')).toBe(true);
    const workers = readdirSync(join(root, 'electron/workers')).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    expect(workers.length).toBeGreaterThan(3);
    for (const worker of workers) expect(inside(`/out/workers/${worker.replace(/\.ts$/, '.js')}`), worker).toBe(true);
  });

  it('runs: the packaged core opens the demo with the packages, workers and resources of the archive alone', async () => {
    const extracted = join(folder, 'extracted');
    extractAll(archive, extracted);
    const script = join(import.meta.dirname, 'run-core-bundle.ts');
    const args = [script, join(extracted, 'out/core-process/index.js'), join(app, 'resources/resources'), join(folder, 'data')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, COMMAND_CENTER_KEYCHAIN: 'off' }, timeout: 50_000 });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({ version: '9.9.9', vehicles: 5 });
  });

  it('loads only itself in the preload', () => {
    const text = extractFile(archive, 'out/preload/index.cjs').toString();
    expect([...text.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
  });

  it('holds the renderer, whose page loads files of its own only', () => {
    const page = extractFile(archive, 'dist/web/index.html').toString();
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) expect(inside(join('/dist/web', address)), address).toBe(true);
    expect(page).not.toMatch(/<script>|<script [^>]*>[^<]/);
  });

  it('leaves out sources, tests, tools of development and other machines’ programs', () => {
    const unwanted = files.filter((file) => /^\/(electron|renderer|shared|tools|build|bench|e2e|docs|server|\.cache|\.git)(\/|$)|\.(ts|map)$|\.test\.|^\/node_modules\/(electron|vite|vitest|typescript|vue|element-plus|node-toolchain|node-linux-|node-win-)(\/|$)|\.(env|pem|sqlite)$/.test(file));
    expect(unwanted).toEqual([]);
  });

  it('unpacks native modules, those of this machine only', () => {
    const native = files.filter((file) => file.endsWith('.node'));
    expect(native.filter((file) => file.includes('better-sqlite3'))).toEqual([`/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`]);
    expect(native.some((file) => file.includes('argon2')) && native.some((file) => file.includes('keyring'))).toBe(true);
    for (const file of native) expect(existsSync(join(`${archive}.unpacked`, file)), file).toBe(true);
  });

  it('ships the resources beside the archive, where workers and people can read them', () => {
    for (const file of ['dbc/two-wheeler.dbc', 'basemap/land.geojson', 'branding/brand.json']) expect(existsSync(join(app, 'resources/resources', file)), file).toBe(true);
  });

  it('has its fuses blown: no Node mode, no inspection, nothing but the checked archive', () => {
    const program = readFileSync(join(app, 'command-center'), 'latin1');
    expect(program.slice(program.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length + 2).slice(0, 8)).toBe('01001100');
  });

  it('stays light', () => {
    expect(readFileSync(archive).length).toBeLessThan(60 * 1024 * 1024);
  });
});
