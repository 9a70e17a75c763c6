import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { demoBus } from '../../../testing/demo-bus.ts';
import { PARAMETER, createCatalogue } from '../catalogue/index.ts';
import { encodeMessage } from '../decode/encode.ts';
import { DELIVERY, QUALITY } from '../envelope/index.ts';
import { encodeCanBinary, encodeCanJson, encodeMeta, encodeSignals, encodeState, encodeStatistics, type CanBatch, type SignalBatch, type WireFrame } from '../wire/index.ts';
import { UnitContext, createProcessor, type DecodedMessage, type Inflate } from './index.ts';

const NOW = 1_769_155_200_000;
const catalogue = createCatalogue();
const bus = demoBus('two-wheeler', catalogue);
const inflate: Inflate = (body, limit) => inflateRawSync(body, { maxOutputLength: limit });

function setUp(model = 'sprint') {
  const processor = createProcessor({ catalogue, inflate, resolveBus: (unit, number) => (unit.model === 'sprint' && number === 0 ? bus.binding : undefined) });
  return { processor, unit: new UnitContext({ deviceId: 'D1', model }) };
}

/** Values of a message by key, rows after another. */
function valuesOf(message: DecodedMessage): Record<string, number>[] {
  return Array.from({ length: message.rowCount }, (_, row) => {
    const entries: [string, number][] = [];
    for (let i = message.rowStart[row]!; i < message.rowStart[row + 1]!; i++) entries.push([catalogue.byNumber(message.parameters[i]!)!.key, message.values[i]!]);
    return Object.fromEntries(entries);
  });
}

function frame(name: string, values: Record<string, number>, dt = 0): WireFrame {
  const message = bus.database.messages.find((item) => item.name === name)!;
  return { dt, id: message.id, data: encodeMessage(message, values), flags: message.extended ? 1 : 0 };
}

const batch = (frames: WireFrame[], over: Partial<CanBatch> = {}): CanBatch => ({ boot: 1, seq: 1, up: 100, t0: (NOW - 500) * 1000, bus: 0, frames, ...over });
const sig = (values: SignalBatch['values'], over: Partial<SignalBatch> = {}): Uint8Array => encodeSignals({ boot: 1, seq: 1, up: 100, t0: NOW, values, ...over });

