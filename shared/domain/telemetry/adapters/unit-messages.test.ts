import { describe, expect, it } from 'vitest';
import { encodeCommandAck, encodeEvent, encodeMeta, encodeState, encodeStatistics, encodeTroubleCodes } from '../wire/index.ts';
import { createHead, readAck, readEvent, readMeta, readState, readStatistics, readTroubleCodes } from './index.ts';

const HEAD = { boot: 7, seq: 120, up: 3600 };
const T = 1_769_155_200_000;
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('what the encoders write', () => {
  const head = createHead();

  it('is read back', () => {
    expect(readState(encodeState({ on: false, t: T, boot: 7 }), head)).toEqual({ on: false });
    expect(head).toEqual({ numbered: false, boot: 7, seq: 0, up: Number.NaN, buffered: false, time: T });
    const dbc = `sha256:${'0a'.repeat(32)}`;
    expect(readMeta(encodeMeta({ ...HEAD, model: 'M', vin: 'V', tcu: { type: 'VCU', firmware: 'V1' }, buses: [{ bus: 1, name: 'EV', kbps: 500, fd: true, dbc }] }), head)).toEqual({ model: 'M', vin: 'V', unitType: 'VCU', firmware: 'V1', buses: [{ bus: 1, name: 'EV', kbps: 500, fd: true, dbc }] });
    expect(head).toMatchObject({ numbered: true, boot: 7, seq: 120, up: 3600 });
    expect(readTroubleCodes(encodeTroubleCodes({ ...HEAD, t: T, protocol: 'uds', lamps: 2, codes: [{ code: 'P0A1F-16', status: 9 }, { spn: 100, fmi: 3, oc: 2 }] }), head)).toEqual({ protocol: 'uds', lamps: 2, codes: [{ code: 'P0A1F-16', status: 9 }, { spn: 100, fmi: 3, oc: 2 }] });
    const bus = { bus: 0, frames: 9, errors: 1, load: 12.5, state: 'passive', lost: 3, queue: 2 } as const;
    expect(readStatistics(encodeStatistics({ ...HEAD, t: T, buses: [bus] }), head)).toEqual([bus]);
    expect(readEvent(encodeEvent({ ...HEAD, t: T, name: 'boot', data: { reason: 'power' } }), head)).toEqual({ name: 'boot', data: { reason: 'power' } });
    expect(readAck(encodeCommandAck({ ...HEAD, id: 'c1', t: T, state: 'rejected', why: 'The vehicle moves.' }), 'c1', head)).toEqual({ id: 'c1', state: 'rejected', why: 'The vehicle moves.' });
    expect(head.time).toBe(T);
  });
});

describe('malformed messages', () => {
  const v = { v: 1, t: T };
  const meta = { v: 1, model: 'M', buses: [] };

  it.each([
    ['state without on', readState, { ...v }, 'bad-shape'],
    ['state that says on in words', readState, { ...v, on: 'yes' }, 'bad-shape'],
    ['state without a time', readState, { v: 1, on: true }, 'bad-time'],
    ['meta without a model', readMeta, { v: 1, buses: [] }, 'bad-shape'],
    ['meta whose model is a number', readMeta, { ...meta, model: 5 }, 'bad-shape'],
    ['meta with a bus twice', readMeta, { ...meta, buses: [{ b: 0 }, { b: 0 }] }, 'bad-shape'],
    ['meta with too many buses', readMeta, { ...meta, buses: Array.from({ length: 17 }, (_, b) => ({ b })) }, 'too-many'],
    ['meta whose unit is a list', readMeta, { ...meta, tcu: [] }, 'bad-shape'],
    ['dtc of an unknown protocol', readTroubleCodes, { ...v, proto: 'kwp', dtc: [] }, 'bad-shape'],
    ['dtc with an SPN of 20 bits', readTroubleCodes, { ...v, proto: 'j1939', dtc: [{ spn: 0x80000, fmi: 1 }] }, 'bad-shape'],
    ['dtc with null', readTroubleCodes, { ...v, proto: 'j1939', dtc: [null] }, 'bad-shape'],
    ['dtc with too many codes', readTroubleCodes, { ...v, proto: 'uds', dtc: Array.from({ length: 257 }, () => ({ code: 'P0001' })) }, 'too-many'],
    ['stat with a negative counter', readStatistics, { ...v, buses: [{ b: 0, rx: -1 }] }, 'bad-shape'],
    ['stat in an unknown state', readStatistics, { ...v, buses: [{ b: 0, state: 'sleepy' }] }, 'bad-shape'],
    ['evt without a name', readEvent, { ...v }, 'bad-shape'],
    ['evt with an endless name', readEvent, { ...v, evt: 'x'.repeat(65) }, 'bad-shape'],
  ] as const)('%s', (_, read, value, reason) => {
    expect(read(bytes(value), createHead())).toBe(reason);
  });

  it('an ack to another command than its topic says', () => {
    expect(readAck(bytes({ ...v, id: 'c2', st: 'done' }), 'c1', createHead())).toBe('bad-shape');
    expect(readAck(bytes({ ...v, id: 'c1', st: 'maybe' }), 'c1', createHead())).toBe('bad-shape');
  });

  it('text is freed of control and direction characters', () => {
    expect(readEvent(bytes({ ...v, evt: 'a\u0000b\u202ec\n' }), createHead())).toMatchObject({ name: 'abc' });
  });

  it('a DBC that is not named by its content counts as not given', () => {
    expect(readMeta(bytes({ ...meta, buses: [{ b: 0, dbc: '../../etc/passwd' }] }), createHead())).toMatchObject({ buses: [{ dbc: undefined }] });
  });
});
