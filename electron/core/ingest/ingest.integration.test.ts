import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCatalogue, PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import { encodeSignals, encodeState, type SignalBatch } from '#shared/domain/telemetry/wire/index.ts';
import { FleetState, takeSnapshot } from '#shared/domain/telemetry/state/index.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { EmbeddedReceiver } from '../mqtt/embedded-receiver.ts';
import { SqliteHistoryStore } from '../store/telemetry/sqlite-store.ts';
import { createIngest, type Ingest, type IngestDeps } from './create-ingest.ts';
import { DirectReceiver } from './direct-receiver.ts';

const catalogue = createCatalogue();
const entry = (name: string): URL => new URL(`../../workers/${name}.ts`, import.meta.url);
const text = new TextEncoder();

let folder = '';
const open: Ingest[] = [];
const clients: MqttClient[] = [];
const raised = new Map<string, string>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingest-'));
  raised.clear();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  for (const ingest of open.splice(0)) await ingest.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(more: Partial<IngestDeps> = {}): Promise<{ ingest: Ingest; state: FleetState }> {
  const state = new FleetState();
  const ingest = await createIngest({
    clock: systemClock,
    rng: systemRng,
    scheduler: systemScheduler,
    log: SILENT_LOG,
    workerEntry: entry,
    dataFolder: folder,
    topicPrefix: 'evf/1',
    catalogue,
    resolveBus: () => undefined,
    describe: () => undefined,
    state,
    notices: { raise: (id, _severity, words) => void raised.set(id, words), clear: (id) => void raised.delete(id) },
    retention: { hours: 24 * 30, rawHours: 24 * 7 },
    ballastBytes: 0,
    ...more,
  });
  open.push(ingest);
  return { ingest, state };
}

async function direct(ingest: Ingest): Promise<DirectReceiver> {
  const receiver = new DirectReceiver(systemClock);
  await ingest.receive(receiver);
  return receiver;
}

const T0 = Date.now();
const sig = (seq: number, values: SignalBatch['values'], over: Partial<SignalBatch> = {}): Uint8Array => encodeSignals({ boot: 1, seq, up: 100, t0: T0 + seq, values, ...over });

async function stopped(ingest: Ingest): Promise<void> {
  open.splice(open.indexOf(ingest), 1);
  await ingest.stop();
}

