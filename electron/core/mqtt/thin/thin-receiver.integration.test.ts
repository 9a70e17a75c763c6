import { createServer, type Server, type Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { generate } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { CORE_USER } from '#electron/broker/accounts.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { CollectingSink, describeReceiver } from '../../ingest/receiver-contract.ts';
import type { ReceiverState } from '../../ingest/receiver.ts';
import type { ExternalBroker } from '../connect-options.ts';
import { EmbeddedReceiver } from '../embedded-receiver.ts';
import { ExternalReceiver } from '../external-receiver.ts';
import { ThinReceiver } from './thin-receiver.ts';

const ENTRY = new URL('../../../workers/broker.ts', import.meta.url);
const deps = { clock: systemClock, rng: systemRng, scheduler: systemScheduler };
const brokerAt = (port: number): ExternalBroker => ({ url: `mqtt://127.0.0.1:${port}`, protocolVersion: 4, clientId: 'console-1', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true, username: CORE_USER, password: 'core' });

describe.each([['mqtt.js', ExternalReceiver], ['thin', ThinReceiver]] as const)('%s at the embedded broker', (_name, Adapter) => {
  describeReceiver('another broker', async () => {
    const embedded = new EmbeddedReceiver({ entry: ENTRY, broker: { port: 0, lan: false, topicPrefix: 'evf/1', secrets: { core: 'core', units: 'unit' } }, clock: systemClock });
    const own = new CollectingSink();
    own.acknowledge = embedded;
    await embedded.start(own);
    const port = embedded.broker?.port ?? 0;
    const opened: { stop(): Promise<void> }[] = [];
    const units: MqttClient[] = [];
    const receiver = new Adapter({ broker: brokerAt(port), ...deps });
    opened.push(receiver);
    return {
      receiver,
      async unit(device) {
        const client = await mqtt.connectAsync({ host: '127.0.0.1', port, clientId: device, username: device, password: 'unit' });
        units.push(client);
        return client;
      },
      async interrupt(_device, sink) {
        await receiver.stop();
        const next = new Adapter({ broker: brokerAt(port), ...deps });
        opened.push(next);
        const connected = new Promise<void>((resolve) => next.onState.on((state) => state.state === 'connected' && resolve()));
        await next.start(sink);
        await connected;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return next;
      },
      async close() {
        await Promise.all(units.map((client) => client.endAsync(true)));
        await Promise.all(opened.map((one) => one.stop()));
        await embedded.stop();
      },
    };
  });
});

describe('a thin receiver and a server that misbehaves', () => {
  const open: { stop(): Promise<void> }[] = [];
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  /** A server that greets, and then does as it is told; `connections` counts. */
  async function serverOf(then: (socket: Socket, connection: number) => void): Promise<{ port: number; connections: () => number }> {
    let connections = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      const mine = ++connections;
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
        socket.once('data', () => then(socket, mine));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { port: typeof address === 'object' && address ? address.port : 0, connections: () => connections };
  }

  async function received(port: number): Promise<{ receiver: ThinReceiver; sink: CollectingSink; states: ReceiverState[] }> {
    const receiver = new ThinReceiver({ broker: brokerAt(port), ...deps });
    open.push(receiver);
    const sink = new CollectingSink();
    const states: ReceiverState[] = [];
    receiver.onState.on((state) => states.push(state));
    await receiver.start(sink);
    return { receiver, sink, states };
  }

  const message = (text: string): Buffer => generate({ cmd: 'publish', topic: 'evf/1/f/u/evt', payload: text, qos: 1, retain: false, dup: false, messageId: 1 });

  test('a packet beyond the limit is refused by its header, the connection is left and made anew', async () => {
    const { port } = await serverOf((socket, connection) => {
      // 1 MB is announced; only its first bytes are ever sent.
      socket.write(connection === 1 ? Uint8Array.of(0x30, 0x80, 0x80, 0x40, 0, 1, 0x61) : message('after'));
    });
    const { sink, states } = await received(port);
    await sink.reached(1);
    expect(sink.texts).toEqual(['after']);
    expect(states.find((state) => state.state === 'offline')?.reason).toMatch(/no MQTT broker/);
  });

  test('garbage after the handshake ends the connection, not the program', async () => {
    const { port } = await serverOf((socket, connection) => socket.write(connection === 1 ? 'HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(10) : message('after')));
    const { sink } = await received(port);
    await sink.reached(1);
    expect(sink.texts).toEqual(['after']);
  });

  test('a server that closes again and again is tried again, later each time', async () => {
    const { port, connections } = await serverOf((socket) => socket.destroy());
    const { receiver } = await received(port);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(connections()).toBeGreaterThanOrEqual(2);
    expect(connections()).toBeLessThan(12);
    await expect(receiver.publish('t', new Uint8Array(1), { qos: 1, retain: false })).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('what was published and not acknowledged fails when the connection is lost', async () => {
    const { port } = await serverOf((socket) => socket.on('data', () => socket.destroy()));
    const { receiver } = await received(port);
    while (receiver.state.state !== 'connected') await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(receiver.publish('t', new Uint8Array(1), { qos: 1, retain: false })).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a paused receiver holds the server back through TCP, and loses nothing', async () => {
    let sent = 0;
    let held = false;
    const total = 10_000;
    const { port } = await serverOf((socket) => {
      const go = (): void => {
        while (sent < total) {
          sent++;
          if (socket.write(generate({ cmd: 'publish', topic: 'evf/1/f/u/can', payload: `${sent}`.padEnd(4000), qos: 0, retain: false, dup: false }))) continue;
          held = true;
          socket.once('drain', go);
          return;
        }
      };
      go();
    });
    const { receiver, sink } = await received(port);
    receiver.pause();
    while (!held) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sink.messages).toEqual([]);
    const before = sent;
    expect(before).toBeLessThan(total);
    receiver.resume();
    await sink.reached(total);
    expect(sink.texts.map(Number)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  });
});
