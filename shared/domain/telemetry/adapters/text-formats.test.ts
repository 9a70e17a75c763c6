import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogReader } from '../logs/reader.ts';
import { createCatalogue } from '../catalogue/index.ts';
import { FrameBatch, SignalBatch, createHead, readCandump, readCrtd, readOvmsMetric, readWicanFrames, readWicanStatus } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function linesOf(read: typeof readCandump, text: string): string[] | string {
  const head = createHead();
  const frames = new FrameBatch();
  const reason = read(bytes(text), head, frames);
  if (reason !== undefined) return reason;
  return Array.from({ length: frames.count }, (_, i) => {
    const data = Array.from(frames.bytes.subarray(frames.at[i], frames.at[i]! + frames.length[i]!), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${Math.round(head.time * 1000 + frames.dt[i]!)} ${frames.bus[i]} ${frames.id[i]!.toString(16)} ${frames.flags[i]} ${data}`.trimEnd();
  });
}

describe('candump lines', () => {
  it('are read as logs and as terminal output', () => {
    expect(
      linesOf(readCandump, '(1436509052.249713) can0 044#2A366C2BBA\r\n\n(1436509052.349713) vcan1 1FFFFFFF#\n(1436509052.449713) can2  123   [3]  01 02 03\n(1436509052.5) can0 123#R\n(1436509052.6) can0 123##3AABB\n(1436509052.7) can0 123#01 T\n(1436509052.8) can0 123 [0] remote request\n(1436509052.9) can0 20000080#0000000000000000'),
    ).toEqual(['1436509052249713 0 44 0 2a366c2bba', '1436509052349713 1 1fffffff 1', '1436509052449713 2 123 0 010203', '1436509052500000 0 123 16', '1436509052600000 0 123 14 aabb', '1436509052700000 0 123 64 01', '1436509052800000 0 123 16', '1436509052900000 0 80 32 0000000000000000']);
  });

  it.each(['x', '(1) can0', '(1.0) can0 123', '(1.0) can0 123#0', '(1.0) can0 123#0g', '(1.0)can0 123#00', '(99999999999.0) can0 123#00', '(1.0) can0 1234#000000000000000000', '(1.0) can0 123 [2] 01', '(1.0) can0 123#00 more', '(1.) can0 123#00', '(1.0) can0 123456789#00', '(1.0) can0 123#00\n(1.1) can'])('%j is refused', (text) => {
    expect(linesOf(readCandump, text)).toBe('bad-frame');
  });

  it('without a frame are refused', () => {
    expect(linesOf(readCandump, ' \n\r\n')).toBe('bad-shape');
  });

  it('mean the same to the reader of log files', () => {
    const frame = fc.record({ time: fc.integer({ min: 0, max: 1.9e15 }), bus: fc.nat(9), extended: fc.boolean(), id: fc.nat(0x1fffffff), data: fc.uint8Array({ maxLength: 8 }) });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 20 }), (items) => {
        const sorted = items.map((item) => ({ ...item, time: 1.7e15 + (item.time % 1e9) })).sort((a, b) => a.time - b.time);
        const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
        const text = sorted.map(({ time, bus, extended, id, data }) => `(${(time / 1e6).toFixed(6)}) can${bus} ${extended ? hex(id, 8) : hex(id & 0x7ff, 3)}#${Array.from(data, (byte) => hex(byte, 2)).join('')}`).join('\n') + '\n';
        const read: string[] = [];
        const reader = createLogReader(({ timeUs, bus, id, extended, data }) => {
          read.push(`${timeUs} ${bus} ${id.toString(16)} ${extended ? 1 : 0} ${Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('')}`.trimEnd());
        });
        reader.push(bytes(text));
        reader.end();
        expect(linesOf(readCandump, text)).toEqual(read);
      }),
      { numRuns: 100 },
    );
  });
});

describe('CRTD lines', () => {
  it('are read, with comments left aside', () => {
    expect(linesOf(readCrtd, '# a comment\n1524311386.811100 1R11 100 01 02 03\n1524311386.811200 CXX Info Type:crtd\n1524311386.811300 T29 18FF50E5 FF\n1524311386.9 R11 7E8\n')).toEqual(['1524311386811100 1 100 0 010203', '1524311386811300 0 18ff50e5 65 ff', '1524311386900000 0 7e8 0']);
  });

  it.each(['1.0 1R11 800 00', '1.0 1R12 100 00', '1.0 1X11 100 00', '1.0 1R11 100 0', '1.0 1R11 100 00 00 00 00 00 00 00 00 00', '1.0 1R11', 'R11 100 00'])('%j is refused', (text) => {
    expect(linesOf(readCrtd, text)).toBe('bad-frame');
  });
});