describe('a CAN batch', () => {
  const frames = [frame('BMS_Pack', { PackVoltage: 52, PackCurrent: -3, StateOfCharge: 80 }), frame('BMS_Pack', { PackVoltage: 51.9, PackCurrent: -4, StateOfCharge: 80 }, 400_000)];

  it('becomes one row with the last value of each parameter, as JSON, binary or deflated', () => {
    for (const payload of [encodeCanJson(batch(frames)), encodeCanBinary(batch(frames)), encodeCanBinary(batch([...frames, ...frames.map((item) => ({ ...item, dt: 400_000 }))]), { deflate: (body) => deflateRawSync(body) })]) {
      const { processor, unit } = setUp();
      const message = processor.process(unit, 'can', payload, NOW);
      expect(message).toMatchObject({ kind: 'can', quality: 0, numbered: true, boot: 1, seq: 1, up: 100, eventTime: NOW - 100, deviceTime: NOW - 100, rowCount: 1 });
      expect(message.rowTime[0]).toBe(NOW - 100);
      expect(message.dbcHashes).toEqual([bus.binding.dbcHash]);
      if (message.frames === 2) expect(valuesOf(message)[0]).toMatchObject({ packVoltage: 51.9, packCurrent: -4, soc: 80 });
    }
  });

  it('counts ids nobody knows, and all of them where the bus is not bound', () => {
    const { processor, unit } = setUp();
    expect(processor.process(unit, 'can', encodeCanJson(batch([...frames, { dt: 0, id: 0x7aa, data: new Uint8Array(8) }])), NOW).unknownFrames).toBe(1);
    expect([...unit.unknownIds]).toEqual([[0x7aa, 1]]);
    const other = setUp('unheard of');
    expect(other.processor.process(other.unit, 'can', encodeCanJson(batch(frames)), NOW)).toMatchObject({ kind: 'can', unknownFrames: 2, count: 0 });
  });

  it('counts payloads of the wrong length', () => {
    const { processor, unit } = setUp();
    const short = { ...frame('BMS_Pack', { PackVoltage: 52 }), data: frame('BMS_Pack', { PackVoltage: 52 }).data.slice(0, 2) };
    expect(processor.process(unit, 'can', encodeCanJson(batch([short])), NOW).lengthMismatches).toBe(1);
    expect(unit.mismatchedIds.size).toBe(1);
  });

  it('takes "not available" and frames of nothing but zeros for missing values', () => {
    const { processor, unit } = setUp();
    const absent = { ...frames[0]!, data: new Uint8Array(8).fill(0xff) };
    expect(valuesOf(processor.process(unit, 'can', encodeCanJson(batch([absent])), NOW))[0]?.['packVoltage']).toBeUndefined();
    const zero = processor.process(unit, 'can', encodeCanJson(batch([{ ...frames[0]!, data: new Uint8Array(8) }], { seq: 2 })), NOW);
    expect(zero.count).toBe(0);
    expect(zero.quality & QUALITY.zeroRow).toBeTruthy();
  });

  it('is decoded by the DBC that meta names, from then on', () => {
    const asked: (string | undefined)[] = [];
    const processor = createProcessor({ catalogue, inflate, resolveBus: (_unit, _bus, hash) => (asked.push(hash), hash === bus.binding.dbcHash ? bus.binding : undefined) });
    const unit = new UnitContext({ deviceId: 'D1' });
    expect(processor.process(unit, 'can', encodeCanJson(batch(frames)), NOW).count).toBe(0);
    processor.process(unit, 'meta', encodeMeta({ boot: 1, seq: 2, up: 1, model: 'M', tcu: { type: 'VCU', firmware: 'V4.2.1' }, buses: [{ bus: 0, name: 'EV', kbps: 500, fd: false, dbc: bus.binding.dbcHash }] }), NOW);
    expect(processor.process(unit, 'can', encodeCanJson(batch(frames, { seq: 3 })), NOW).count).toBeGreaterThan(0);
    processor.process(unit, 'can', encodeCanJson(batch(frames, { seq: 4 })), NOW);
    expect(asked).toEqual([undefined, bus.binding.dbcHash]);
  });
});

describe('a text of CAN frames', () => {
  it.each(['candump', 'crtd'] as const)('is read as %s by its first character', (format) => {
    const { processor, unit } = setUp();
    const first = frame('BMS_Pack', { PackVoltage: 52, PackCurrent: -3, StateOfCharge: 80 });
    const { id } = first;
    const hex = Buffer.from(first.data).toString('hex');
    const seconds = (NOW / 1000).toFixed(6);
    const line = format === 'candump' ? `(${seconds}) can0 ${id.toString(16).toUpperCase().padStart(id > 0x7ff ? 8 : 3, '0')}#${hex}\n` : `${seconds} ${id > 0x7ff ? 'R29' : 'R11'} ${id.toString(16)} ${hex.replace(/../g, '$& ').trim()}\n`;
    const other = setUp();
    const expected = valuesOf(other.processor.process(other.unit, 'can', encodeCanJson(batch([first])), NOW))[0];
    expect(expected).toMatchObject({ packVoltage: 52 });
    expect(valuesOf(processor.process(unit, 'can', new TextEncoder().encode(line), NOW))[0]).toEqual(expected);
  });
});

