import type { IConnackPacket, Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { MqttSession, SessionEnded, type SessionEffect } from './session.ts';
import { PacketError } from './packet-error.ts';

const SETTINGS = { version: 4 as 4 | 5, clientId: 'c', filters: ['a/#', 'b/+'], keepalive: 30, sessionExpiry: 60, receiveMaximum: 100, packetBytes: 1000 };
const PAYLOAD = Buffer.from('x');

function sent(effects: readonly SessionEffect[]): string[] {
  return effects.map((effect) => (effect.do === 'send' ? effect.packet.cmd : effect.do));
}

function upSession(more: Partial<typeof SETTINGS> = {}, connack: Partial<IConnackPacket> = {}): MqttSession {
  const session = new MqttSession({ ...SETTINGS, ...more });
  session.opened(0);
  session.packet({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false, ...connack }, 0);
  return session;
}

describe('a session', () => {
  test('greets, subscribes, and says which filters are refused', () => {
    const session = new MqttSession({ ...SETTINGS, username: 'u', password: 'p' });
    const [connect] = session.opened(0);
    expect(connect).toMatchObject({ do: 'send', packet: { cmd: 'connect', clean: false, username: 'u', password: Buffer.from('p') } });
    expect(session.up).toBe(false);
    const effects = session.packet({ cmd: 'connack', returnCode: 0, sessionPresent: true }, 1);
    expect(effects).toMatchObject([{ do: 'connected', resumed: true }, { do: 'send', packet: { cmd: 'subscribe', subscriptions: [{ topic: 'a/#', qos: 1 }, { topic: 'b/+', qos: 1 }] } }]);
    const subscribe = effects[1] as { packet: { messageId: number } };
    expect(session.packet({ cmd: 'suback', messageId: subscribe.packet.messageId + 1, granted: [1, 1] }, 2)).toEqual([]);
    expect(session.packet({ cmd: 'suback', messageId: subscribe.packet.messageId, granted: [1, 0x80] }, 2)).toEqual([{ do: 'subscribed', refused: ['b/+'] }]);
  });

  test.each([4, 5] as const)('a refused connection carries the code that there are words for, protocol %i', (version) => {
    const session = new MqttSession({ ...SETTINGS, version });
    session.opened(0);
    const [effect] = session.packet(version === 4 ? { cmd: 'connack', returnCode: 5, sessionPresent: false } : { cmd: 'connack', reasonCode: 135, sessionPresent: false }, 1);
    expect(effect).toMatchObject({ do: 'close', error: { code: version === 4 ? 5 : 135 } });
  });

  test('a broker that does not greet is left', () => {
    const session = new MqttSession(SETTINGS);
    session.opened(0);
    expect(session.tick(9000, true)).toEqual([]);
    expect(sent(session.tick(10_001, true))).toEqual(['close']);
  });

  test('silence is asked about and ends the session; anything that is heard is an answer', () => {
    const session = upSession();
    session.heard(100);
    expect(session.tick(14_000, true)).toEqual([]);
    expect(sent(session.tick(15_200, true))).toEqual(['pingreq']);
    expect(session.tick(16_000, true)).toEqual([]);
    session.heard(17_000);
    expect(session.tick(30_000, true)).toEqual([]);
    expect(sent(session.tick(33_000, true))).toEqual(['pingreq']);
    expect(sent(session.tick(43_500, true))).toEqual(['close']);
  });

  test('a console that only listens still speaks often enough for its keep-alive', () => {
    const session = upSession();
    let spoken = 0;
    for (let now = 0; now < 120_000; now += 1000) {
      session.heard(now);
      spoken += session.tick(now, true).length;
    }
    expect(spoken).toBeGreaterThanOrEqual(7);
    expect(spoken).toBeLessThanOrEqual(9);
  });

  test('while reading is held back silence means nothing, and the broker still hears of it', () => {
    const session = upSession();
    const packets: string[] = [];
    for (let now = 0; now < 300_000; now += 1000) packets.push(...sent(session.tick(now, false)));
    expect(new Set(packets)).toEqual(new Set(['pingreq']));
    expect(packets.length).toBeGreaterThan(15);
    expect(session.tick(301_000, true)).toEqual([]);
  });

  test('a keep-alive that the broker sets counts', () => {
    const session = upSession({ version: 5 }, { properties: { serverKeepAlive: 4 } });
    expect(sent(session.tick(2500, true))).toEqual(['pingreq']);
  });

  test('a broker that wants no keep-alive gets no pings, and its silence is no reason to leave', () => {
    const session = upSession({ version: 5 }, { properties: { serverKeepAlive: 0 } });
    const packets: string[] = [];
    for (let now = 0; now < 600_000; now += 1000) packets.push(...sent(session.tick(now, true)));
    expect(packets).toEqual([]);
  });

  test('a message with QoS 2 that was read past is confirmed in both steps', () => {
    const session = upSession();
    expect(session.exactlyOnce(7, 1)).toEqual([{ do: 'send', packet: { cmd: 'pubrec', messageId: 7 } }]);
    expect(session.packet({ cmd: 'pubrel', messageId: 7 }, 2)).toEqual([{ do: 'send', packet: { cmd: 'pubcomp', messageId: 7 } }]);
  });

  test('publishes with ids that are not in use, and reports what became of each', () => {
    const session = upSession();
    const first = session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1);
    const second = session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1);
    expect(session.publish('t', PAYLOAD, { qos: 0, retain: false }, 1)?.id).toBe(0);
    expect(first?.id).not.toBe(second?.id);
    expect(session.packet({ cmd: 'puback', messageId: first?.id ?? 0 }, 2)).toEqual([{ do: 'published', id: first?.id }]);
    expect(session.packet({ cmd: 'puback', messageId: first?.id ?? 0 }, 2)).toEqual([]);
    expect(session.closed(new Error('gone'))).toMatchObject([{ do: 'published', id: second?.id, error: { message: 'gone' } }]);
    expect(session.publish('t', PAYLOAD, { qos: 0, retain: false }, 3)).toBeUndefined();
  });

  test('message ids go round without meeting one in use', () => {
    const session = upSession();
    const kept = session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1)?.id;
    for (let i = 0; i < 70_000; i++) {
      const id = session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1)?.id ?? 0;
      if (id === kept || id < 1 || id > 65_535) expect([i, id]).toEqual('another id');
      session.packet({ cmd: 'puback', messageId: id }, 1);
    }
  });

  test('keeps to what an MQTT 5 broker allows', () => {
    const session = upSession({ version: 5 }, { properties: { receiveMaximum: 2, maximumPacketSize: 200 } });
    expect(session.publish('t', Buffer.alloc(300), { qos: 1, retain: false }, 1)).toBeUndefined();
    expect(session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1)).toBeDefined();
    const { id } = session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1) ?? { id: 0 };
    expect(session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1)).toBeUndefined();
    expect(session.packet({ cmd: 'puback', messageId: id, reasonCode: 0x87 }, 1)).toMatchObject([{ do: 'published', id, error: { code: 0x87 } }]);
    expect(session.publish('t', PAYLOAD, { qos: 1, retain: false }, 1)).toBeDefined();
  });

  test('a broker that ends the session says why', () => {
    const [effect] = upSession({ version: 5 }).packet({ cmd: 'disconnect', reasonCode: 0x8e }, 1);
    expect(effect).toMatchObject({ do: 'close', error: expect.any(SessionEnded) as unknown });
    expect(effect).toMatchObject({ error: { message: expect.stringMatching(/same client id/) as unknown } });
  });

  test.each<Packet>([{ cmd: 'connack', returnCode: 0, sessionPresent: false }, { cmd: 'pingreq' }, { cmd: 'auth', reasonCode: 0x18 }, { cmd: 'subscribe', messageId: 1, subscriptions: [] }])('$cmd has no place in a running session', (packet) => {
    expect(() => upSession().packet(packet, 1)).toThrow(PacketError);
  });

  test('nothing but connack may come first', () => {
    const session = new MqttSession(SETTINGS);
    session.opened(0);
    expect(() => session.packet({ cmd: 'suback', messageId: 1, granted: [1] }, 1)).toThrow(/before connack/);
  });
});
