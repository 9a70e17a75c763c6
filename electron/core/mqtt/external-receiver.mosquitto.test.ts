import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { createServer as createWebServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { DELIVERY } from '#shared/domain/telemetry/envelope/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { makeCertificates, startMosquitto, type Mosquitto } from '#shared/testing/mosquitto.ts';
import { CollectingSink, describeReceiver, roundTrip } from '../ingest/receiver-contract.ts';
import type { ReceiverSink } from '../ingest/receiver.ts';
import type { ExternalBroker } from './connect-options.ts';
import { ExternalReceiver } from './external-receiver.ts';
import { testConnection } from './test-connection.ts';
import { ThinReceiver } from './thin/thin-receiver.ts';

const deps = { clock: systemClock, rng: systemRng, scheduler: systemScheduler };

function brokerAt(port: number, more: Partial<ExternalBroker> = {}): ExternalBroker {
  return { url: `mqtt://127.0.0.1:${port}`, protocolVersion: 4, clientId: 'console-1', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true, ...more };
}

/** The two adapters; each has to pass everything below. */
const ADAPTERS = { 'mqtt.js': ExternalReceiver, thin: ThinReceiver } as const;
type Adapter = keyof typeof ADAPTERS;
const EACH = Object.keys(ADAPTERS) as Adapter[];

/** A receiver that is connected and whose subscription stands. What comes is acknowledged from the first message on, unless told otherwise. */
async function startReceiver(sink: ReceiverSink, broker: ExternalBroker, adapter: Adapter, acknowledges = true): Promise<ExternalReceiver | ThinReceiver> {
  const receiver = new ADAPTERS[adapter]({ broker, ...deps });
  if (acknowledges && sink instanceof CollectingSink) sink.acknowledge = receiver;
  const connected = new Promise<void>((resolve) => receiver.onState.on((state) => state.state === 'connected' && resolve()));
  await receiver.start(sink);
  await connected;
  if (sink instanceof CollectingSink) await sink.live((topic) => receiver.publish(topic, new Uint8Array(), { qos: 0, retain: false }));
  return receiver;
}

/** Configuration of a WebSocket listener beside the other, at `port2`. */
const WEB_SOCKET = ['listener $PORT 127.0.0.1', 'protocol websockets'];

describe.each(EACH.flatMap((adapter) => [[adapter, 4, 'mqtt'], [adapter, 5, 'mqtt'], [adapter, 4, 'ws'], [adapter, 5, 'ws']] as const))('%s, MQTT protocol %i, %s', (adapter, protocolVersion, scheme) => {
  describeReceiver('an external broker', async () => {
    const mosquitto = await startMosquitto(['allow_anonymous true', ...WEB_SOCKET, 'allow_anonymous true'], { durable: false });
    const broker = brokerAt(mosquitto.port, { protocolVersion, ...(scheme === 'ws' ? { url: `ws://127.0.0.1:${mosquitto.port2}/mqtt` } : {}) });
    const opened: { stop(): Promise<void> }[] = [];
    const units: MqttClient[] = [];
    const receiver = new ADAPTERS[adapter]({ broker, ...deps });
    opened.push(receiver);
    return {
      receiver,
      async unit(device) {
        const client = await mqtt.connectAsync({ host: '127.0.0.1', port: mosquitto.port, clientId: device });
        units.push(client);
        return client;
      },
      async interrupt(_device, sink) {
        await receiver.stop();
        const next = await startReceiver(sink, broker, adapter, false);
        opened.push(next);
        return next;
      },
      async close() {
        await Promise.all(units.map((client) => client.endAsync(true)));
        await Promise.all(opened.map((one) => one.stop()));
        await mosquitto.close();
      },
    };
  });
});

describe.each(EACH)('an external broker through %s', (adapter) => {
  let mosquitto: Mosquitto | undefined;
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((item) => item.stop()));
    await mosquitto?.close();
    mosquitto = undefined;
  });

  async function unitOf(port: number): Promise<MqttClient> {
    const client = await mqtt.connectAsync({ host: '127.0.0.1', port, clientId: 'unit-1', clean: false, reconnectPeriod: 200 });
    client.on('error', () => undefined);
    open.push({ stop: () => client.endAsync(true) });
    return client;
  }

  /** Resolves when the broker has written its store, with everything that it took before; it does so after changes, once a second. */
  async function stored({ folder }: Mosquitto, unit: MqttClient): Promise<void> {
    const written = (): bigint => statSync(join(folder, 'mosquitto.db'), { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
    for (const before = written(); written() === before; ) {
      await unit.publishAsync('changes/1', String(Math.random()), { qos: 1, retain: true });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('what is retained at the broker is marked so, and a backlog of the session is marked until its end', async () => {
    mosquitto = await startMosquitto();
    const unit = await unitOf(mosquitto.port);
    await unit.publishAsync('evf/1/f/unit-1/state', 'on', { qos: 1, retain: true });
    const first = new CollectingSink();
    const taken = await startReceiver(first, brokerAt(mosquitto.port), adapter);
    await first.reached(1);
    expect(first.messages[0]?.delivery).toBe(DELIVERY.retained);
    // Acknowledged, it is not in the session's backlog too.
    await roundTrip(taken);
    await taken.stop();
    for (let i = 0; i < 500; i++) await unit.publishAsync('evf/1/f/unit-1/evt', `late ${i}`, { qos: 1 });
    const second = new CollectingSink();
    const receiver = new ADAPTERS[adapter]({ broker: brokerAt(mosquitto.port), ...deps });
    open.push(receiver);
    second.acknowledge = receiver;
    await receiver.start(second);
    // 500 messages of the backlog and the retained state, which a new subscription brings again.
    await second.reached(501);
    await second.live((topic) => unit.publishAsync(topic, '', { qos: 0 }));
    await unit.publishAsync('evf/1/f/unit-1/evt', 'live', { qos: 1 });
    await second.reached(502);
    const backlog = second.messages.filter((message) => message.text.startsWith('late'));
    expect(backlog.map((message) => message.text)).toEqual(Array.from({ length: 500 }, (_, i) => `late ${i}`));
    expect(new Set(backlog.map((message) => message.delivery))).toEqual(new Set([DELIVERY.queued]));
    expect(second.messages.at(-1)).toMatchObject({ text: 'live', delivery: 0 });
  });

  test('messages with QoS 2 that another program left in the session are read past, once, and the rest is taken', async () => {
    mosquitto = await startMosquitto();
    const unit = await unitOf(mosquitto.port);
    const before = await mqtt.connectAsync({ host: '127.0.0.1', port: mosquitto.port, clientId: 'console-1', clean: false });
    await before.subscribeAsync('evf/1/+/+/+', { qos: 2 });
    await before.endAsync(true);
    for (let i = 0; i < 3; i++) await unit.publishAsync('evf/1/f/unit-1/evt', `twice ${i}`, { qos: 2 });
    await unit.publishAsync('evf/1/f/unit-1/evt', 'once', { qos: 1 });
    const first = new CollectingSink();
    // What waits comes with the connection: it has to be acknowledged from the beginning.
    first.acknowledge = new ADAPTERS[adapter]({ broker: brokerAt(mosquitto.port), ...deps });
    await first.acknowledge.start(first);
    await first.reached(1);
    await vi.waitFor(() => expect(first.refused).toHaveLength(3), { timeout: 30_000 });
    expect(first.refused).toMatchObject(Array.from({ length: 3 }, () => ({ topic: 'evf/1/f/unit-1/evt', reason: 'qos-2' })));
    expect(first.texts).toEqual(['once']);
    // QoS 2 takes two steps: the broker answers the first before the first round trip ends, and has taken the second when the other does.
    for (let step = 0; step < 2; step++) await roundTrip(first.acknowledge);
    await first.acknowledge.stop();
    // They were confirmed to the end: the session holds nothing any more.
    const second = new CollectingSink();
    open.push(await startReceiver(second, brokerAt(mosquitto.port), adapter));
    await unit.publishAsync('evf/1/f/unit-1/evt', 'end', { qos: 1 });
    await second.reached(1);
    expect([second.texts, second.refused]).toEqual([['end'], []]);
  });

  test('a broker that is killed and comes back is found again, and every unacknowledged message is delivered again', async () => {
    mosquitto = await startMosquitto(['allow_anonymous true', 'max_inflight_messages 1000']);
    const sink = new CollectingSink();
    const receiver = await startReceiver(sink, brokerAt(mosquitto.port), adapter, false);
    open.push(receiver);
    const unit = await unitOf(mosquitto.port);
    const states: string[] = [];
    receiver.onState.on((state) => states.push(state.state));
    for (let i = 0; i < 200; i++) await unit.publishAsync('evf/1/f/unit-1/evt', String(i), { qos: 1 });
    await sink.reached(200);
    receiver.acknowledge(sink.messages.slice(0, 50).map((message) => message.token), 50);
    await roundTrip(receiver);
    await stored(mosquitto, unit);
    await mosquitto.kill();
    while (receiver.state.state !== 'offline') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(receiver.state.reason).toBeDefined();
    sink.acknowledge = receiver;
    await mosquitto.restart();
    await sink.reached(350);
    await sink.live((topic) => receiver.publish(topic, new Uint8Array(), { qos: 0, retain: false }));
    expect(sink.texts.slice(200).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 150 }, (_, i) => String(i + 50)));
    expect([states.includes('offline'), receiver.state.state]).toEqual([true, 'connected']);
  });
});

