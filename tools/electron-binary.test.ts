import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchElectron, findElectron } from './electron-binary.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'electron-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('Electron’s program', () => {
  it('is looked for by file, without loading the package', () => {
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBeUndefined();
    const name = process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBe(join(folder, name));
  });

  it('is given up within seconds where its source is silent, and not tried again at the next start', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const marker = join(folder, 'cache/missing');
    const lines: string[] = [];
    const env = { ELECTRON_MIRROR: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` };
    expect(await fetchElectron({ env, marker, say: (line) => lines.push(line) })).toBeUndefined();
    expect([existsSync(marker), lines]).toEqual([true, []]);
    let asked = 0;
    silent.on('connection', () => asked++);
    expect(await fetchElectron({ env, marker, say: (line) => lines.push(line) })).toBeUndefined();
    expect(asked).toBe(0);
    silent.close();
  });

  it('is not fetched where the environment says offline', async () => {
    const marker = join(folder, 'missing');
    expect(await fetchElectron({ env: { COMMAND_CENTER_OFFLINE: '1' }, marker, say: () => undefined })).toBeUndefined();
    expect(existsSync(marker)).toBe(false);
  });
});
