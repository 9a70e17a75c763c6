import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { contract, type AppContract, type ItemOf } from '#shared/contract/index.ts';
import { createLogReader } from '#shared/domain/telemetry/logs/reader.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { createClient, type ChannelClient } from '#shared/rpc/client.ts';
import { memoryChannelPair } from '#shared/rpc/memory.ts';
import { DEMO_SIGN_IN } from '../access/demo-users.ts';
import { createCore } from '../app/create-core.ts';
import type { Core } from '../app/deps.ts';

let core: Core | undefined;
const folder = mkdtempSync(join(tmpdir(), 'command-center-can-'));
const RESOURCES = join(import.meta.dirname, '../../../resources');
afterEach(async () => {
  await core?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(simulate: boolean): Promise<ChannelClient<AppContract>> {
  core = await createCore({
    clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG,
    secrets: { kind: 'memory', get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    version: '0.0.0', brand: { name: 'Test', shortName: 'T', accentLight: '#000000', accentDark: '#ffffff' },
    workspace: 'demo', dataFolder: folder, resourcesFolder: RESOURCES, workerEntry: (name) => new URL(`../../workers/${name}.ts`, import.meta.url),
    nodeId: '018f0000-0000-7000-8000-000000000001', timeZone: 'Asia/Kolkata', demo: { vehicles: 12, seed: 3, simulate },
    openWorkspace: () => Promise.resolve(),
  } as Parameters<typeof createCore>[0]);
  const [mine, theirs] = memoryChannelPair();
  core.connect(theirs, { address: 'test' });
  const client = createClient(contract, mine);
  await client.call('auth.signIn', DEMO_SIGN_IN);
  return client;
}

function until<K extends 'can.trace' | 'can.record'>(client: ChannelClient<AppContract>, name: K, input: Parameters<typeof client.open<K>>[1], meets: (item: ItemOf<K>) => boolean): Promise<ItemOf<K>> {
  return new Promise((resolve, reject) => {
    const stream = client.open(name, input, {
      onItem: (item) => {
        if (!meets(item as ItemOf<K>)) return;
        stream.dispose();
        resolve(item as ItemOf<K>);
      },
      onError: reject,
    });
  });
}

it('shows the frames of a unit, records them, decodes by another file at once, and keeps parameters for the next start', async () => {
  const client = await open(true);
  const busy = async () => (await client.call('can.units', { unknownOnly: false, offset: 0, limit: 50 })).units.filter((unit) => unit.frames > 60 && unit.buses.some((bus) => bus.dbc !== undefined)).sort((a, b) => b.frames - a.frames)[0];
  await expect.poll(busy, { timeout: 30_000 }).toBeDefined();
  const { deviceId, buses, model } = (await busy())!;
  const hash = buses[0]!.dbc!.hash;

  const trace = await until(client, 'can.trace', { deviceId }, (item) => item.id.length > 0);
  expect(trace.end.at(-1)).toBe(trace.data.length);
  const { content, parameters } = await client.call('can.database', { hash });
  expect(parameters.length).toBeGreaterThan(20);

  const recorded = until(client, 'can.record', { deviceId, format: 'candump' }, (item) => {
    if (item.state === 'recording' && item.frames > 50) void client.call('can.stopRecording', { recordingId: item.recordingId }).catch(() => undefined);
    return item.state === 'ready';
  });
  const { url, frames } = await recorded;
  const file = core!.takeDownload(url!.split('/').at(-1)!)!;
  let read = 0;
  const reader = createLogReader(() => read++);
  reader.push(readFileSync(file.path));
  expect(reader.end()).toMatchObject({ format: 'candump', malformed: 0 });
  expect(read).toBe(frames);

  // A corrected version: another scale of the speed. The unit is decoded by it as soon as its model says so.
  const text = new TextDecoder().decode(content);
  const corrected = new TextEncoder().encode(`${text}\nCM_ "corrected";\n`);
  const checked = await client.call('dbc.check', { fileName: buses[0]!.dbc!.fileName!, content: corrected });
  expect(checked).toMatchObject({ known: false, comparedWith: { hash }, missingSignals: [] });
  const added = await client.call('dbc.add', { fileName: buses[0]!.dbc!.fileName!, content: corrected });
  await expect(client.call('dbc.add', { fileName: 'again.dbc', content: corrected })).rejects.toMatchObject({ code: 'not-unique' });
  await expect(client.call('dbc.add', { fileName: 'notes.txt', content: new TextEncoder().encode('hello') })).rejects.toMatchObject({ code: 'refused' });
  const { models } = await client.call('dbc.list', {});
  const { modelId, revision, dbc } = models.find(({ name }) => name === model)!;
  await client.call('dbc.assign', { modelId, revision, dbc: dbc.map((entry) => ({ ...entry, hash: added.hash })) });
  await expect(client.call('dbc.assign', { modelId, revision, dbc })).rejects.toMatchObject({ code: 'stale' });
  await expect(client.call('dbc.remove', { hash: added.hash })).rejects.toMatchObject({ code: 'refused' });
  await expect.poll(async () => (await client.call('can.units', { search: deviceId, unknownOnly: false, offset: 0, limit: 1 })).units[0]?.buses[0]?.dbc?.hash, { timeout: 20_000 }).toBe(added.hash);

  const { nextNumber } = await client.call('parameters.list', {});
  await client.call('parameters.save', { values: { number: nextNumber, key: 'seatLock', label: 'Seat lock', unitGroup: 'VCU', kind: 'flag', decimals: 0, deadBand: 0, storagePeriod: 60_000, choices: { 0: 'Open', 1: 'Locked' } } });
  await expect(client.call('parameters.save', { values: { number: nextNumber + 1, key: 'soc', label: 'Second charge', unitGroup: 'BMS', kind: 'number', decimals: 0, deadBand: 0, storagePeriod: 60_000 } })).rejects.toMatchObject({ code: 'invalid-input' });
  expect(await client.call('parameters.list', {})).toMatchObject({ pending: 1 });
  await core!.stop();
  const again = await open(false);
  expect(await again.call('parameters.list', {})).toMatchObject({ pending: 0, nextNumber: nextNumber + 1 });
  expect((await again.call('catalogue.parameters', {})).parameters.find(({ key }) => key === 'seatLock')).toMatchObject({ number: nextNumber, label: 'Seat lock' });
  expect((await again.call('dbc.list', {})).files.find((entry) => entry.hash === added.hash)).toMatchObject({ source: 'installation', usedBy: [{ modelId }] });
}, 90_000);
