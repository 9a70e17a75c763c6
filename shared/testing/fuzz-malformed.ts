import { encodeCanBinary, encodeCanJson, encodeCommandAck, encodeEvent, encodeMeta, encodeSignals, encodeState, encodeStatistics, encodeTroubleCodes, type WireFrame } from '../domain/telemetry/wire/index.ts';
import { SeededRandom } from './random.ts';

/** One message as a hostile or broken unit might send it. */
export interface FuzzCase {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** What was done to a valid message; `valid`: nothing. */
  readonly damage: string;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly prefix?: string;
  readonly fleet?: string;
  readonly device?: string;
  /** Epoch ms around which stamps lie. */
  readonly now?: number;
  /** Raw deflate, for batches with a deflated body; none without. */
  readonly deflate?: (body: Uint8Array) => Uint8Array;
  /** Share of payloads above the size limit; they are costly. Default 0.001. */
  readonly oversized?: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** An endless, reproducible sequence of messages, most of them malformed in one of the ways a receiver must survive. */
export function fuzzMalformed(options: FuzzOptions): { next(): FuzzCase } {
  const random = new SeededRandom(options.seed);
  const { prefix = 'evf/1', fleet = 'demo', device = 'FUZZ-1', now = 1_769_155_200_000, oversized = 0.001 } = options;
  const base = `${prefix}/${fleet}/${device}`;
  let seq = 0;
  const next = (): FuzzCase => {
    const { suffix, payload } = validMessage(random, now, ++seq, options.deflate);
    const topic = `${base}/${suffix}`;
    const chance = random.next();
    if (chance < oversized) return { topic, payload: oversizedPayload(random, payload), damage: 'oversized' };
    if (chance < 0.1) return { topic, payload, damage: 'valid' };
    if (chance < 0.2) return { topic: oddTopic(random, base, suffix), payload, damage: 'topic' };
    const damage = random.pick(DAMAGES);
    return { topic, payload: damage.apply(random, payload), damage: damage.name };
  };
  return { next };
}

function frames(random: SeededRandom): WireFrame[] {
  let dt = 0;
  return Array.from({ length: random.below(12) }, () => {
    const extended = random.next() < 0.3;
    return { dt: (dt += 10 * random.below(2000)), id: random.below(extended ? 0x20000000 : 0x800), flags: extended ? 1 : 0, data: Uint8Array.from({ length: random.below(9) }, () => random.below(256)) };
  });
}

function validMessage(random: SeededRandom, now: number, seq: number, deflate: FuzzOptions['deflate']): { suffix: string; payload: Uint8Array } {
  const head = { boot: 1 + random.below(3), seq, up: seq, buffered: random.next() < 0.1 };
  const t = now + random.below(1000);
  switch (random.below(10)) {
    case 0:
    case 1:
      return { suffix: 'can', payload: encodeCanJson({ ...head, t0: t * 1000, bus: 0, frames: frames(random) }) };
    case 2:
    case 3:
      return { suffix: 'can', payload: encodeCanBinary({ ...head, t0: t * 1000, bus: 0, frames: frames(random) }, deflate !== undefined && random.next() < 0.5 ? { deflate } : {}) };
    case 4:
      return { suffix: 'sig', payload: encodeSignals({ ...head, t0: t, values: [[0, 'lat', 12.97 + random.next()], [0, 'lon', 77.59], [0, 'soc', random.below(101)], [5, 'firmwareVersion', 'V4.2.1']] }) };
    case 5:
      return { suffix: 'state', payload: encodeState({ on: random.next() < 0.5, t, boot: head.boot }) };
    case 6:
      return { suffix: 'meta', payload: encodeMeta({ ...head, model: 'M', vin: 'MXEV0001', tcu: { type: 'VCU', firmware: 'V1' }, buses: [{ bus: 0, name: 'EV', kbps: 500, fd: false, dbc: `sha256:${'0'.repeat(64)}` }] }) };
    case 7:
      return { suffix: 'stat', payload: encodeStatistics({ ...head, t, buses: [{ bus: 0, frames: 9, errors: 1, load: 12.5, state: 'active', lost: 0, queue: 2 }] }) };
    case 8:
      return random.next() < 0.5
        ? { suffix: 'dtc', payload: encodeTroubleCodes({ ...head, t, protocol: 'j1939', lamps: 2, codes: [{ spn: 1, fmi: 2, oc: 3 }] }) }
        : { suffix: 'evt', payload: encodeEvent({ ...head, t, name: 'boot', data: { reason: 'power' } }) };
    default:
      return { suffix: 'cmd/c1/ack', payload: encodeCommandAck({ ...head, id: 'c1', t, state: 'done' }) };
  }
}

interface Damage {
  readonly name: string;
  apply(random: SeededRandom, payload: Uint8Array): Uint8Array;
}

/** Puts `text` in place of one of the payload's values (a number, a string, true or false), or in front where it has none. */
function replaceValue(random: SeededRandom, payload: Uint8Array, text: string): Uint8Array {
  const json = decoder.decode(payload);
  const places = [...json.matchAll(/-?\d+(?:\.\d+)?|"[^"]*"(?!:)|true|false/g)];
  if (places.length === 0) return encoder.encode(text + json);
  const place = random.pick(places);
  return encoder.encode(json.slice(0, place.index) + text + json.slice(place.index + place[0].length));
}

function flipBits(random: SeededRandom, payload: Uint8Array): Uint8Array {
  const damaged = payload.slice();
  for (let i = 1 + random.below(8); i > 0 && damaged.length > 0; i--) {
    const at = random.below(damaged.length);
    damaged[at] = (damaged[at] as number) ^ (1 << random.below(8));
  }
  return damaged;
}

const VALUES = ['NaN', 'Infinity', '-Infinity', '1e999', '-1e999', '1e308', '9007199254740993', '-1', '-0', '0.5', '4294967296', 'null', 'true', '""', '"1"', '"\u0000"', '"\ud800"', '{}', '[]', '[[]]', '{"__proto__":{"v":1}}', '{"constructor":1}', '00', '+1', '.5', "'x'", 'undefined'];

const DAMAGES: readonly Damage[] = [
  { name: 'bit flips', apply: flipBits },
  { name: 'bit flips', apply: flipBits },
  { name: 'truncated', apply: (random, payload) => payload.slice(0, random.below(payload.length)) },
  { name: 'trailing bytes', apply: (random, payload) => Uint8Array.of(...payload, ...Array.from({ length: 1 + random.below(20) }, () => random.below(256))) },
  { name: 'noise', apply: (random) => Uint8Array.from({ length: random.below(200) }, () => random.below(256)) },
  { name: 'binary noise', apply: (random) => Uint8Array.from({ length: 1 + random.below(200) }, (_, i) => (i === 0 ? 0xec : i === 1 ? 1 : random.below(256))) },
  { name: 'empty', apply: () => new Uint8Array(0) },
  { name: 'deep', apply: (random) => encoder.encode(random.pick(['[', '{"a":', '{"v":1,"s":[']).repeat(10 + random.below(2000))) },
  { name: 'not UTF-8', apply: (random, payload) => Uint8Array.of(...payload.slice(0, payload.length >> 1), 0xff, 0xc0, 0x80 + random.below(64), ...payload.slice(payload.length >> 1)) },
  { name: 'version', apply: (random, payload) => encoder.encode(decoder.decode(payload).replace('"v":1', `"v":${random.pick(['0', '2', '"1"', '1.5', 'null', '[1]'])}`)) },
  { name: 'value', apply: (random, payload) => replaceValue(random, payload, random.pick(VALUES)) },
  { name: 'value', apply: (random, payload) => replaceValue(random, payload, random.pick(VALUES)) },
  { name: 'long text', apply: (random, payload) => replaceValue(random, payload, `"${'x'.repeat(random.below(3000))}"`) },
  { name: 'member twice', apply: (_random, payload) => encoder.encode(decoder.decode(payload).replace('{', '{"v":1,"boot":-5,"__proto__":{"polluted":true},')) },
  { name: 'not an object', apply: (random) => encoder.encode(random.pick(['null', 'true', '1', '"x"', '[]', '[1,2]'])) },
];

function oversizedPayload(random: SeededRandom, payload: Uint8Array): Uint8Array {
  const large = new Uint8Array(262_145 + random.below(1000)).fill(0x20);
  large.set(payload);
  return large;
}

function oddTopic(random: SeededRandom, base: string, suffix: string): string {
  const device = random.pick(['', ' ', '..', 'a b', 'ä', '\u0000', '\ud800', '%2e%2e', 'x'.repeat(65), 'x'.repeat(5000), '+', '#', '$SYS', "'; DROP TABLE units;--", '<img src=x>', '__proto__']);
  const levels = base.split('/');
  switch (random.below(5)) {
    case 0:
      return [...levels.slice(0, -1), device, suffix].join('/');
    case 1:
      return [...levels.slice(0, -2), device, levels.at(-1), suffix].join('/');
    case 2:
      return `${base}/${random.pick(['', 'unknown', 'can/extra', 'cmd', 'cmd/', 'cmd//ack', 'cmd/x/nack', 'state/', 'constructor'])}`;
    case 3:
      return random.pick(['', '/', '//', '$aws', '$aws/things', '$aws/things//jobs', 'wican', 'wican//can/rx', 'ovms/u', 'ovms/u/v/metric', 'ovms/u/v/metric/' + 'm'.repeat(400), 'evf', 'evf/1', 'other/1/demo/x/can']);
    default:
      return base.slice(0, random.below(base.length));
  }
}