describe('the way from broker to store', () => {
  test('a message shows in the live fleet at once, is stored, and its acknowledgement follows the commit', async () => {
    const { ingest, state } = await start();
    const receiver = await direct(ingest);
    receiver.deliver('evf/1/f/unit-1/sig', sig(1, [[0, 'soc', 81], [0, 'packVoltage', 51.2]]), { qos: 1 });
    const slot = state.slotOf(unitIdOf('unit-1')) ?? -1;
    expect(state.value(slot, PARAMETER.soc)).toBe(81);
    expect(receiver.open.size).toBe(1);
    receiver.settle();
    await ingest.pipeline.queue.drain();
    expect(receiver.open.size).toBe(0);
    const { series } = await ingest.history.read({ unitId: unitIdOf('unit-1'), parameters: [PARAMETER.soc, PARAMETER.packVoltage], from: T0 - 1000, to: T0 + 1000, maxPoints: 10 });
    expect(series.map(({ time, value }) => [[...time], [...value]])).toEqual([[[T0 + 1], [81]], [[T0 + 1], [51.2]]]);
  });

  test('what a receiver read past is acknowledged, counted at its unit with the reason, and said', async () => {
    const { ingest } = await start();
    const receiver = await direct(ingest);
    ingest.pipeline.skipped('evf/1/f/unit-1/can', 'too-large', 2_000_000, T0, 0);
    ingest.pipeline.skipped('elsewhere', 'qos-2', 30, T0, 0);
    const token = receiver.skip('evf/1/f/unit-1/can', 'too-large', 300_000);
    receiver.settle();
    await ingest.pipeline.queue.drain();
    expect([token > 0, receiver.open.size]).toEqual([true, 0]);
    expect(ingest.pipeline.counters).toMatchObject({ received: 3, rejected: 3, skipped: 3, committed: 0 });
    expect(ingest.devices({ problemsOnly: true, offset: 0, limit: 10 }).devices).toMatchObject([{ deviceId: 'unit-1', messages: 2, malformed: 2, lastReason: 'The payload is larger than this console accepts.' }]);
    expect(ingest.samples('unit-1')[0]).toMatchObject({ topic: 'evf/1/f/unit-1/can', bytes: expect.any(Number) as unknown, reason: 'The payload is larger than this console accepts.' });
    await vi.waitFor(() => expect(raised.get('messages-skipped')).toMatch(/size or QoS.*evf\/1\/f\/unit-1\/can/), { timeout: 5000 });
  });

  test('a unit that is heard for the first time is registered and stays known', async () => {
    const { ingest } = await start();
    const receiver = await direct(ingest);
    receiver.deliver('evf/1/f/unit-1/sig', sig(1, [[0, 'soc', 81]]));
    receiver.deliver('evf/1/f/unit-2/sig', sig(1, [[0, 'soc', 82]]));
    await stopped(ingest);
    const again = await start();
    expect(again.ingest.devices({ problemsOnly: false, offset: 0, limit: 10 }).devices.map((device) => device.deviceId)).toEqual(['unit-1', 'unit-2']);
  });

  test('what was seen is not stored twice, not even after a restart, and is acknowledged', async () => {
    const first = await start();
    const payloads = Array.from({ length: 50 }, (_, i) => sig(i, [[0, 'soc', i]]));
    const unnumbered = Array.from({ length: 5 }, (_, i) => text.encode(`{"v":1,"t0":${T0 + i},"s":[[0,"soc",${i}]]}`));
    const deliver = (receiver: DirectReceiver): void => {
      for (const payload of payloads) receiver.deliver('evf/1/f/unit-1/sig', payload, { qos: 1 });
      for (const payload of unnumbered) receiver.deliver('evf/1/f/unit-2/sig', payload, { qos: 1 });
    };
    const receiver = await direct(first.ingest);
    deliver(receiver);
    deliver(receiver);
    await first.ingest.pipeline.queue.drain();
    expect(first.ingest.store.writer.last).toBe(55);
    await stopped(first.ingest);
    const second = await start();
    const again = await direct(second.ingest);
    deliver(again);
    await second.ingest.pipeline.queue.drain();
    expect([second.ingest.store.writer.last, again.open.size, second.ingest.pipeline.counters.duplicates]).toEqual([55, 0, 55]);
  });

  test.each([true, false])('the live fleet is the same after a restart (from a snapshot: %s)', async (orderly) => {
    const first = await start();
    const receiver = await direct(first.ingest);
    for (let i = 0; i < 400; i++) {
      const device = `unit-${i % 7}`;
      receiver.deliver(`evf/1/f/${device}/sig`, sig(i, [[0, 'soc', 50 + (i % 3) / 1000], [0, 'lat', 12 + i / 1e5], [0, 'lon', 77], [0, 'firmware', `V${i % 4}`], [0, 'ignition', i % 2]]));
      if (i % 50 === 0) receiver.deliver(`evf/1/f/${device}/state`, encodeState({ on: i % 100 === 0, t: T0, boot: 1 }));
    }
    receiver.deliver('ovms/user/car-1/metric/v/b/soc', text.encode('77'));
    await first.ingest.pipeline.queue.drain();
    first.state.evaluate(T0);
    const before = takeSnapshot(first.state);
    // Not orderly: the store is closed as it is, without the snapshot that an orderly stop takes.
    if (orderly) await stopped(first.ingest);
    else {
      open.splice(0);
      await first.ingest.store.close();
    }
    const second = await start();
    second.state.evaluate(T0);
    expect(takeSnapshot(second.state)).toEqual(before);
    expect(second.ingest.recovered.messages > 0).toBe(!orderly);
    if (!orderly) await first.ingest.receiver?.stop();
  });

  test('without a snapshot the live fleet shows what was stored last, also when that is sealed and gone from the log', async () => {
    const first = await start();
    const receiver = await direct(first.ingest);
    for (let i = 0; i < 30; i++) receiver.deliver(`evf/1/f/unit-${i % 3}/sig`, sig(i, [[0, 'soc', 50 + i], [0, 'ignition', i % 2]]));
    await first.ingest.pipeline.queue.drain();
    await stopped(first.ingest);
    const store = new SqliteHistoryStore(join(folder, 'telemetry.db'), { rng: systemRng });
    expect((await store.seal(T0 + 48 * 3_600_000)).messages).toBe(30);
    await store.drop({ before: 0, appliedThrough: 1e9 });
    store.log.saveSnapshot('ingest', { sequence: 30, data: Uint8Array.of(1) }, T0);
    store.close();
    const { ingest, state } = await start();
    expect(ingest.recovered.messages).toBe(0);
    await ingest.recalled;
    for (const unit of [0, 1, 2]) expect(state.value(state.slotOf(unitIdOf(`unit-${unit}`)) ?? -1, PARAMETER.soc)).toBe(50 + 27 + unit);
    // What is known of its numbers, too: the same message again is none.
    const again = await direct(ingest);
    again.deliver('evf/1/f/unit-2/sig', sig(29, [[0, 'soc', 1]]));
    await ingest.pipeline.queue.drain();
    expect([ingest.pipeline.counters.duplicates, ingest.store.writer.last]).toEqual([1, 30]);
  });

  test('malformed messages and unknown topics are counted, shown with their reason, kept as samples, acknowledged, never thrown', async () => {
    const { ingest } = await start();
    const receiver = await direct(ingest);
    const bad: [string, Uint8Array][] = [
      ['evf/1/f/unit-1/sig', text.encode('{"v":1,')],
      ['evf/1/f/unit-1/can', Uint8Array.of(0xec, 1, 0, 0)],
      ['evf/1/f/unit-1/sig', text.encode('{"v":2}')],
      ['elsewhere/x', text.encode('x')],
      ['evf/1/f/bad device/sig', text.encode('x')],
    ];
    for (const [topic, payload] of bad) receiver.deliver(topic, payload, { qos: 1 });
    receiver.settle();
    await ingest.pipeline.queue.drain();
    expect([receiver.open.size, ingest.store.writer.last]).toEqual([0, 0]);
    const { devices, total } = ingest.devices({ problemsOnly: true, offset: 0, limit: 10 });
    expect(total).toBe(2);
    expect(devices.map(({ deviceId, malformed }) => [deviceId, malformed])).toEqual([['unit-1', 3], ['(other topics)', 2]]);
    expect(devices[0]?.lastReason).toMatch(/version/);
    const samples = ingest.samples('unit-1');
    expect(samples.map((sample) => sample.bytes)).toEqual([7, 4, 7]);
    expect(samples[0]).toMatchObject({ topic: 'evf/1/f/unit-1/sig', text: '{"v":2}', hex: '7b2276223a327d' });
    const summary = ingest.summary();
    expect(summary.counters.find((counter) => counter.key === 'rejected')?.value).toBe(3);
  });

  test('a unit whose clock is ahead is told to be ahead', async () => {
    const { ingest } = await start();
    const receiver = await direct(ingest);
    receiver.deliver('evf/1/f/unit-1/sig', sig(1, [[0, 'soc', 50]], { t0: T0 + 3_600_000 }), { receivedAt: T0 });
    expect(ingest.devices({ problemsOnly: false, offset: 0, limit: 10 }).devices[0]?.clockSkew).toBe(3_600_000);
  });

  test('values within their dead-band are stored once a period, changes and alarm bits always', async () => {
    const { ingest } = await start();
    const receiver = await direct(ingest);
    const deadBand = catalogue.byKey('packVoltage')?.deadBand ?? 0;
    expect(deadBand).toBeGreaterThan(0);
    for (let i = 0; i < 90; i++) {
      const values: SignalBatch['values'] = [[0, 'packVoltage', 51 + (i % 2) * deadBand * 0.5], [0, 'alarmThermalRunaway', i === 40 ? 1 : 0]];
      receiver.deliver('evf/1/f/unit-1/sig', sig(i, values, { t0: T0 - 100_000 + i * 1000, buffered: true }), { receivedAt: T0 });
    }
    await ingest.pipeline.queue.drain();
    const { series } = await ingest.history.read({ unitId: unitIdOf('unit-1'), parameters: [catalogue.numberOf('packVoltage'), catalogue.numberOf('alarmThermalRunaway')], from: T0 - 200_000, to: T0, maxPoints: 1000 });
    expect(series[0]?.value.length).toBe(2);
    expect([...(series[1]?.value ?? [])].slice(0, 3)).toEqual([0, 1, 0]);
    expect(ingest.store.writer.last).toBe(90);
  });

  test('a retained copy is shown and not stored', async () => {
    const { ingest, state } = await start();
    const receiver = await direct(ingest);
    receiver.deliver('evf/1/f/unit-1/state', encodeState({ on: true, t: T0, boot: 1 }), { qos: 1, delivery: 1 });
    await ingest.pipeline.queue.drain();
    expect([ingest.store.writer.last, receiver.open.size, state.size]).toEqual([0, 0, 1]);
  });

  test('from the embedded broker: a unit is acknowledged after the commit, and a command reaches it', async () => {
    const { ingest, state } = await start();
    const receiver = new EmbeddedReceiver({ entry: entry('broker'), broker: { port: 0, lan: false, topicPrefix: 'evf/1', secrets: { core: 'c', units: 'secret' } }, clock: systemClock });
    await ingest.receive(receiver);
    const unit = await mqtt.connectAsync({ host: '127.0.0.1', port: receiver.broker?.port ?? 0, clientId: 'unit-1', username: 'unit-1', password: 'secret' });
    clients.push(unit);
    await unit.subscribeAsync('evf/1/f/unit-1/cmd/+', { qos: 1 });
    for (let i = 0; i < 20; i++) {
      await unit.publishAsync('evf/1/f/unit-1/sig', Buffer.from(sig(i, [[0, 'soc', i]])), { qos: 1 });
      // The acknowledgement has come: it is in the log.
      expect((await ingest.store.readers.readLog(0)).batch.count).toBe(i + 1);
    }
    expect(state.value(0, PARAMETER.soc)).toBe(19);
    const command = new Promise<string>((resolve) => unit.once('message', resolve));
    await ingest.publish('evf/1/f/unit-1/cmd/c1', text.encode('{}'), { qos: 1, retain: false });
    expect(await command).toBe('evf/1/f/unit-1/cmd/c1');
    expect(ingest.receiverState).toMatchObject({ state: 'connected' });
  });

  test('a computer whose clock was a day ahead is put right by its units, and shows what they say now', async () => {
    let ahead = 86_400_000;
    const clock = { now: () => Date.now() + ahead, monotonic: () => systemClock.monotonic() };
    const { ingest, state } = await start({ clock });
    const receiver = new DirectReceiver(ingest.clock);
    await ingest.receive(receiver);
    const say = (seq: number, soc: number): void => {
      for (let n = 0; n < 6; n++) receiver.deliver(`evf/1/f/u${n}/sig`, sig(seq, [[0, 'soc', soc]], { t0: Date.now() }));
    };
    say(1, 50);
    await vi.waitFor(() => expect(raised.get('computer-clock')).toMatch(/24 h ahead/), { timeout: 5000 });
    say(2, 40);
    const slot = state.slotOf(unitIdOf('u0')) ?? -1;
    expect(state.value(slot, PARAMETER.soc)).toBe(40);
    expect(Math.abs(ingest.clock.now() - Date.now())).toBeLessThan(5000);
    ahead = 0;
    await vi.waitFor(() => expect(raised.has('computer-clock')).toBe(false), { timeout: 5000 });
  });
});
