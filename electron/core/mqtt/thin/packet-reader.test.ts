import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '#shared/testing/random.ts';
import { SEED } from '#shared/testing/seed.ts';
import { PacketError } from './packet-error.ts';
import { PacketReader, type PacketSink } from './packet-reader.ts';

interface Found {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly messageId: number;
}

class Collector implements PacketSink {
  readonly found: (Found | string)[] = [];
  onFound: () => void = () => undefined;

  received(topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean, messageId: number): void {
    this.found.push({ topic, payload: Buffer.from(payload).toString('latin1'), qos, retain, messageId });
    this.onFound();
  }

  skipped(topic: string, reason: string, length: number, qos: number, messageId: number): void {
    this.found.push(`skipped ${reason} ${length} ${qos} ${messageId} ${topic}`);
    this.onFound();
  }

  control(packet: Uint8Array): void {
    this.found.push(Buffer.from(packet).toString('hex'));
    this.onFound();
  }
}

const LIMIT = 70_000;
const TOPICS = ['evf/1/f/unit-1/can', 'evf/1/f/unit-2/sig', 'a', 'ü/₹/🛵', 'x'.repeat(300), 'evf/1/console/c/marker'];

/** A random stream of packets, and what a reader has to find in it. */
function streamOf(random: SeededRandom, version: 4 | 5, count: number): { bytes: Buffer; expected: (Found | string)[] } {
  const parts: Buffer[] = [];
  const expected: (Found | string)[] = [];
  for (let i = 0; i < count; i++) {
    if (random.below(6) === 0) {
      const packet = random.below(2) === 0 ? generate({ cmd: 'pingresp' }) : generate({ cmd: 'puback', messageId: 1 + random.below(65_535) }, { protocolVersion: version });
      parts.push(packet);
      expected.push(packet.toString('hex'));
      continue;
    }
    const qos = random.below(random.below(8) === 0 ? 3 : 2) as 0 | 1 | 2;
    const topic = TOPICS[random.below(TOPICS.length)] as string;
    const length = random.below(20) === 0 ? random.below(120_000) : random.below(300);
    const payload = Buffer.from(Array.from({ length: Math.min(length, 300) }, () => random.below(256)));
    const whole = length > 300 ? Buffer.concat([payload, Buffer.alloc(length - 300, 7)]) : payload;
    const retain = random.below(4) === 0;
    const messageId = qos === 0 ? 0 : 1 + random.below(65_535);
    const properties = version === 5 && random.below(3) === 0 ? { properties: { contentType: 'x'.repeat(random.below(200)), userProperties: { a: 'b' }, messageExpiryInterval: 7 } } : {};
    const packet = generate({ cmd: 'publish', topic, payload: whole, qos, retain, dup: qos > 0 && random.below(5) === 0, ...(qos > 0 ? { messageId } : {}), ...properties }, { protocolVersion: version });
    parts.push(packet);
    if (packet.length > LIMIT || qos === 2) expected.push(`skipped ${packet.length > LIMIT ? 'too-large' : 'qos-2'} ${packet.length} ${qos} ${messageId} ${topic}`);
    else expected.push({ topic, payload: whole.toString('latin1'), qos, retain, messageId });
  }
  return { bytes: Buffer.concat(parts), expected };
}

/** Pushes `bytes` in pieces of random size, from a buffer that is overwritten after each as a socket's is. */
function pushInPieces(reader: PacketReader, bytes: Buffer, random: SeededRandom, largest: number): void {
  const buffer = Buffer.alloc(largest);
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(1 + random.below(largest), bytes.length - at);
    bytes.copy(buffer, 0, at, at + length);
    reader.push(buffer.subarray(0, length));
    buffer.fill(0xff);
    at += length;
  }
}

const seed = SEED;