describe('a sig message', () => {
  const position = [[0, 'lat', 12.97], [0, 'lon', 77.59], [0, 'gpsSpeed', 31], [0, 'satellites', 9], [0, 'hdop', 0.9]] as const;

  it('gives values and texts, by key or alias', () => {
    const { processor, unit } = setUp();
    const message = processor.process(unit, 'sig', sig([...position, [0, 'unitVoltage', 12.6], [0, 'firmware', 'V4.2.1'], [0, 'ignition', true]]), NOW);
    expect(valuesOf(message)).toEqual([{ lat: 12.97, lon: 77.59, gpsSpeed: 31, satellites: 9, hdop: 0.9, supplyVoltage: 12.6, ignition: 1 }]);
    expect(message.texts).toEqual([{ parameter: PARAMETER.firmwareVersion, text: 'V4.2.1' }]);
  });

  it('has a row per second where it covers more', () => {
    const { processor, unit } = setUp();
    const message = processor.process(unit, 'sig', sig([[2500, 'speed', 12], [0, 'speed', 10], [900, 'speed', 11]]), NOW + 2500);
    expect(valuesOf(message)).toEqual([{ speed: 11 }, { speed: 12 }]);
    expect(Array.from(message.rowTime.subarray(0, 2))).toEqual([NOW + 900, NOW + 2500]);
  });

  it.each([
    ['too few satellites', [[0, 'satellites', 3]]],
    ['a bad HDOP', [[0, 'hdop', 5.1]]],
    ['0/0', [[0, 'lat', 0], [0, 'lon', 0]]],
    ['an impossible latitude', [[0, 'lat', 91]]],
  ] satisfies [string, SignalBatch['values']][])('leaves out a position with %s', (_, more) => {
    const { processor, unit } = setUp();
    const message = processor.process(unit, 'sig', sig([...position.filter(([, name]) => !more.some((item) => item[1] === name)), ...more, [0, 'soc', 50]]), NOW);
    const [row] = valuesOf(message);
    expect([row?.['lat'], row?.['lon'], row?.['gpsSpeed'], row?.['soc']]).toEqual([undefined, undefined, undefined, 50]);
    expect(message.quality & QUALITY.fixRejected).toBeTruthy();
  });

  it('leaves out a row of nothing but zeros, and keeps the zeros of a vehicle at rest', () => {
    const { processor, unit } = setUp();
    const zeros = ['lat', 'lon', 'gpsSpeed', 'soc', 'odometer', 'ignition'].map((name) => [0, name, 0] as const);
    expect(processor.process(unit, 'sig', sig(zeros), NOW).rowCount).toBe(0);
    const rest = ['speed', 'motorRpm', 'motorTorque', 'phaseCurrent', 'throttle', 'ignition'].map((name) => [0, name, 0] as const);
    expect(processor.process(unit, 'sig', sig(rest, { seq: 2 }), NOW).count).toBe(6);
  });

  it('counts what it cannot use and keeps the rest', () => {
    const { processor, unit } = setUp();
    const message = processor.process(unit, 'sig', sig([[0, 'soc', '80'], [0, 'noSuchName', 1], [0, 'gsmSignal', 99], [0, 'soh', 97]]), NOW);
    expect(valuesOf(message)).toEqual([{ soh: 97 }]);
    expect(message).toMatchObject({ invalidValues: 2, unknownNames: 1 });
  });
});

