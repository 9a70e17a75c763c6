import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Aedes, type PublishPacket } from 'aedes';
import { afterEach, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { loadMemory } from './memory-file.ts';
import { loadDemoResources } from './resources.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from './run.ts';
import type { SimulatorReport, SimulatorWorkerData } from './worker.ts';

const RESOURCES = new URL('../../resources', import.meta.url).pathname;
const resources = loadDemoResources(RESOURCES);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Broker {
  readonly url: string;
  readonly port: number;
  readonly messages: { readonly topic: string; readonly payload: Buffer; readonly retain: boolean; readonly client: string | undefined }[];
  readonly refused: string[];
  readonly aedes: Aedes;
  publish(topic: string, value: unknown): void;
  stop(): Promise<void>;
}

/** An embedded broker with the rules of the product: a unit signs in with its Device ID and publishes below it only. */
async function broker(port = 0): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const messages: Broker['messages'] = [];
  const refused: string[] = [];
  aedes.authenticate = (client, username, password, done) => {
    (client as { user?: string }).user = username;
    done(null, password?.toString() === 'secret' && (username === client.id || username === 'gateway'));
  };
  aedes.authorizePublish = (client, packet, done) => {
    const user = (client as { user?: string } | null)?.user;
    const [, , , device, suffix, , last] = packet.topic.split('/');
    const allowed = (user === 'gateway' || user === device) && (suffix !== 'cmd' || last === 'ack');
    if (!allowed) refused.push(packet.topic);
    done(allowed ? null : new Error('not allowed'));
  };
  aedes.on('publish', (packet, client) => {
    if (packet.topic.startsWith('evf/')) messages.push({ topic: packet.topic, payload: packet.payload as Buffer, retain: packet.retain, client: client?.id });
  });
  const server: Server = createServer(aedes.handle);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  let open = true;
  const stop = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await new Promise<void>((resolve) => aedes.close(resolve));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  cleanups.push(stop);
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `mqtt://127.0.0.1:${actual}`, port: actual, messages, refused, aedes, stop,
    publish: (topic, value) => aedes.publish({ cmd: 'publish', topic, payload: Buffer.from(JSON.stringify(value)), qos: 1, retain: false, dup: false } as PublishPacket, () => undefined),
  };
}

function start(url: string, more: Partial<SimulatorOptions> = {}): Simulator {
  const simulator = startSimulator({
    brokerUrl: url, vehicles: 8, seed: 's', resources, clock: systemClock, scheduler: systemScheduler, rng: systemRng, log: SILENT_LOG, interval: 500,
    credentialsFor: (deviceId) => ({ username: deviceId, password: 'secret' }), ...more,
  });
  cleanups.push(() => simulator.stop());
  return simulator;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2400; i++) {
    if (holds()) return;
    await delay(50);
  }
  throw new Error(`waited in vain until ${what}`);
}

const suffixes = (b: Broker): Set<string> => new Set(b.messages.map(({ topic }) => topic.split('/').slice(4).join('/').replace(/^cmd\/[^/]+/, 'cmd/+')));
const stateOf = (b: Broker, device: string): boolean | undefined => {
  const last = b.messages.filter(({ topic }) => topic === `evf/1/demo/${device}/state`).at(-1);
  return last && (JSON.parse(last.payload.toString()) as { on: boolean }).on;
};

