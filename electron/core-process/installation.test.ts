import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UUID_PATTERN } from '#shared/kernel/ids.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { lastWorkspace, loadBrand, nodeIdOf, rememberWorkspace } from './installation.ts';
import { defaultDataRoot } from './platform-folders.ts';
import { fileSecrets, memorySecrets } from './secrets-file.ts';
import type { KeychainEntry } from './secrets-keychain.ts';
import { openSecrets } from './secrets.ts';
import { makeFolder } from './small-files.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'installation-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const deps = { clock: systemClock, rng: systemRng, log: SILENT_LOG };

describe('data folder', () => {
  it.runIf(process.platform === 'linux')('that cannot be made is refused in words, and at once', () => {
    expect(() => makeFolder('/proc/nope/deeper')).toThrow(/cannot be made.*--data/);
    makeFolder(join(folder, 'a/b/c'));
    expect(statSync(join(folder, 'a/b/c')).isDirectory()).toBe(true);
  });

  it('follows the conventions of the platform', () => {
    expect(defaultDataRoot({ platform: 'linux', home: '/home/a', env: {} })).toBe('/home/a/.local/share/command-center');
    expect(defaultDataRoot({ platform: 'linux', home: '/home/a', env: { XDG_DATA_HOME: '/data' } })).toBe('/data/command-center');
    expect(defaultDataRoot({ platform: 'darwin', home: '/Users/a', env: {} })).toBe('/Users/a/Library/Application Support/Command Center');
    expect(defaultDataRoot({ platform: 'win32', home: 'C:/Users/a', env: { LOCALAPPDATA: 'C:/Users/a/Local' } })).toContain('Command Center');
  });
});

describe('installation', () => {
  it('makes its node id once, and anew when the file is damaged', () => {
    const first = nodeIdOf(folder, deps);
    expect(first).toMatch(UUID_PATTERN);
    expect(nodeIdOf(folder, deps)).toBe(first);
    writeFileSync(join(folder, 'node-id'), 'garbage');
    expect(nodeIdOf(folder, deps)).not.toBe(first);
  });

  it('remembers the workspace that was open', () => {
    expect(lastWorkspace(folder)).toBeUndefined();
    rememberWorkspace(folder, 'local');
    expect(lastWorkspace(folder)).toBe('local');
    writeFileSync(join(folder, 'workspace'), 'something');
    expect(lastWorkspace(folder)).toBeUndefined();
  });

  it('overlays the brand of the product with that of the installation, logos inlined', () => {
    const resources = join(import.meta.dirname, '../../resources');
    const standard = loadBrand(resources, folder, SILENT_LOG);
    expect(standard.logoUrl).toMatch(/^data:image\/svg\+xml;base64,/);
    mkdirSync(join(folder, 'branding'));
    writeFileSync(join(folder, 'branding/brand.json'), JSON.stringify({ name: 'Rickshaw Works', logo: 'own.png' }));
    writeFileSync(join(folder, 'branding/own.png'), 'png');
    expect(loadBrand(resources, folder, SILENT_LOG)).toEqual({ ...standard, name: 'Rickshaw Works', logoUrl: 'data:image/png;base64,cG5n' });
    writeFileSync(join(folder, 'branding/brand.json'), JSON.stringify({ logo: '../../secret.svg' }));
    expect(loadBrand(resources, folder, SILENT_LOG)).toEqual(standard);
  });
});

describe('secrets', () => {
  const open = (keychain: Map<string, string> | 'forgets' | 'silent') =>
    openSecrets({
      folder, account: 'node/demo', scheduler: { ...systemScheduler, after: (_delay, run) => systemScheduler.after(20, run) }, log: SILENT_LOG, env: { DBUS_SESSION_BUS_ADDRESS: 'x' },
      keychain: async () => (service, user): KeychainEntry => {
        const key = `${service}:${user}`;
        if (keychain === 'silent') return { getPassword: () => new Promise(() => undefined), setPassword: () => new Promise(() => undefined), deletePassword: () => new Promise(() => undefined) };
        if (keychain === 'forgets') return { getPassword: async () => null, setPassword: async () => undefined, deletePassword: async () => undefined };
        return { getPassword: async () => keychain.get(key) ?? null, setPassword: async (value) => void keychain.set(key, value), deletePassword: async () => keychain.delete(key) };
      },
    });

  it('go to the keychain where it keeps them, and leave nothing of the probe', async () => {
    const keychain = new Map<string, string>();
    const secrets = await open(keychain);
    expect(secrets.kind).toBe('keychain');
    await secrets.set('broker', 'pw');
    expect([...keychain]).toEqual([['Command Center:node/demo/broker', 'pw']]);
    expect(await secrets.get('broker')).toBe('pw');
    await secrets.set('broker', undefined);
    expect(await secrets.get('broker')).toBeUndefined();
  });

  it.each(['forgets', 'silent'] as const)('go to a file where the keychain %s', async (keychain) => {
    expect((await open(keychain)).kind).toBe('file');
  });

  it('that were in the file are found when a keychain has come, and move there when set', async () => {
    const file = fileSecrets(join(folder, 'secrets.json'));
    await file.set('broker', 'old');
    const secrets = await open(new Map());
    expect(await secrets.get('broker')).toBe('old');
    await secrets.set('broker', 'new');
    expect([await secrets.get('broker'), await file.get('broker')]).toEqual(['new', undefined]);
  });

  it.skipIf(process.platform === 'win32')('in a file are for this user only', async () => {
    const path = join(folder, 'secrets.json');
    const secrets = fileSecrets(path);
    await secrets.set('a', '1');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    expect(await secrets.get('a')).toBe('1');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each(['__proto__', 'constructor', 'toString'])('have no secret named %s by accident', async (name) => {
    for (const secrets of [fileSecrets(join(folder, 'secrets.json')), memorySecrets()]) {
      expect(await secrets.get(name)).toBeUndefined();
    }
  });
});
