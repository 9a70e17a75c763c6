import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BINARY_HEADER_LENGTH, DLC_LENGTHS, FRAME_FLAG, encodeCanBinary, encodeCanJson, encodeCommandAck, encodeEvent, encodeMeta, encodeSignals, encodeState, encodeStatistics, encodeTroubleCodes, type CanBatch, type WireFrame } from './index.ts';

const HEAD = { boot: 7, seq: 120, up: 3600.9 };
const text = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** A reader of the binary form that shares nothing with the writer. */
function readBinary(message: Uint8Array): { header: number[]; t0: bigint; frames: { dt: number; id: number; flags: number; bus: number; data: number[] }[] } {
  const view = new DataView(message.buffer, message.byteOffset);
  const flags = view.getUint8(2);
  const raw = message.subarray(view.getUint16(26, true));
  const body = (flags & 1) !== 0 ? inflateRawSync(raw) : Buffer.from(raw);
  const frames = [];
  let p = 0;
  let time = 0;
  for (let i = 0; i < view.getUint16(24, true); i++) {
    const h = body.readUInt8(p++);
    const extra = (h & 0x80) !== 0 ? body.readUInt8(p++) : view.getUint8(3);
    const id = (h & 0x10) !== 0 ? body.readUInt32LE(p) : body.readUInt16LE(p);
    p += (h & 0x10) !== 0 ? 4 : 2;
    time += body.readUInt16LE(p) * ((flags & 2) !== 0 ? 1000 : 10);
    p += 2;
    const length = DLC_LENGTHS[h & 15] as number;
    const special = (h & 0x40) !== 0 ? ((extra & 0x40) !== 0 ? FRAME_FLAG.error : FRAME_FLAG.rtr) : 0;
    const out = ((h & 0x10) !== 0 ? 1 : 0) | ((h & 0x20) !== 0 ? 2 : 0) | ((extra & 0x10) !== 0 ? 4 : 0) | ((extra & 0x20) !== 0 ? 8 : 0) | special | ((extra & 0x80) !== 0 ? 64 : 0);
    frames.push({ dt: time, id, flags: out, bus: extra & 15, data: [...body.subarray(p, p + length)] });
    p += length;
  }
  expect(p).toBe(body.length);
  return { header: [...message.subarray(0, 16)], t0: view.getBigUint64(16, true), frames };
}

const frameArbitrary = fc
  .record({ gap: fc.integer({ min: 0, max: 60_000 }), extended: fc.boolean(), fd: fc.boolean(), kind: fc.constantFrom(0, FRAME_FLAG.rtr, FRAME_FLAG.error), more: fc.integer({ min: 0, max: 7 }), bus: fc.option(fc.integer({ min: 0, max: 15 }), { nil: undefined }), code: fc.nat(15), id: fc.nat(0x1fffffff), fill: fc.nat(255) })
  .map(({ gap, extended, fd, kind, more, bus, code, id, fill }) => {
    const data = new Uint8Array(kind === FRAME_FLAG.rtr ? 0 : (DLC_LENGTHS[fd ? code : code % 9] as number)).fill(fill);
    const flags = (extended ? 1 : 0) | (fd ? 2 : 0) | ((more & 1) * 4) | ((more & 2) * 4) | kind | ((more & 4) * 16);
    return { gap: gap * 10, id: extended ? id : id & 0x7ff, flags, bus, data };
  });

