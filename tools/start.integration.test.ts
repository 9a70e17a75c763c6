import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket as NodeSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWebSocketChannel } from '#renderer/app/transport/websocket-channel.ts';
import { lockFolder } from '#shared/platform-node/sqlite/index.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import { contract } from '#shared/contract/index.ts';
import { createClient } from '#shared/rpc/client.ts';
import { ROOT } from './checks.ts';

interface Started {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | null>;
}

let folder: string;
const running: Started[] = [];

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'start-'))));
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program of the source tree as a person would, without screen and without asking the internet for Electron. */
function start(file: string, ...args: string[]): Started {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const child = spawn(process.execPath, [join(ROOT, file), ...args], { cwd: folder, env: { ...env, COMMAND_CENTER_OFFLINE: '1', COMMAND_CENTER_KEYCHAIN: 'off' } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const started = { child, output: () => output, ended: new Promise<number | null>((resolve) => child.on('exit', resolve)) };
  running.push(started);
  return started;
}

const data = () => ['--data', join(folder, 'data'), '--vehicles', '5', '--port', '0'];
const link = (started: Started) => vi.waitFor(() => new URL(/http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}/.exec(started.output())?.[0] ?? started.output()), { timeout: 50_000, interval: 50 });

/** Goes in by the link, as the gate's page does, and asks the core who it is. */
async function enter(address: URL) {
  const answer = await fetch(`${address.origin}/session`, { method: 'POST', headers: { origin: address.origin }, body: JSON.stringify({ token: address.hash.slice('#token='.length) }) });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await (await fetch(address.origin, { headers: { cookie } })).text();
  const socket = new NodeSocket(`ws://${address.host}/rpc`, { headers: { cookie, origin: address.origin } });
  const client = createClient(contract, await openWebSocketChannel(socket as unknown as WebSocket), CONTRACT_IDENTITY);
  return { page, info: await client.call('app.info', {}), client };
}

describe('npm start', () => {
  it('opens a live demo fleet at the link it prints, changes the workspace, and ends cleanly at Ctrl+C', async () => {
    const console_ = start('tools/start.ts', '--no-open', ...data());
    const { page, info, client } = await enter(await link(console_));
    expect(page).toContain('<div id="app">');
    expect(info).toMatchObject({ workspace: 'demo' });
    await client.call('workspace.open', { kind: 'local' });
    await vi.waitFor(async () => {
      const other = await enter(await link(console_));
      other.client.close();
      expect(other.info).toMatchObject({ workspace: 'local', needsFirstUser: true });
    }, { timeout: 20_000, interval: 200 });
    console_.child.kill('SIGINT');
    expect(await console_.ended).toBe(0);
    for (const workspace of ['demo', 'local']) lockFolder(join(folder, 'data', workspace)).dispose();
  });

  it('says that it prints a link because there is no screen', async () => {
    const console_ = start('tools/start.ts', '--data', join(folder, 'data'), '--vehicles', '5');
    await link(console_);
    expect(console_.output()).toContain('There is no screen here');
    expect(console_.output()).toContain('Open this link in a browser of this machine');
  });

  it('says in one line that a port is taken or a folder is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const first = start('tools/start.ts', '--no-open', '--data', join(folder, 'data'), '--port', String(port));
    expect(await first.ended).toBe(1);
    expect(first.output()).toContain(`Port ${port} is used by another program`);
    expect(first.output()).not.toContain('    at ');
    taken.close();

    await link(start('tools/start.ts', '--no-open', ...data()));
    const second = start('tools/start.ts', '--no-open', ...data());
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/Another Command Center has .* open\. Use that one, or close it first\./);
  });

  it('explains its options', async () => {
    const help = start('tools/start.ts', '--help');
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain('--vehicles N');
    const wrong = start('tools/start.ts', '--vehicles', 'many');
    expect(await wrong.ended).toBe(2);
    expect(wrong.output()).toContain('--vehicles is a whole number');
  });
});

describe('the always-on node', () => {
  it('runs without a window, and frees its folder when it is told to stop', async () => {
    const node = start('electron/host-node/main.ts', '--headless', ...data());
    const { info, client } = await enter(await link(node));
    expect(info.workspace).toBe('demo');
    client.close();
    node.child.kill('SIGTERM');
    expect(await node.ended).toBe(0);
    lockFolder(join(folder, 'data/demo')).dispose();
  });
});
