import { createServer } from 'node:net';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import type { Session } from '#shared/contract/auth.ts';
import { contract, type AppContract, type ItemOf } from '#shared/contract/index.ts';
import { STATUS_CODE } from '#shared/domain/fleet/status.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { createClient, type ChannelClient } from '#shared/rpc/client.ts';
import { memoryChannelPair } from '#shared/rpc/memory.ts';
import { appCode } from '#shared/testing/access-fixture.ts';
import { DEMO_SIGN_IN } from '../access/demo-users.ts';
import { createCore } from './create-core.ts';
import type { Core, CoreDeps } from './deps.ts';

const cores: Core[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) await core.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'command-center-core-'));
  folders.push(path);
  return path;
}

/** Makes the first administrator of a local workspace, with the second factor that it asks for. */
async function firstAdministrator(client: ChannelClient<AppContract>): Promise<Session> {
  const { token } = await client.call('auth.createFirstUser', { email: 'asha@workshop.example', name: 'Asha', password: 'marigold lorry 7' });
  const { secret } = await client.call('auth.beginSecondFactor', {});
  await client.call('auth.confirmSecondFactor', { code: appCode(secret, systemClock.now()) });
  return client.call('auth.resume', { token });
}

function deps(dataFolder: string, options: Partial<CoreDeps> = {}): CoreDeps {
  const secrets = new Map<string, string>();
  return {
    clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG,
    secrets: { kind: 'memory', get: (name) => Promise.resolve(secrets.get(name)), set: (name, value) => Promise.resolve(void (value === undefined ? secrets.delete(name) : secrets.set(name, value))) },
    version: '0.0.0',
    brand: { name: 'Test', shortName: 'T', accentLight: '#000000', accentDark: '#ffffff' },
    workspace: 'demo',
    dataFolder,
    resourcesFolder: join(import.meta.dirname, '../../../resources'),
    workerEntry: (name) => new URL(`../../workers/${name}.ts`, import.meta.url),
    nodeId: '018f0000-0000-7000-8000-000000000001',
    timeZone: 'Asia/Kolkata',
    demo: { vehicles: 20, seed: 3, simulate: true },
    ...options,
  };
}

async function start(options: CoreDeps): Promise<Core> {
  const core = await createCore(options);
  cores.push(core);
  return core;
}

function connect(core: Core): ChannelClient<AppContract> {
  const [mine, theirs] = memoryChannelPair();
  core.connect(theirs, { address: 'test' });
  return createClient(contract, mine);
}

/** The first item of a stream that meets the condition. */
function first<K extends 'fleet.live' | 'app.status' | 'intake.summary' | 'fleet.export'>(client: ChannelClient<AppContract>, name: K, input: Parameters<typeof client.open<K>>[1], meets: (item: ItemOf<K>) => boolean): Promise<ItemOf<K>> {
  return new Promise((resolve, reject) => {
    const stream = client.open(name, input, {
      onItem(item) {
        if (!meets(item as ItemOf<K>)) return;
        stream.dispose();
        resolve(item as ItemOf<K>);
      },
      onError: reject,
    });
  });
}

async function listens(port: number): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'unit-1', username: 'unit-1', password: 'x', connectTimeout: 3000 });
  await client.endAsync();
}