describe('WiCAN', () => {
  it('frames are read', () => {
    const frames = new FrameBatch();
    const text = '{"bus":"0","type":"rx","ts":34610,"frame":[{"id":123,"dlc":2,"rtr":false,"extd":false,"data":[1,2]},{"id":124,"dlc":1,"rtr":false,"extd":true,"data":[255,9]},{"id":5,"dlc":8,"rtr":true,"extd":false,"data":[]}]}';
    expect(readWicanFrames(bytes(text), frames)).toBeUndefined();
    expect(Array.from({ length: 3 }, (_, i) => [frames.id[i], frames.flags[i], ...frames.bytes.subarray(frames.at[i], frames.at[i]! + frames.length[i]!)])).toEqual([[123, 0, 1, 2], [124, 1, 255], [5, 16]]);
  });

  it.each(['{"type":"tx","frame":[]}', '{"bus":16,"frame":[]}', '{"bus":"x","frame":[]}', '{"frame":1}', '{"frame":[{"id":1,"dlc":2,"data":[1]}]}', '{"frame":[{"id":1,"dlc":1,"data":[256]}]}', '{"frame":[{"id":-1,"data":[]}]}', '{"frame":[null]}', '{"frame":[{"id":1,"data":[0,0,0,0,0,0,0,0,0]}]}'])('%s is refused', (text) => {
    expect(readWicanFrames(bytes(text), new FrameBatch())).toMatch(/^bad-(shape|frame)$/);
  });

  it('status says whether the unit is connected', () => {
    expect(readWicanStatus(bytes('{"status":"online"}'))).toEqual({ on: true });
    expect(readWicanStatus(bytes('{"status":"offline"}'))).toEqual({ on: false });
    expect(readWicanStatus(bytes('{"status":"?"}'))).toBe('bad-shape');
  });
});

describe('OVMS metrics', () => {
  const catalogue = createCatalogue();
  const read = (metric: string, text: string): unknown => {
    const signals = new SignalBatch();
    const reason = readOvmsMetric(bytes(text), metric, catalogue, signals);
    if (reason !== undefined) return reason;
    return [...Array.from({ length: signals.count }, (_, i) => [catalogue.byNumber(signals.parameter[i]!)?.key, signals.value[i]]), ...signals.texts.map(({ parameter, text: value }) => [catalogue.byNumber(parameter)?.key, value])];
  };

  it.each([
    ['v.b.soc', '87.5', [['soc', 87.5]]],
    ['v.b.soc', '87.5%', [['soc', 87.5]]],
    ['v.p.odometer', '100000Km', [['odometer', 100_000]]],
    ['v.b.temp', '-3.5°C', [['batteryTempMean', -3.5]]],
    ['v.b.current', '12.5A', [['packCurrent', -12.5]]],
    ['v.e.on', 'yes', [['ignition', 1]]],
    ['v.c.charging', 'no', [['chargingState', 0]]],
    ['m.net.sq', '-113 dBm', [['gsmSignal', 0]]],
    ['m.net.sq', '-51dBm', [['gsmSignal', 31]]],
    ['m.version', '3.3.004/ota_0/main', [['firmwareVersion', '3.3.004/ota_0/main']]],
    ['v.b.c.voltage', '3.91,3.92', [['cellVoltage01', 3.91], ['cellVoltage02', 3.92]]],
    ['v.x.unknown', 'whatever', []],
    ['constructor', '1', []],
  ])('%s %j', (metric, text, expected) => {
    expect(read(metric, text)).toEqual(expected);
  });

  it.each([['v.b.soc', ''], ['v.b.soc', 'NaN'], ['v.b.soc', '1e999'], ['v.b.soc', '1,2'], ['v.e.on', 'maybe'], ['v.b.c.voltage', '3.9,x']])('%s %j is refused', (metric, text) => {
    expect(read(metric, text)).toBe('bad-value');
  });
});
