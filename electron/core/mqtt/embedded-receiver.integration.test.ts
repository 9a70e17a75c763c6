import { createServer } from 'node:net';
import { connect as connectSocket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { CORE_USER, SIMULATOR_USER } from '#electron/broker/accounts.ts';
import type { BrokerOptions, BrokerRefusal, BrokerStatistics } from '#electron/broker/protocol.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { CollectingSink, describeReceiver } from '../ingest/receiver-contract.ts';
import { EmbeddedReceiver } from './embedded-receiver.ts';

const ENTRY = new URL('../../workers/broker.ts', import.meta.url);
const OPTIONS: BrokerOptions = { port: 0, lan: false, topicPrefix: 'evf/1', secrets: { core: 'core-secret', simulator: 'sim-secret', units: 'unit-secret' } };

const clients: MqttClient[] = [];
const receivers: EmbeddedReceiver[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

function receiverOf(options: Partial<BrokerOptions> = {}): EmbeddedReceiver {
  const receiver = new EmbeddedReceiver({ entry: ENTRY, broker: { ...OPTIONS, ...options }, clock: systemClock });
  receivers.push(receiver);
  return receiver;
}

function portOf(receiver: EmbeddedReceiver): number {
  return receiver.broker?.port ?? 0;
}

async function connect(port: number, options: IClientOptions): Promise<MqttClient> {
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port, reconnectPeriod: 0, connectTimeout: 5000, ...options });
  clients.push(client);
  client.on('error', () => undefined);
  return client;
}

const asUnit = (device: string, more: IClientOptions = {}): IClientOptions => ({ clientId: device, username: device, password: 'unit-secret', clean: false, ...more });

describeReceiver('the embedded broker', () => {
  const receiver = receiverOf();
  const units = new Map<string, MqttClient>();
  return Promise.resolve({
    receiver,
    async unit(device) {
      const client = await connect(portOf(receiver), asUnit(device));
      units.set(device, client);
      return client;
    },
    async interrupt(device) {
      const client = units.get(device);
      if (client) {
        const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
        client.stream.destroy();
        await closed;
        await new Promise<void>((resolve) => {
          client.once('connect', () => resolve());
          client.reconnect();
        });
      }
      return receiver;
    },
    async close() {
      await Promise.all([...units.values()].map((client) => client.endAsync(true)));
      await receiver.stop();
    },
  });
});