describe.each([4, 5] as const)('the thin receiver and long messages, MQTT protocol %i', (protocolVersion) => {
  test('a message of two megabytes does not end the connection, is acknowledged, and does not come again', async () => {
    // Over WebSocket Mosquitto 2.0 delivers nothing of that length.
    const mosquitto = await startMosquitto(['allow_anonymous true'], { durable: false });
    const broker = brokerAt(mosquitto.port, { protocolVersion });
    const unit = await mqtt.connectAsync({ host: '127.0.0.1', port: mosquitto.port, clientId: 'unit-1' });
    const sink = new CollectingSink();
    const receiver = await startReceiver(sink, broker, 'thin');
    const states: string[] = [];
    receiver.onState.on((state) => states.push(state.state));
    await unit.publishAsync('evf/1/f/unit-1/can', Buffer.alloc(2_000_000), { qos: 1 });
    await unit.publishAsync('evf/1/f/unit-1/evt', 'after', { qos: 1 });
    await sink.reached(1);
    expect([sink.texts, states]).toEqual([['after'], []]);
    // MQTT 5 brokers are told the limit and send nothing that is longer (3.1.2.11.4).
    expect(sink.refused.map(({ topic, reason }) => [topic, reason])).toEqual(protocolVersion === 5 ? [] : [['evf/1/f/unit-1/can', 'too-large']]);
    await roundTrip(receiver);
    await receiver.stop();
    const again = new CollectingSink();
    const next = await startReceiver(again, broker, 'thin');
    await unit.publishAsync('evf/1/f/unit-1/evt', 'end', { qos: 1 });
    await again.reached(1);
    expect([again.texts, again.refused]).toEqual([['end'], []]);
    await next.stop();
    await unit.endAsync(true);
    await mosquitto.close();
  });
});