describe('the demo fleet at a broker', () => {
  it('publishes under each unit’s own name only, with retained state and description', async () => {
    const b = await broker();
    const simulator = start(b.url);
    const { units } = simulator.statistics();
    await until('every unit has sent position and bus', () => new Set(b.messages.filter(({ topic }) => topic.endsWith('/sig')).map(({ client }) => client)).size === units && b.messages.some(({ topic }) => topic.endsWith('/can')));
    expect(simulator.statistics()).toMatchObject({ units, connected: units, problem: undefined });
    expect(b.refused).toEqual([]);
    expect(b.messages.every(({ topic, client }) => client !== undefined && topic.startsWith(`evf/1/demo/${client}/`))).toBe(true);
    expect(b.messages.filter(({ topic }) => topic.endsWith('/state') || topic.endsWith('/meta')).every(({ retain }) => retain)).toBe(true);
    expect([...suffixes(b)]).toEqual(expect.arrayContaining(['state', 'meta', 'can', 'sig']));
  });

  it('leaves with states that say so', async () => {
    const b = await broker();
    const simulator = start(b.url);
    await until('all are there', () => simulator.statistics().connected === simulator.statistics().units);
    const devices = [...new Set(b.messages.map(({ topic }) => topic.split('/')[3] as string))];
    await simulator.stop();
    await until('the wills are out', () => devices.every((device) => stateOf(b, device) === false));
  });

  it('answers commands on the unit’s own topic', async () => {
    const b = await broker();
    const simulator = start(b.url);
    await until('all are there', () => simulator.statistics().connected === simulator.statistics().units);
    const device = b.messages[0]?.topic.split('/')[3] as string;
    b.publish(`evf/1/demo/${device}/cmd/c1`, { v: 1, id: 'c1', t: Date.now(), exp: Date.now() + 30_000, cmd: 'locate', args: {}, cond: {} });
    const acks = (): string[] => b.messages.filter(({ topic }) => topic === `evf/1/demo/${device}/cmd/c1/ack`).map(({ payload }) => (JSON.parse(payload.toString()) as { st: string }).st);
    await until('the command is done', () => acks().includes('done'));
    expect(acks()).toEqual(['delivered', 'accepted', 'done']);
  });

  it('keeps driving while the broker is away and sends late what it kept, without a number lost', async () => {
    const first = await broker();
    const simulator = start(first.url, { mode: 'json', vehicles: 1 });
    await until('messages flow', () => first.messages.filter(({ topic }) => topic.endsWith('/sig')).length > 3);
    const numbers = (b: Broker): { seq: number; buf: number }[] => b.messages.filter(({ topic }) => !topic.endsWith('/state')).map(({ payload }) => JSON.parse(payload.toString()) as { seq: number; buf: number });
    await first.stop();
    await until('the loss is noticed', () => simulator.statistics().connected === 0 && simulator.statistics().problem !== undefined);
    expect(simulator.statistics().problem).toBe('Nothing answers at this address and port.');
    const second = await broker(first.port);
    await until('late messages arrive', () => numbers(second).some(({ buf }) => buf === 1) && numbers(second).some(({ buf }) => buf === 0));
    const lost = (): number[] => {
      const seen = new Set([...numbers(first), ...numbers(second)].map(({ seq }) => seq));
      return [...Array(Math.max(...seen) + 1).keys()].filter((seq) => !seen.has(seq));
    };
    await until('no number is missing', () => lost().length === 0);
  });

  it('can begin with a past, sent late, and goes on live from there', async () => {
    const b = await broker();
    const began = Date.now();
    const simulator = start(b.url, { vehicles: 3, mode: 'sig', backlogHours: 2 });
    const sigs = (): { t0: number; buf: number }[] => b.messages.filter(({ topic }) => topic.endsWith('/sig')).map(({ payload }) => JSON.parse(payload.toString()) as { t0: number; buf: number });
    await until('both late and live messages have come', () => sigs().filter(({ buf }) => buf === 0).length > 5 && sigs().some(({ t0 }) => t0 < began - 110 * 60_000) && simulator.statistics().late > 200);
    for (const { t0, buf } of sigs()) if (t0 < began - 60_000) expect(buf).toBe(1);
    expect(simulator.statistics().dropped).toBe(0);
  });

  it('says that it is refused', async () => {
    const b = await broker();
    const simulator = start(b.url, { credentialsFor: (deviceId) => ({ username: deviceId, password: 'wrong' }) });
    await until('the refusal is known', () => simulator.statistics().problem !== undefined);
    expect(simulator.statistics().problem).toBe('The broker refuses this user name or password.');
    expect(b.messages).toEqual([]);
  });

  it('drives 500 vehicles over one connection, each with state and description', async () => {
    const b = await broker();
    const simulator = start(b.url, { vehicles: 500, connections: 'shared', gateway: { credentials: { username: 'gateway', password: 'secret' } }, interval: 2000 });
    const { units } = simulator.statistics();
    const devicesWith = (suffix: string): number => new Set(b.messages.filter(({ topic }) => topic.endsWith(`/${suffix}`)).map(({ topic }) => topic.split('/')[3])).size;
    await until('every unit is known', () => devicesWith('state') === units && devicesWith('meta') === units);
    await until('most have reported', () => devicesWith('sig') > units * 0.9);
    expect(new Set(b.messages.map(({ client }) => client)).size).toBe(1);
    const device = b.messages[0]?.topic.split('/')[3] as string;
    b.publish(`evf/1/demo/${device}/cmd/c9`, { v: 1, id: 'c9', t: Date.now(), exp: Date.now() + 30_000, cmd: 'regen', args: { value: 0 }, cond: {} });
    await until('it answers for one of them', () => b.messages.some(({ topic, payload }) => topic === `evf/1/demo/${device}/cmd/c9/ack` && payload.toString().includes('done')));
    await simulator.stop();
    expect(stateOf(b, device)).toBe(false);
  });
});

describe('the simulator’s worker', () => {
  it('reports, keeps its memory for the next run, and stops when told', async () => {
    const b = await broker();
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const memoryFile = join(folder, 'simulator.json');
    const workerData: SimulatorWorkerData = { brokerUrl: b.url, vehicles: 4, seed: 7, resourcesFolder: RESOURCES, unitPassword: 'secret', memoryFile, interval: 500 };
    const worker = new Worker(new URL('../workers/simulator.ts', import.meta.url), { workerData, stderr: true });
    cleanups.push(() => worker.terminate());
    const reports: SimulatorReport[] = [];
    const ended = new Promise<number>((resolve) => worker.once('exit', resolve));
    let stopped = false;
    worker.on('message', (message: SimulatorReport | { kind: 'stopped' }) => {
      if (message.kind === 'stopped') stopped = true;
      else reports.push(message);
    });
    await until('it reports messages', () => (reports.at(-1)?.statistics.messages ?? 0) > 5);
    expect(reports.at(-1)?.statistics.connected).toBe(reports.at(-1)?.statistics.units);
    worker.postMessage({ kind: 'stop' });
    await ended;
    expect(stopped).toBe(true);
    const memory = loadMemory(memoryFile, 7);
    expect(Object.keys(memory ?? {}).length).toBe(reports[0]?.statistics.units);
    expect(loadMemory(memoryFile, 8)).toBeUndefined();
    expect(readFileSync(memoryFile, 'utf8')).toContain('"version":1');
  });
});