describe('the core on the demo workspace', () => {
  it('seeds the fleet, hears it over MQTT, and shows the six statuses that add up', async () => {
    const core = await start(deps(folder()));
    const client = connect(core);
    const info = await client.call('app.info', {});
    expect(info.demoSignIn).toEqual({ ...DEMO_SIGN_IN });
    await client.call('auth.signIn', DEMO_SIGN_IN);
    const directory = await client.call('fleet.directory', {});
    expect(directory.vehicles).toHaveLength(20);
    const columns = new Map<number, number>();
    await first(client, 'fleet.live', {}, (frame) => {
      frame.slot.forEach((slot, i) => columns.set(slot, frame.status[i]!));
      return [...columns.values()].filter((status) => status === STATUS_CODE.moving).length >= 2;
    });
    expect(columns.size).toBe(20);
    const list = await client.call('fleet.list', { filter: {}, offset: 0, limit: 100 });
    expect(list.total).toBe(20);
    const counts = await Promise.all((['moving', 'stopped', 'ignition-off', 'charging', 'offline', 'not-communicating'] as const).map(async (status) => (await client.call('fleet.list', { filter: { status }, offset: 0, limit: 1 })).total));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    const moving = list.rows.find((row) => row.cells['status'] === 'Moving')!;
    const details = await client.call('vehicle.get', { vehicleId: moving.vehicleId });
    expect(details.groups.map((group) => group.title)).toContain('Customer details');
    // Shown from memory first, stored a moment later; some of the demo's units begin with what they recorded yesterday.
    const stored = async (): Promise<number> => {
      const now = Date.now();
      const { rows } = await client.call('fleet.list', { filter: { status: 'moving' }, offset: 0, limit: 100 });
      const answers = await Promise.all(rows.map(({ vehicleId }) => client.call('vehicle.history', { vehicleId, parameters: [128, 258], from: now - 60_000, to: now, maxPoints: 100 })));
      return answers.filter(({ series }) => series[0]!.time.length > 0).length;
    };
    await expect.poll(stored, { timeout: 120_000 }).toBeGreaterThan(0);
  });

  it('gives the live report only to those whose MIS role is ADMIN', async () => {
    const core = await start(deps(folder(), { demo: { vehicles: 2, seed: 3, simulate: false } }));
    const parametersFor = async (email: string): Promise<unknown> => {
      const client = connect(core);
      await client.call('auth.signIn', { email, password: DEMO_SIGN_IN.password });
      const { vehicleId } = (await client.call('fleet.directory', {})).vehicles[0]!;
      return new Promise((resolve) => client.open('mis.liveParameters', { vehicleId }, { onItem: ({ parameter }) => resolve(parameter), onError: (error) => resolve((error as { code?: string }).code) }));
    };
    expect(await parametersFor(DEMO_SIGN_IN.email)).toBeInstanceOf(Uint16Array);
    expect(await parametersFor('operation@commandcenter.example')).toBe('forbidden');
  });

  it('has the last state at once after a restart without a broker message', async () => {
    const dataFolder = folder();
    const core = await start(deps(dataFolder));
    const client = connect(core);
    await client.call('auth.signIn', DEMO_SIGN_IN);
    await first(client, 'intake.summary', {}, (item) => (item.counters.find((counter) => counter.key === 'received')?.value ?? 0) > 60);
    const known = async (from: ChannelClient<AppContract>): Promise<string[]> => {
      const { rows } = await from.call('fleet.list', { filter: {}, offset: 0, limit: 100 });
      return rows.filter((row) => typeof row.cells['soc'] === 'number' && typeof row.cells['latitude'] === 'number').map((row) => row.vehicleId);
    };
    await expect.poll(async () => (await known(client)).length, { timeout: 30_000 }).toBeGreaterThan(8);
    const before = await known(client);
    cores.splice(cores.indexOf(core), 1);
    await core.stop();
    const again = connect(await start(deps(dataFolder, { demo: { vehicles: 20, seed: 3, simulate: false } })));
    await again.call('auth.signIn', DEMO_SIGN_IN);
    expect(await known(again)).toEqual(expect.arrayContaining(before));
  });

  it('lets a B2B user see its customer alone, and an Operation user change no setting', async () => {
    const core = await start(deps(folder(), { demo: { vehicles: 20, seed: 3, simulate: false } }));
    const b2b = connect(core);
    await b2b.call('auth.signIn', { email: 'b2b@commandcenter.example', password: DEMO_SIGN_IN.password });
    const all = connect(core);
    await all.call('auth.signIn', DEMO_SIGN_IN);
    const mine = await b2b.call('fleet.directory', {});
    const whole = await all.call('fleet.directory', {});
    expect(mine.customers).toHaveLength(1);
    expect(mine.vehicles.length).toBeLessThan(whole.vehicles.length);
    const foreign = whole.vehicles.find((vehicle) => vehicle.customerId !== mine.customers[0]!.customerId)!;
    await expect(b2b.call('vehicle.get', { vehicleId: foreign.vehicleId })).rejects.toMatchObject({ code: 'not-found' });
    await expect(b2b.call('settings.get', {})).rejects.toMatchObject({ code: 'forbidden' });
    const operation = connect(core);
    await operation.call('auth.signIn', { email: 'operation@commandcenter.example', password: DEMO_SIGN_IN.password });
    await expect(operation.call('settings.setEmbedded', { embedded: { lan: false, port: 0 } })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('exports what the grid shows, typed, for one download', async () => {
    const core = await start(deps(folder(), { demo: { vehicles: 20, seed: 3, simulate: false } }));
    const client = connect(core);
    await client.call('auth.signIn', DEMO_SIGN_IN);
    const done = await first(client, 'fleet.export', { filter: {}, columns: ['vin', 'status', 'soc', 'purchaseDate'], timeZone: 'Asia/Kolkata' }, (item) => item.state === 'ready');
    const token = done.url!.split('/').at(-1)!;
    const file = core.takeDownload(token)!;
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(file.path);
    const sheet = book.worksheets[0]!;
    expect(sheet.rowCount).toBe(21);
    expect(sheet.getCell(2, 4).value).toBeInstanceOf(Date);
    expect(core.takeDownload(token)).toBeUndefined();
  });

  it('says in words that a broker cannot be reached, and asks for a password before the network may reach its own', async () => {
    const client = connect(await start(deps(folder(), { demo: { vehicles: 2, seed: 3, simulate: false } })));
    await client.call('auth.signIn', DEMO_SIGN_IN);
    const broker = { kind: 'external', url: 'mqtt://127.0.0.1:1', topicPrefix: 'evf/1', fleet: '+', protocolVersion: 4, rejectUnauthorized: true } as const;
    const test = await client.call('settings.testBroker', { broker, secrets: {} });
    expect(test.ok).toBe(false);
    expect(test.text).not.toMatch(/ECONN|undefined/);
    await expect(client.call('settings.setEmbedded', { embedded: { lan: true, port: 0 } })).rejects.toMatchObject({ code: 'refused' });
    await client.call('settings.setBroker', { broker, secrets: {} });
    const status = await first(client, 'app.status', {}, (item) => item.broker.kind === 'external' && item.broker.state !== 'connected');
    expect(status.broker.address).toBe('127.0.0.1:1');
    await client.call('settings.setBroker', { broker: { ...broker, kind: 'embedded' }, secrets: {} });
    await first(client, 'app.status', {}, (item) => item.broker.kind === 'embedded' && item.broker.state === 'connected');
  });
});

describe('the core on a local workspace', () => {
  it('makes the first administrator, then nobody else', async () => {
    const client = connect(await start(deps(folder(), { workspace: 'local' })));
    expect(await client.call('app.info', {})).toMatchObject({ needsFirstUser: true, workspace: 'local' });
    const session = await firstAdministrator(client);
    expect(session.user.roleLabel).toBe('Super Admin');
    expect((await client.call('app.info', {})).needsFirstUser).toBe(false);
    await expect(client.call('auth.createFirstUser', { email: 'b@workshop.example', name: 'B', password: 'marigold lorry 8' })).rejects.toMatchObject({ code: 'refused' });
    expect((await client.call('fleet.directory', {})).vehicles).toEqual([]);
  });

  it('takes another port and says so where the usual one is taken', async () => {
    // Another broker on this machine may have taken it already.
    const taken = createServer().listen(1883, '127.0.0.1');
    await new Promise<void>((resolve, reject) => taken.once('listening', resolve).once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve() : reject(error))));
    try {
      const client = connect(await start(deps(folder(), { workspace: 'local' })));
      await firstAdministrator(client);
      const status = await first(client, 'app.status', {}, (item) => item.notices.some(({ id }) => id === 'embedded-port'));
      expect(status.notices.find(({ id }) => id === 'embedded-port')).toMatchObject({ severity: 'high' });
      const { embedded } = await client.call('settings.get', {});
      expect(embedded.actualPort).not.toBe(1883);
      await listens(embedded.actualPort!);
    } finally {
      taken.close();
    }
  });

  it('does not offer the first administrator anew where the database was emptied', async () => {
    const dataFolder = folder();
    const core = await start(deps(dataFolder, { workspace: 'local' }));
    await connect(core).call('auth.createFirstUser', { email: 'asha@workshop.example', name: 'Asha', password: 'marigold lorry 7' });
    await core.stop();
    truncateSync(join(dataFolder, 'operations.db'));
    await expect(createCore(deps(dataFolder, { workspace: 'local' }))).rejects.toMatchObject({ code: 'store-corrupt', message: expect.stringContaining('is empty') as string });
    expect(statSync(join(dataFolder, 'operations.db')).size).toBe(0);
  });

  it('makes no telemetry store in a new workspace before the operations store has content, and starts anew on what a killed first start left', async () => {
    const dataFolder = folder();
    const ended = deps(dataFolder, { workspace: 'local', workerEntry: (name) => (name === 'operations-writer' ? new URL('data:text/javascript,process.exit(1)') : deps(dataFolder).workerEntry(name)) });
    await expect(createCore(ended)).rejects.toThrow(/ended while starting/);
    expect(readdirSync(dataFolder)).toEqual([]);
    writeFileSync(join(dataFolder, 'operations.db'), '');
    const core = await start(deps(dataFolder, { workspace: 'local' }));
    await connect(core).call('auth.createFirstUser', { email: 'asha@workshop.example', name: 'Asha', password: 'marigold lorry 7' });
  });

  it('opens no damaged store and leaves it as it is', async () => {
    const dataFolder = folder();
    for (const file of ['operations.db', 'telemetry.db']) {
      writeFileSync(join(dataFolder, file), 'this is no database, however long one looks at it'.repeat(100));
      const size = statSync(join(dataFolder, file)).size;
      await expect(createCore(deps(dataFolder, { workspace: 'local' }))).rejects.toMatchObject({ code: 'store-corrupt' });
      expect(statSync(join(dataFolder, file)).size).toBe(size);
      rmSync(join(dataFolder, file));
    }
  });
});