describe('the embedded broker', () => {
  async function started(options: Partial<BrokerOptions> = {}): Promise<{ receiver: EmbeddedReceiver; sink: CollectingSink; port: number; refusals: BrokerRefusal[] }> {
    const receiver = receiverOf(options);
    const sink = new CollectingSink();
    sink.acknowledge = receiver;
    await receiver.start(sink);
    const refusals: BrokerRefusal[] = [];
    receiver.broker?.onRefusal.on((refusal) => refusals.push(refusal));
    return { receiver, sink, port: portOf(receiver), refusals };
  }

  test.each([
    ['a wrong password', asUnit('unit-1', { password: 'guess' }), 4],
    ['no password', { clientId: 'unit-1', username: 'unit-1' }, 4],
    ['no user name', { clientId: 'unit-1' }, 4],
    ['a Device ID with a wildcard', asUnit('unit/+'), 4],
    ["another unit's client id", asUnit('unit-1', { clientId: 'unit-2' }), 2],
    ["the units' password for the console", { clientId: 'x', username: CORE_USER, password: 'unit-secret' }, 4],
    ["the units' password for the simulator", { clientId: 'x', username: SIMULATOR_USER, password: 'unit-secret' }, 4],
  ])('refuses %s', async (_case, options, code) => {
    const { port, refusals } = await started();
    await expect(connect(port, options)).rejects.toMatchObject({ code });
    expect(refusals).toHaveLength(1);
  });

  test.each(['evf/1/f/unit-2/sig', 'evf/1/f/unit-1/cmd/c1', 'evf/1/f/unit-1/unknown', '$SYS/x', '$aws/things/unit-2/jobs/get', 'other', 'evf/1/f/unit-1/sig/more', `evf/1/f/${'x/'.repeat(50)}sig`])(
    'closes the connection of a unit that publishes to %s, and delivers nothing',
    async (topic) => {
      const { port, sink, refusals } = await started();
      const unit = await connect(port, asUnit('unit-1'));
      const closed = new Promise<void>((resolve) => unit.once('close', () => resolve()));
      unit.publish(topic, 'x', { qos: 1 });
      await closed;
      const other = await connect(port, asUnit('unit-2'));
      await other.publishAsync('evf/1/f/unit-2/sig', 'end', { qos: 1 });
      await sink.reached(1);
      expect(sink.texts).toEqual(['end']);
      expect(refusals.map((refusal) => refusal.client)).toEqual(['unit-1']);
    },
  );

  test('lets a unit read its own commands and OTA topics, and nothing else', async () => {
    const { port } = await started();
    const unit = await connect(port, asUnit('unit-1'));
    const filters = ['evf/1/f/unit-1/cmd/+', '$aws/things/unit-1/jobs/notify-next', '#', 'evf/1/f/+/cmd/+', 'evf/1/f/unit-2/cmd/+', 'evf/1/f/unit-1/#', '$aws/things/+/jobs/#', '$SYS/#'];
    const granted: number[] = [];
    for (const filter of filters) granted.push(...(await unit.subscribeAsync(filter, { qos: 1 }).catch(() => [])).map((entry) => entry.qos));
    expect(granted).toEqual([1, 1]);
  });

  test('a retained state is kept for later, other messages are not, and the live message is no retained copy', async () => {
    const { port, sink } = await started();
    const unit = await connect(port, asUnit('unit-1'));
    await unit.publishAsync('evf/1/f/unit-1/state', 'on', { qos: 1, retain: true });
    await unit.publishAsync('evf/1/f/unit-1/sig', 'values', { qos: 1, retain: true });
    await sink.reached(2);
    expect(sink.messages.map((message) => message.delivery)).toEqual([0, 0]);
    const core = await connect(port, { clientId: 'reader', username: CORE_USER, password: 'core-secret' });
    const seen: string[] = [];
    core.on('message', (topic) => seen.push(topic));
    await core.subscribeAsync('evf/1/#');
    await core.publishAsync('evf/1/f/unit-1/cmd/1', 'x');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen.sort()).toEqual(['evf/1/f/unit-1/cmd/1', 'evf/1/f/unit-1/state']);
  });

  test("a unit's Last Will is delivered when its connection breaks", async () => {
    const { port, sink } = await started();
    const unit = await connect(port, asUnit('unit-1', { will: { topic: 'evf/1/f/unit-1/state', payload: Buffer.from('off'), qos: 1, retain: true } }));
    unit.stream.destroy();
    await sink.reached(1);
    expect(sink.messages[0]).toMatchObject({ topic: 'evf/1/f/unit-1/state', text: 'off' });
  });

  test('the simulator speaks for every unit', async () => {
    const { port, sink } = await started();
    const simulator = await connect(port, { clientId: 'sim', username: SIMULATOR_USER, password: 'sim-secret' });
    await simulator.publishAsync('evf/1/a/unit-1/sig', '1', { qos: 1 });
    await simulator.publishAsync('evf/1/b/unit-2/sig', '2', { qos: 1 });
    await sink.reached(2);
    expect(await simulator.subscribeAsync('evf/1/+/+/cmd/+', { qos: 1 })).toMatchObject([{ qos: 1 }]);
  });

  test('a packet that is too long closes the connection before it is collected', async () => {
    const { port, receiver } = await started();
    const unit = await connect(port, asUnit('unit-1'));
    const closed = new Promise<void>((resolve) => unit.once('close', () => resolve()));
    // The header of a PUBLISH of 100 MB, without its body.
    unit.stream.write(Uint8Array.of(0x30, 0x80, 0xc2, 0xd7, 0x2f, 0, 1, 97));
    await closed;
    const statistics = await new Promise<{ oversized: number }>((resolve) => receiver.broker?.onStatistics.on(resolve));
    expect(statistics.oversized).toBe(1);
  });

  test('bytes that are no MQTT, and silence, close only their own connection', async () => {
    const { port, sink } = await started();
    const unit = await connect(port, asUnit('unit-1'));
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(64, 0xff), Buffer.from([0x10, 0x02, 0, 0])]) {
      const socket = connectSocket(port, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(bytes);
      await closed;
    }
    await unit.publishAsync('evf/1/f/unit-1/sig', 'still here', { qos: 1 });
    await sink.reached(1);
    expect(sink.texts).toEqual(['still here']);
  });

  test('keeps at most 100 messages for a unit that is away', async () => {
    const { port, receiver } = await started();
    const unit = await connect(port, asUnit('unit-1'));
    await unit.subscribeAsync('evf/1/f/unit-1/cmd/+', { qos: 1 });
    await unit.endAsync();
    const statistics = (until: (statistics: BrokerStatistics) => boolean): Promise<void> =>
      new Promise((resolve) => receiver.broker?.onStatistics.on((report) => until(report) && resolve()));
    await statistics((report) => report.clients === 0);
    for (let i = 0; i < 120; i++) await receiver.publish(`evf/1/f/unit-1/cmd/${i}`, Uint8Array.of(1), { qos: 1, retain: false });
    const client = mqtt.connect({ host: '127.0.0.1', port, ...asUnit('unit-1'), reconnectPeriod: 0 });
    clients.push(client);
    let got = 0;
    client.on('message', () => got++);
    await statistics((report) => report.offlineDropped === 20);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(got).toBe(100);
  });

  test('a port that is taken is an error that says what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(receiverOf({ port }).start(new CollectingSink())).rejects.toMatchObject({ code: 'port-in-use', message: expect.stringContaining('Choose another port') as unknown });
    server.close();
  });

  test('listening on the network needs a password', async () => {
    await expect(receiverOf({ lan: true, secrets: { core: 'x' } }).start(new CollectingSink())).rejects.toMatchObject({ code: 'refused' });
  });

  test('without a password units sign in with their Device ID alone, on this computer only', async () => {
    const { port, sink } = await started({ secrets: { core: 'x' } });
    const unit = await connect(port, { clientId: 'unit-1', username: 'unit-1' });
    await unit.publishAsync('evf/1/f/unit-1/sig', 'a', { qos: 1 });
    await sink.reached(1);
  });
});