describe('event time', () => {
  const speed = (over: Partial<SignalBatch>): Uint8Array => sig([[0, 'speed', 10]], over);
  const YEAR = 31_557_600_000;

  it.each([
    ['a stamp within two minutes', { t0: NOW - 120_000 }, NOW - 120_000, 0],
    ['a stamp older than that', { t0: NOW - 120_001 }, NOW, QUALITY.clockWrong],
    ['a stamp ten years ahead', { t0: NOW + 10 * YEAR }, NOW, QUALITY.clockWrong],
    ['a clock that was never set', { t0: 5_000 }, NOW, QUALITY.clockWrong],
    ['a missed GPS rollover', { t0: NOW - 1024 * 604_800_000 - 2000 }, NOW - 2000, QUALITY.rollover],
    ['a buffered stamp', { t0: NOW - 86_400_000, buffered: true }, NOW - 86_400_000, QUALITY.buffered],
    ['a buffered stamp in the future', { t0: NOW + 60_001, buffered: true }, NOW, QUALITY.buffered | QUALITY.quarantined],
    ['a buffered stamp of an unset clock', { t0: 946_684_800_000, buffered: true }, NOW, QUALITY.buffered | QUALITY.quarantined],
  ] as const)('is right for %s', (_, over, time, quality) => {
    const { processor, unit } = setUp();
    expect(processor.process(unit, 'sig', speed(over), NOW)).toMatchObject({ eventTime: time, quality });
  });

  it('is rebuilt from uptime once a live message has told when the boot began', () => {
    const { processor, unit } = setUp();
    processor.process(unit, 'sig', speed({ seq: 5, up: 3600 }), NOW);
    expect(processor.process(unit, 'sig', speed({ seq: 2, up: 600, t0: 1000, buffered: true }), NOW)).toMatchObject({ eventTime: NOW - 3_000_000, quality: QUALITY.buffered | QUALITY.rebuilt });
  });

  it('is the stamp for what waited at the broker', () => {
    const { processor, unit } = setUp();
    expect(processor.process(unit, 'sig', speed({ t0: NOW - 3_600_000 }), NOW, DELIVERY.queued)).toMatchObject({ eventTime: NOW - 3_600_000, quality: QUALITY.queued });
  });
});

describe('what is seen twice', () => {
  it('is marked by boot and sequence', () => {
    const { processor, unit } = setUp();
    expect(processor.process(unit, 'sig', sig([[0, 'soc', 50]]), NOW).count).toBe(1);
    expect(processor.process(unit, 'sig', sig([[0, 'soc', 50]]), NOW)).toMatchObject({ count: 0, quality: QUALITY.duplicate });
    expect(unit.counters).toMatchObject({ messages: 2, duplicates: 1 });
  });

  it('is marked by time and payload where nothing is numbered', () => {
    const { processor, unit } = setUp();
    const payload = new TextEncoder().encode(`{"v":1,"t0":${NOW},"s":[[0,"soc",50]]}`);
    expect(processor.process(unit, 'sig', payload, NOW)).toMatchObject({ numbered: false, quality: 0 });
    expect(processor.process(unit, 'sig', payload, NOW + 5).quality).toBe(QUALITY.duplicate);
    expect(processor.process(unit, 'sig', payload, NOW, DELIVERY.replay)).toMatchObject({ count: 1, quality: 0 });
  });
});

describe('the other suffixes', () => {
  it('say what they say', () => {
    const { processor, unit } = setUp();
    expect(processor.process(unit, 'state', encodeState({ on: true, t: NOW, boot: 1 }), NOW)).toMatchObject({ kind: 'state', state: { on: true } });
    const statistics = processor.process(unit, 'stat', encodeStatistics({ boot: 1, seq: 9, up: 1, t: NOW, buses: [{ bus: 0, frames: 9, errors: 1, load: 12.5, state: 'warning', lost: 3, queue: 2 }] }), NOW);
    expect(valuesOf(statistics)).toEqual([{ canLoad: 12.5, canErrors: 1, canLost: 3, unitQueue: 2, canState: 1 }]);
    expect(processor.process(unit, 'ovms-metric', new TextEncoder().encode('-12.5A'), NOW, 0, 'v.b.current')).toMatchObject({ kind: 'sig', count: 1 });
    expect(processor.process(unit, 'cmd', new TextEncoder().encode('{}'), NOW, 0, 'x')).toMatchObject({ kind: 'rejected', reason: 'unknown-suffix' });
  });

  it('keeps the beginning of what cannot be read', () => {
    const { processor, unit } = setUp();
    processor.process(unit, 'sig', new TextEncoder().encode('{"v":2}'), NOW);
    expect(unit.rejectedSample).toMatchObject({ reason: 'unknown-version', suffix: 'sig', receivedAt: NOW, length: 7 });
    expect(unit.counters).toMatchObject({ messages: 1, rejected: 1 });
  });
});