describe('TLS', () => {
  let folder = '';
  let mosquitto: Mosquitto;
  const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const secure = (more: Partial<ExternalBroker> = {}): ExternalBroker => brokerAt(mosquitto.port, { url: `mqtts://localhost:${mosquitto.port}`, caPem: pem('ca.pem'), certificatePem: pem('client.pem'), keyPem: pem('client.key'), ...more });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    makeCertificates(folder);
    const secured = ['allow_anonymous true', `cafile ${folder}/ca.pem`, `certfile ${folder}/server.pem`, `keyfile ${folder}/server.key`, 'require_certificate true', 'use_identity_as_username true'];
    mosquitto = await startMosquitto([...secured, ...WEB_SOCKET, ...secured]);
  });
  afterAll(async () => {
    await mosquitto.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(EACH.flatMap((adapter) => [[adapter, 4, 'mqtts'], [adapter, 5, 'mqtts'], [adapter, 4, 'wss'], [adapter, 5, 'wss']] as const))('%s receives with a client certificate, MQTT protocol %i, %s', async (adapter, protocolVersion, scheme) => {
    const sink = new CollectingSink();
    const receiver = await startReceiver(sink, secure({ protocolVersion, url: `${scheme}://localhost:${scheme === 'wss' ? mosquitto.port2 : mosquitto.port}` }), adapter);
    await receiver.publish('evf/1/f/unit-1/evt', new TextEncoder().encode('x'), { qos: 1, retain: false });
    await sink.reached(1);
    await receiver.stop();
  });

  test.each(EACH)('%s says why it does not connect, and goes on trying', async (adapter) => {
    for (const [more, text] of [[{ caPem: '' }, /not trusted/], [{ url: `mqtts://127.0.0.1:${mosquitto.port}` }, /another host name/], [{ keyPem: 'nonsense' }, /PEM/], [{ certificatePem: '', keyPem: '' }, /certificate/]] as const) {
      const receiver = new ADAPTERS[adapter]({ broker: secure(more), ...deps });
      const said = new Promise<string>((resolve) => receiver.onState.on((state) => state.state === 'offline' && state.reason !== undefined && resolve(state.reason)));
      await receiver.start(new CollectingSink());
      expect(await said).toMatch(text);
      await receiver.stop();
    }
  });

  test.each([
    ['works with the right certificate', {}, true, /Connected to localhost:\d+ with MQTT 3\.1\.1/],
    ['works with MQTT 5', { protocolVersion: 5 as const }, true, /with MQTT 5/],
    ['works with an encrypted key', { keyPem: 'client-encrypted.key', keyPassphrase: 'geheim' }, true, /Connected/],
    ['a wrong passphrase', { keyPem: 'client-encrypted.key', keyPassphrase: 'wrong' }, false, /passphrase/],
    ['no authority', { caPem: '' }, false, /not trusted/],
    ['another host name', { url: 'mqtts://127.0.0.1:PORT' }, false, /another host name/],
    ['no client certificate', { certificatePem: '', keyPem: '' }, false, /certificate/],
    ['a key that is none', { keyPem: 'nonsense' }, false, /PEM/],
    ['no TLS on the TLS port', { url: 'mqtt://localhost:PORT', certificatePem: '', keyPem: '' }, false, /no MQTT broker, or ended the connection/],
  ])('%s', async (_case, settings, ok, text) => {
    const more = { ...settings } as { -readonly [K in keyof ExternalBroker]?: ExternalBroker[K] };
    if (more.url) more.url = more.url.replace('PORT', String(mosquitto.port));
    if (more.keyPem?.endsWith('.key')) more.keyPem = pem(more.keyPem);
    const result = await testConnection(secure(more), deps);
    expect(result.text).toMatch(text);
    expect(result.ok).toBe(ok);
  });
});

