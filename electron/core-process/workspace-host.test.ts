import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { lockFolder } from '#shared/platform-node/sqlite/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { createClient } from '#shared/rpc/client.ts';
import { memoryChannelPair } from '#shared/rpc/memory.ts';
import { tinyCores, type TinyCores } from '#shared/testing/tiny-core.ts';
import { memorySecrets } from './secrets-file.ts';
import { createWorkspaceHost, type WorkspaceHost, type WorkspaceHostOptions } from './workspace-host.ts';

let root: string;
let cores: TinyCores;
let fatal: unknown[];
const hosts: WorkspaceHost[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workspaces-'));
  cores = tinyCores();
  fatal = [];
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
  rmSync(root, { recursive: true });
});

async function start(change: Partial<WorkspaceHostOptions> = {}): Promise<WorkspaceHost> {
  const host = createWorkspaceHost({
    createCore: cores.createCore,
    shared: {
      clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG, version: '1.0.0', resourcesFolder: root, workerEntry: () => new URL('file:///none'), nodeId: 'n', timeZone: 'Asia/Kolkata',
      brand: { name: 'Tiny', shortName: 'T', accentLight: '#000000', accentDark: '#ffffff' }, demo: { vehicles: 1, seed: 1, simulate: false },
    },
    dataRoot: root,
    workspace: 'demo',
    openSecrets: () => Promise.resolve(memorySecrets()),
    onFatal: (error) => void fatal.push(error),
    ...change,
  });
  hosts.push(host);
  await host.started();
  return host;
}

function connect(host: WorkspaceHost) {
  const [near, far] = memoryChannelPair();
  host.connect(far, { address: 'test' });
  return createClient(contract, near);
}

function isFree(workspace: string): boolean {
  try {
    lockFolder(join(root, workspace)).dispose();
    return true;
  } catch {
    return false;
  }
}

const workspaceOf = async (host: WorkspaceHost) => (await connect(host).call('app.info', {})).workspace;

describe('workspace host', () => {
  it('opens the workspace in its own folder and serves clients', async () => {
    const host = await start();
    expect(await workspaceOf(host)).toBe('demo');
    expect(cores.made[0]?.dataFolder).toBe(join(root, 'demo'));
  });

  it('answers workspace.open, then stops the core, opens the other and serves those who come meanwhile', async () => {
    const host = await start();
    const client = connect(host);
    const lost = new Promise<AppError>((resolve) => void client.onClose(resolve));
    expect(await client.call('workspace.open', { kind: 'local' })).toEqual({});
    expect(await workspaceOf(host)).toBe('local');
    expect((await lost).code).toBe('unavailable');
    expect(cores.stopped).toEqual(['demo']);
    expect([isFree('demo'), isFree('local')]).toEqual([true, false]);
    await connect(host).call('workspace.open', { kind: 'demo' });
    expect(await workspaceOf(host)).toBe('demo');
  });

  it('says so when the other workspace is open elsewhere, and keeps the present one', async () => {
    const other = await start({ workspace: 'local' });
    const host = await start();
    await expect(connect(host).call('workspace.open', { kind: 'local' })).rejects.toMatchObject({ code: 'store-locked' });
    expect(await workspaceOf(host)).toBe('demo');
    await other.stop();
    expect(await connect(host).call('workspace.open', { kind: 'local' })).toEqual({});
  });

  it('returns to the former workspace when the other cannot be opened, and says why to who asks again', async () => {
    const host = await start();
    cores.failing.set('local', new AppError('store-corrupt', 'The database is damaged.'));
    await connect(host).call('workspace.open', { kind: 'local' });
    expect(await workspaceOf(host)).toBe('demo');
    await expect(connect(host).call('workspace.open', { kind: 'local' })).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(isFree('local')).toBe(true);
    await connect(host).call('workspace.open', { kind: 'local' });
    expect(await workspaceOf(host)).toBe('local');
  });

  it('reports that no workspace can be opened any more', async () => {
    const host = await start();
    const client = connect(host);
    cores.failing.set('local', new Error('first'));
    cores.failing.set('demo', new Error('second'));
    await client.call('workspace.open', { kind: 'local' });
    await vi.waitFor(() => expect(fatal).toEqual([new Error('second')]), { timeout: 30_000 });
    await expect(connect(host).call('app.info', {})).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not start where a core fails, and frees the folder', async () => {
    cores.failing.set('demo', new AppError('store-newer', 'Made by a newer version.'));
    await expect(start()).rejects.toMatchObject({ code: 'store-newer' });
    expect(isFree('demo')).toBe(true);
  });

  it('refuses a data folder that cannot be written to', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(start({ dataRoot: join(root, 'file') })).rejects.toMatchObject({ code: 'store-unwritable' });
  });

  it('hands out the downloads and the street map of the open core', async () => {
    const host = await start();
    const file = { path: '/x', fileName: 'x.xlsx', contentType: 'a/b' };
    cores.downloads.set('t', file);
    cores.streetMap = '/streets.pmtiles';
    expect([await host.takeDownload('t'), await host.takeDownload('t'), await host.streetMapFile()]).toEqual([file, undefined, '/streets.pmtiles']);
  });

  it('stops once and closes its clients', async () => {
    const host = await start();
    const client = connect(host);
    await client.welcomed;
    await Promise.all([host.stop(), host.stop()]);
    expect(cores.stopped).toEqual(['demo']);
    await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'unavailable' });
  });
});