describe('the binary CAN form', () => {
  it('puts a batch into the documented bytes', () => {
    const batch: CanBatch = { ...HEAD, t0: 1_769_155_200_000_123, bus: 0, frames: [{ dt: 0, id: 0x181, data: bytes(1, 2) }, { dt: 1500, id: 0x18ff50e5, data: bytes(0xaa), bus: 1 }] };
    expect(Buffer.from(encodeCanBinary(batch)).toString('hex')).toBe(
      `ec010000${'07000000'}${'78000000'}${'100e0000'}${'7ba03f8b09490600'}${'02001c00'}` + '02' + '8101' + '0000' + '0102' + '9101' + 'e550ff18' + '9600' + 'aa',
    );
  });

  it('can be read back, whatever the frames, deflated or not', () => {
    fc.assert(
      fc.property(fc.array(frameArbitrary, { maxLength: 60 }), fc.boolean(), fc.boolean(), (items, deflate, buffered) => {
        let dt = 0;
        const frames: WireFrame[] = items.map(({ gap, ...frame }) => ({ ...frame, dt: (dt += gap) }));
        const message = encodeCanBinary({ ...HEAD, buffered, t0: 1_769_155_200_000_000, bus: 3, frames }, deflate ? { deflate: (body) => deflateRawSync(body) } : {});
        const back = readBinary(message);
        expect(back.frames).toEqual(frames.map((frame) => ({ dt: frame.dt, id: frame.id, flags: frame.flags, bus: frame.bus ?? 3, data: [...frame.data] })));
        expect(back.t0).toBe(1_769_155_200_000_000n);
        expect((back.header[2] as number) & 4).toBe(buffered ? 4 : 0);
      }),
    );
  });

  it('counts in milliseconds where a gap does not fit 16 bits of 10 µs', () => {
    const frames = [{ dt: 0, id: 1, data: bytes() }, { dt: 900_000, id: 1, data: bytes() }];
    expect(readBinary(encodeCanBinary({ ...HEAD, t0: 0, bus: 0, frames })).frames[1]?.dt).toBe(900_000);
  });

  it('does not let rounding drift over a batch', () => {
    const frames = Array.from({ length: 300 }, (_, i) => ({ dt: i * 1004, id: 1, data: bytes() }));
    const back = readBinary(encodeCanBinary({ ...HEAD, t0: 0, bus: 0, frames })).frames;
    for (const [i, frame] of back.entries()) expect(Math.abs(frame.dt - i * 1004)).toBeLessThanOrEqual(5);
  });

  it('stays plain where deflating would make it longer', () => {
    const message = encodeCanBinary({ ...HEAD, t0: 0, bus: 0, frames: [{ dt: 0, id: 1, data: bytes(9) }] }, { deflate: (body) => deflateRawSync(body) });
    expect(message[2]).toBe(0);
    expect(message.length).toBe(BINARY_HEADER_LENGTH + 6);
  });

  it('refuses what CAN does not know', () => {
    const of = (frame: Partial<WireFrame>): CanBatch => ({ ...HEAD, t0: 0, bus: 0, frames: [{ dt: 5, id: 1, data: bytes() }, { dt: 5, id: 1, data: bytes(), ...frame }] });
    expect(() => encodeCanBinary(of({ data: new Uint8Array(9) }))).toThrow(RangeError);
    expect(() => encodeCanBinary(of({ data: new Uint8Array(12) }))).toThrow(RangeError);
    expect(() => encodeCanBinary(of({ id: 0x20000000 }))).toThrow(RangeError);
    expect(() => encodeCanBinary(of({ dt: 4 }))).toThrow(RangeError);
  });
});

describe('the JSON forms', () => {
  it('writes frames short, and flags and bus only where they say something', () => {
    const frames: WireFrame[] = [
      { dt: 0, id: 385, data: bytes(0, 0x11, 0x22) },
      { dt: 1500, id: 418119680, data: bytes(0xff, 0) },
      { dt: 1600, id: 5, data: bytes(1), flags: FRAME_FLAG.extended },
      { dt: 1700, id: 6, data: bytes(), flags: FRAME_FLAG.rtr, bus: 2 },
    ];
    expect(text(encodeCanJson({ ...HEAD, buffered: true, t0: 1769155200000000, bus: 0, frames }))).toEqual({
      v: 1, boot: 7, seq: 120, up: 3600, buf: 1, t0: 1769155200000000, b: 0,
      f: [[0, 385, '001122'], [1500, 418119680, 'FF00'], [1600, 5, '01', 1, 0], [1700, 6, '', 16, 2]],
    });
  });

  it('writes the other suffixes with the members of the protocol', () => {
    const envelope = { v: 1, boot: 7, seq: 120, up: 3600, buf: 0 };
    expect(text(encodeSignals({ ...HEAD, t0: 10, values: [[0, 'lat', 12.9], [5, 'firmwareVersion', 'V1']] }))).toEqual({ ...envelope, t0: 10, s: [[0, 'lat', 12.9], [5, 'firmwareVersion', 'V1']] });
    expect(text(encodeState({ on: false, t: 5, boot: 7 }))).toEqual({ v: 1, on: false, t: 5, boot: 7 });
    expect(text(encodeMeta({ ...HEAD, model: 'M', vin: 'X', tcu: { type: 'VCU', firmware: 'V1' }, buses: [{ bus: 0, name: 'EV', kbps: 500, fd: false, dbc: 'sha256:00' }] }))).toEqual({
      ...envelope, model: 'M', vin: 'X', tcu: { type: 'VCU', fw: 'V1' }, buses: [{ b: 0, name: 'EV', kbps: 500, fd: false, dbc: 'sha256:00' }],
    });
    expect(text(encodeStatistics({ ...HEAD, t: 5, buses: [{ bus: 0, frames: 9, errors: 1, load: 12.5, state: 'active', lost: 0, queue: 2 }] }))).toEqual({
      ...envelope, t: 5, buses: [{ b: 0, rx: 9, err: 1, load: 12.5, state: 'active', lost: 0, queue: 2 }],
    });
    expect(text(encodeTroubleCodes({ ...HEAD, t: 5, protocol: 'j1939', lamps: 2, codes: [{ spn: 1, fmi: 2, oc: 3 }] }))).toEqual({ ...envelope, t: 5, proto: 'j1939', lamps: 2, dtc: [{ spn: 1, fmi: 2, oc: 3 }] });
    expect(text(encodeEvent({ ...HEAD, t: 5, name: 'boot', data: { reason: 'power' } }))).toEqual({ ...envelope, t: 5, evt: 'boot', data: { reason: 'power' } });
    expect(text(encodeCommandAck({ ...HEAD, id: 'c1', t: 5, state: 'rejected', why: 'The vehicle moves.' }))).toEqual({ ...envelope, id: 'c1', t: 5, st: 'rejected', why: 'The vehicle moves.' });
  });
});
