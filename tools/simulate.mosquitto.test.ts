import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificates, startMosquitto } from '#shared/testing/mosquitto.ts';
import { freePort } from '#shared/testing/ports.ts';
import { MOSQUITTO, findTool } from './system.ts';

const TOOL = fileURLToPath(new URL('simulate.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (holds()) return;
    await delay(60);
  }
  throw new Error(`waited in vain until ${what}`);
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Mosquitto on `port`, with the access list that docs/protocols/telemetry.md asks for: a unit writes below its own user name only. */
function mosquitto(port: number): void {
  const path = findTool(MOSQUITTO);
  if (path === undefined) throw new Error(MOSQUITTO.hint);
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  // Started by root, Mosquitto reads its access list as another user.
  chmodSync(folder, 0o755);
  const acl = join(folder, 'acl');
  writeFileSync(acl, 'topic read evf/1/#\npattern write evf/1/demo/%u/#\npattern read evf/1/demo/%u/cmd/#\nuser console\ntopic read evf/1/#\ntopic write evf/1/demo/+/cmd/+\n');
  const configuration = join(folder, 'mosquitto.conf');
  writeFileSync(configuration, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nacl_file ${acl}\n`);
  const child = spawn(path, ['-c', configuration], { stdio: 'ignore' });
  cleanups.push(async () => {
    child.kill();
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
}

function simulate(...argv: string[]): { readonly child: ChildProcess; readonly out: () => string; readonly err: () => string } {
  const child = spawn(process.execPath, [TOOL, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  cleanups.push(async () => {
    child.kill('SIGKILL');
    await ended(child);
  });
  return { child, out: () => out, err: () => err };
}

describe('npm run simulate against Mosquitto', () => {
  it('says that nothing answers, keeps trying, and runs when the broker is there; commands are answered', async () => {
    const port = await freePort();
    const tool = simulate('--broker', `mqtt://127.0.0.1:${port}`, '--vehicles', '6', '--interval', '500');
    await until('the problem is told', () => tool.err().includes('Nothing answers at this address and port.'));
    mosquitto(port);
    const topics = new Map<string, string>();
    const console_ = mqtt.connect(`mqtt://127.0.0.1:${port}`, { username: 'console', reconnectPeriod: 200 });
    cleanups.push(() => console_.endAsync(true));
    console_.on('message', (topic, payload) => void topics.set(topic, payload.toString()));
    console_.on('connect', () => void console_.subscribe('evf/1/#', { qos: 1 }));
    await until('units publish', () => [...topics.keys()].filter((topic) => topic.endsWith('/sig')).length >= 3);
    const [state] = [...topics.keys()].filter((topic) => topic.endsWith('/state'));
    const device = state?.split('/')[3] ?? '';
    console_.publish(`evf/1/demo/${device}/cmd/m1`, JSON.stringify({ v: 1, id: 'm1', t: Date.now(), exp: Date.now() + 30_000, cmd: 'locate', args: {}, cond: {} }), { qos: 1 });
    await until('the command is done', () => topics.get(`evf/1/demo/${device}/cmd/m1/ack`)?.includes('"done"') === true);
    await until('the rate is told', () => /\d+ of \d+ units connected · \d+ messages\/s/.test(tool.out()));
    tool.child.kill('SIGINT');
    expect(await ended(tool.child)).toBe(0);
    expect(tool.out()).toContain('Stopped:');
    await until('the state says that it is gone', () => topics.get(`evf/1/demo/${device}/state`)?.includes('"on":false') === true);
  });

  it('shows a client certificate to a broker that asks for one, and says so where it has none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    makeCertificates(folder);
    const broker = await startMosquitto(['allow_anonymous true', `cafile ${folder}/ca.pem`, `certfile ${folder}/server.pem`, `keyfile ${folder}/server.key`, 'require_certificate true']);
    cleanups.push(() => broker.close());
    const to = ['--broker', `mqtts://localhost:${broker.port}`, '--ca', `${folder}/ca.pem`, '--vehicles', '4', '--interval', '500'];
    const without = simulate(...to);
    await until('the refusal is told', () => /certificate/i.test(without.err()));
    const tool = simulate(...to, '--cert', `${folder}/client.pem`, '--key', `${folder}/client.key`);
    await until('units are connected', () => /[1-9]\d* of \d+ units connected/.test(tool.out()));
    const unread = simulate(...to, '--cert', `${folder}/nothing.pem`, '--key', `${folder}/client.key`);
    expect(await ended(unread.child)).toBe(2);
    expect(unread.err()).toContain('nothing.pem cannot be read');
  });

  it('tells what is wrong with its arguments and ends with 2', async () => {
    const tool = simulate('--vehicles', 'many');
    expect(await ended(tool.child)).toBe(2);
    expect(tool.err()).toContain('Name the broker: --broker mqtt://host:1883');
    expect(tool.err()).toContain('npm run simulate -- --broker URL');
  });
});