describe('testing a connection', () => {
  test('a broker that grants a subscription and filters what it delivers looks like one that lets it through', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'acl-'));
    writeFileSync(join(folder, 'acl'), 'topic read other/#\n');
    const mosquitto = await startMosquitto(['allow_anonymous true', `acl_file ${folder}/acl`]);
    // Mosquitto 2.0 grants a subscription and filters what is delivered; only MQTT 5 clients are told about publications.
    const result = await testConnection(brokerAt(mosquitto.port), deps);
    expect(result.text).toMatch(/Connected to/);
    await mosquitto.close();
    rmSync(folder, { recursive: true });
  });
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  async function listening(server: Server): Promise<number> {
    servers.push(server.listen(0, '127.0.0.1'));
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  test('a wrong password is said in words', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'passwd-'));
    writeFileSync(join(folder, 'passwords'), 'user:secret\n');
    execFileSync('mosquitto_passwd', ['-U', join(folder, 'passwords')]);
    const mosquitto = await startMosquitto(['allow_anonymous false', `password_file ${folder}/passwords`]);
    const right = await testConnection(brokerAt(mosquitto.port, { username: 'user', password: 'secret' }), deps);
    expect(right).toMatchObject({ ok: true });
    for (const protocolVersion of [4, 5] as const) {
      const wrong = await testConnection(brokerAt(mosquitto.port, { username: 'user', password: 'guess', protocolVersion }), deps);
      expect(wrong).toMatchObject({ ok: false, text: expect.stringMatching(/password/) as unknown });
    }
    await mosquitto.close();
    rmSync(folder, { recursive: true });
  });

  test('nothing there, an unknown host, a web server, a server of another kind', async () => {
    const port = await listening(createServer());
    servers.pop()?.close();
    expect((await testConnection(brokerAt(port), deps)).text).toMatch(/Nothing answers at 127\.0\.0\.1/);
    expect((await testConnection(brokerAt(port, { url: 'mqtt://no-such-host.invalid' }), deps)).text).toMatch(/host of no-such-host.invalid:1883 is not known/);
    const web = await listening(createWebServer((_request, response) => response.writeHead(404).end()));
    expect((await testConnection(brokerAt(web), deps)).text).toMatch(/no MQTT broker/);
    expect((await testConnection(brokerAt(web, { url: `ws://127.0.0.1:${web}/mqtt` }), deps)).text).toMatch(/web server without MQTT|no MQTT broker/);
    const smtp = await listening(createServer((socket) => socket.end('220 mail.example ESMTP\r\n')));
    expect((await testConnection(brokerAt(smtp), deps)).text).toMatch(/no MQTT broker/);
  });

  test('an address that is none is refused at once', async () => {
    await expect(testConnection(brokerAt(1, { url: 'http://x' }), deps)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