describe.each([4, 5] as const)(`the packet reader, seed ${seed}, MQTT protocol %i`, (version) => {
  test('finds the same packets however the stream is cut', () => {
    const random = new SeededRandom(seed + version);
    for (const largest of [1, 2, 7, 64, 1500, 65_536, 300_000]) {
      const { bytes, expected } = streamOf(random, version, largest === 1 ? 60 : 400);
      const sink = new Collector();
      pushInPieces(new PacketReader(sink, { version, limit: LIMIT }), bytes, random, largest);
      expect(sink.found).toEqual(expected);
    }
  });

  test('delivers nothing while it is stopped, and the rest in order afterwards', () => {
    const random = new SeededRandom(seed + 10 + version);
    const { bytes, expected } = streamOf(random, version, 500);
    const sink = new Collector();
    const reader = new PacketReader(sink, { version, limit: LIMIT });
    let stopped = 0;
    sink.onFound = () => {
      if (random.below(5) > 0) return;
      reader.stop();
      stopped++;
    };
    pushInPieces(reader, bytes, random, 3000);
    let before = -1;
    while (sink.found.length > before) {
      before = sink.found.length;
      reader.resume();
    }
    expect(sink.found).toEqual(expected);
    expect(stopped).toBeGreaterThan(10);
  });

  test('damaged and random bytes end in an error or in packets, never in anything else', () => {
    const random = new SeededRandom(seed + 20 + version);
    let errors = 0;
    for (let round = 0; round < 3000; round++) {
      const { bytes } = streamOf(random, version, 4);
      const kind = random.below(3);
      const damaged = kind === 0 ? Buffer.from(bytes) : kind === 1 ? bytes.subarray(0, random.below(bytes.length + 1)) : Buffer.from(Array.from({ length: 1 + random.below(200) }, () => random.below(256)));
      if (kind === 0) for (let flips = 1 + random.below(6); flips > 0; flips--) damaged[random.below(damaged.length)] = random.below(256);
      const sink = new Collector();
      const reader = new PacketReader(sink, { version, limit: LIMIT });
      try {
        pushInPieces(reader, damaged, random, 1 + random.below(4000));
      } catch (error) {
        expect(error).toBeInstanceOf(PacketError);
        errors++;
      }
    }
    expect(errors).toBeGreaterThan(100);
  });
});

describe('the bounds of the packet reader', () => {
  const reader = (sink = new Collector()) => new PacketReader(sink, { version: 4, limit: 1000 });

  test('a packet that is too long is refused as soon as its length is known', () => {
    // 1,001 bytes with the three of the header: 998 behind it.
    expect(() => reader().push(Uint8Array.of(0x40, 0xe6, 0x07))).toThrow(/1001 bytes/);
    expect(() => reader().push(Uint8Array.of(0x40, 0xe5, 0x07))).not.toThrow();
    expect(() => reader().push(Uint8Array.of(0x20, 0xff, 0xff, 0xff, 0x7f))).toThrow(PacketError);
  });

  test('a message that is too long is read past and named, whatever its length, and what follows is taken', () => {
    const sink = new Collector();
    const one = reader(sink);
    const megabytes = 200;
    one.push(Uint8Array.of(0x32, 0x80, 0x80, 0x80, 0x64, 0, 1, 0x61, 1, 2));
    // 200 MB behind the fixed header, of which five bytes have come.
    for (let i = 0; i < megabytes; i++) one.push(new Uint8Array(1024 * 1024 - (i === 0 ? 5 : 0)));
    one.push(generate({ cmd: 'publish', topic: 'b', payload: 'next', qos: 0, retain: false, dup: false }));
    expect(sink.found).toEqual([`skipped too-large ${megabytes * 1024 * 1024 + 5} 1 258 a`, { topic: 'b', payload: 'next', qos: 0, retain: false, messageId: 0 }]);
  });

  test.each([
    ['a long message whose topic is longer than itself', [0x30, 0x80, 0x08, 0xff, 0xff, 1]],
    ['a long message without topic', [0x30, 0x80, 0x08, 0, 0, 1]],
    ['a long message with QoS 3', [0x36, 0x80, 0x08, 0, 1, 0x61, 0, 1]],
    ['QoS 2 without message id', [0x34, 5, 0, 1, 0x61, 0, 0]],
    ['QoS 2 without room for a topic', [0x34, 1, 0]],
  ])('%s is an error', (_case, bytes) => {
    expect(() => reader().push(Uint8Array.from(bytes))).toThrow(PacketError);
  });

  test.each([
    ['a length without end', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a topic that is longer than the packet', [0x30, 3, 0, 9, 0x61]],
    ['no topic', [0x30, 2, 0, 0]],
    ['no room for a topic', [0x30, 1, 0]],
    ['an empty packet', [0x30, 0]],
    ['no room for the message id', [0x32, 4, 0, 1, 0x61, 1]],
    ['message id 0', [0x32, 5, 0, 1, 0x61, 0, 0]],
    ['QoS 3', [0x36, 5, 0, 1, 0x61, 0, 1]],
  ])('%s is an error', (_case, bytes) => {
    expect(() => reader().push(Uint8Array.from([...bytes, 1, 2, 3, 4, 5, 6, 7, 8, 9]))).toThrow(PacketError);
  });
});
