import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DLC_LENGTHS, FRAME_FLAG, encodeCanBinary, encodeCanJson, type CanBatch, type WireFrame } from '../wire/index.ts';
import { scanJsonCan } from './can-json-scan.ts';
import { FrameBatch, createHead, readBinaryCan, readJsonCan, readJsonCanThoroughly, type MessageHead } from './index.ts';

const inflate = (body: Uint8Array, limit: number): Uint8Array => inflateRawSync(body, { maxOutputLength: limit });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function framesOf(batch: FrameBatch): { dt: number; id: number; flags: number; bus: number; data: number[] }[] {
  return Array.from({ length: batch.count }, (_, i) => ({
    dt: batch.dt[i]!, id: batch.id[i]!, flags: batch.flags[i]!, bus: batch.bus[i]!, data: [...batch.bytes.subarray(batch.at[i], batch.at[i]! + batch.length[i]!)],
  }));
}

const arbitraryFrames = fc
  .array(
    fc.record({ gap: fc.nat(60_000), extended: fc.boolean(), fd: fc.boolean(), kind: fc.constantFrom(0, 0, 0, FRAME_FLAG.rtr, FRAME_FLAG.error), more: fc.constantFrom(0, 4, 8, 64, 76), bus: fc.option(fc.nat(15), { nil: undefined }), code: fc.nat(15), id: fc.nat(0x1fffffff), fill: fc.nat(255) }),
    { maxLength: 40 },
  )
  .map((items) => {
    let dt = 0;
    return items.map(({ gap, extended, fd, kind, more, bus, code, id, fill }): WireFrame => {
      const data = new Uint8Array(kind === FRAME_FLAG.rtr ? 0 : DLC_LENGTHS[fd ? code : code % 9]!).fill(fill);
      return { dt: (dt += gap * 10), id: extended ? id : id & 0x7ff, flags: (extended ? 1 : 0) | (fd ? 2 : 0) | kind | more, data, ...(bus === undefined ? {} : { bus }) };
    });
  });
const arbitraryBatch = fc.record({ boot: fc.nat(0xffffffff), seq: fc.nat(0xffffffff), up: fc.nat(1e6), buffered: fc.boolean(), t0: fc.integer({ min: 0, max: 2e15 }), bus: fc.nat(15), frames: arbitraryFrames });

const expected = (batch: CanBatch): unknown => batch.frames.map((frame) => ({ dt: frame.dt, id: frame.id, flags: frame.flags! | (frame.id > 0x7ff ? 1 : 0), bus: frame.bus ?? batch.bus, data: [...frame.data] }));
const headOf = ({ boot, seq, up, buffered = false, t0 }: CanBatch): MessageHead => ({ numbered: true, boot, seq, up, buffered, time: t0 / 1000 });

describe('what the encoders write', () => {
  const frames = new FrameBatch();

  it('is read back from the binary form, deflated or not', () => {
    fc.assert(
      fc.property(arbitraryBatch, fc.boolean(), (batch, deflate) => {
        const head = createHead();
        expect(readBinaryCan(encodeCanBinary(batch, deflate ? { deflate: (body) => deflateRawSync(body) } : {}), inflate, head, frames)).toBeUndefined();
        expect(framesOf(frames)).toEqual(expected(batch));
        expect(head).toEqual(headOf(batch));
      }),
    );
  });

  it('is read back from JSON by the scanner itself', () => {
    fc.assert(
      fc.property(arbitraryBatch, (batch) => {
        const head = createHead();
        expect(scanJsonCan(encodeCanJson(batch), head, frames)).toBe(true);
        expect(framesOf(frames)).toEqual(expected(batch));
        expect(head).toEqual(headOf(batch));
      }),
    );
  });
});

describe('the scanner', () => {
  const scanned = new FrameBatch();
  const parsed = new FrameBatch();
  const pieces = ['{', '}', '[', ']', ',', '"', ':', '0', '1', '9', '-', '.', 'e', ' ', 'f', '"b":3', '"bus":1', 'null', '00', '"00"', '"v":1', '\\u0030', '4294967296', '9007199254740993', '"buf":2'];

  it('never takes what JSON.parse refuses, and gives the same where both take it', () => {
    fc.assert(
      fc.property(arbitraryBatch, fc.array(fc.record({ at: fc.nat(), cut: fc.nat(3), text: fc.constantFrom(...pieces) }), { minLength: 1, maxLength: 3 }), fc.boolean(), (batch, edits, bytewise) => {
        let text = new TextDecoder().decode(encodeCanJson({ ...batch, frames: batch.frames.slice(0, 3) }));
        for (const { at, cut, text: piece } of edits) {
          const place = at % text.length;
          text = text.slice(0, place) + (bytewise ? String.fromCharCode(at % 256) : piece) + text.slice(place + cut);
        }
        const payload = bytes(text);
        const scannedHead = createHead();
        const parsedHead = createHead();
        if (!scanJsonCan(payload, scannedHead, scanned)) return;
        expect(readJsonCanThoroughly(payload, parsedHead, parsed), text).toBeUndefined();
        expect(framesOf(scanned), text).toEqual(framesOf(parsed));
        expect(scannedHead, text).toEqual(parsedHead);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['{"f":[[0,1,"00"]],"b":2,"v":1,"boot":1,"seq":1,"up":1,"buf":0,"t0":1}', '{ "v": 1, "boot": 1, "seq": 1, "t0": 1, "b": 2, "extra": [1, {"a": 2}], "f": [ [ 0, 1, "00" ] ] }', '{"v":1,"t0":1.0e0,"b":2,"f":[[0,1,"00"]]}'])('leaves %s to JSON.parse, which takes it', (text) => {
    const head = createHead();
    expect(scanJsonCan(bytes(text), head, scanned)).toBe(false);
    expect(readJsonCan(bytes(text), head, scanned)).toBeUndefined();
    expect(framesOf(scanned)).toEqual([{ dt: 0, id: 1, flags: 0, bus: 2, data: [0] }]);
  });
});

describe('a JSON batch', () => {
  const read = (text: string): unknown => readJsonCan(bytes(text), createHead(), new FrameBatch());
  const batch = (frame: string): string => `{"v":1,"boot":1,"seq":1,"t0":1,"f":[${frame}]}`;

  it.each([
    ['{"v":2}', 'unknown-version'],
    ['{"v":"1"}', 'unknown-version'],
    ['{"v":1,"boot":-1,"seq":1,"t0":1,"f":[]}', 'bad-envelope'],
    ['{"v":1,"seq":1,"t0":1,"f":[]}', 'bad-envelope'],
    ['{"v":1,"boot":1,"seq":1.5,"t0":1,"f":[]}', 'bad-envelope'],
    ['{"v":1,"boot":1,"seq":1,"buf":2,"t0":1,"f":[]}', 'bad-envelope'],
    ['{"v":1,"boot":1,"seq":1,"f":[]}', 'bad-time'],
    ['{"v":1,"boot":1,"seq":1,"t0":-5,"f":[]}', 'bad-time'],
    ['{"v":1,"boot":1,"seq":1,"t0":1e999,"f":[]}', 'bad-time'],
    ['{"v":1,"boot":1,"seq":1,"t0":1}', 'bad-shape'],
    ['[1]', 'bad-shape'],
    ['{"v":1', 'not-json'],
    [`${'['.repeat(9)}${']'.repeat(9)}`, 'too-deep'],
    [batch('[0,1]'), 'bad-frame'],
    [batch('[0,1,"0"]'), 'bad-frame'],
    [batch('[0,1,"0g"]'), 'bad-frame'],
    [batch('[0,1,"000000000000000000"]'), 'bad-frame'],
    [batch('[0,536870912,"00"]'), 'bad-frame'],
    [batch('[0,1,"00",128]'), 'bad-frame'],
    [batch('[0,1,"00",0,16]'), 'bad-frame'],
    [batch('[0.5,1,"00"]'), 'bad-frame'],
    [batch('["0",1,"00"]'), 'bad-frame'],
    [batch('{"0":0}'), 'bad-frame'],
  ])('%s is refused', (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it('that is not UTF-8 is refused', () => {
    expect(readJsonCan(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), createHead(), new FrameBatch())).toBe('not-utf8');
  });
});

describe('a binary batch', () => {
  const good = encodeCanBinary({ boot: 1, seq: 1, up: 1, t0: 1e15, bus: 0, frames: [{ dt: 0, id: 1, data: Uint8Array.of(1, 2) }] });
  const read = (change: (payload: Uint8Array) => Uint8Array | void): unknown => {
    const payload = good.slice();
    return readBinaryCan(change(payload) ?? payload, inflate, createHead(), new FrameBatch());
  };

  it.each([
    ['cut in the header', 'truncated', (payload: Uint8Array) => payload.slice(0, 27)],
    ['cut in a record', 'truncated', (payload: Uint8Array) => payload.slice(0, -1)],
    ['of a single byte', 'truncated', (payload: Uint8Array) => payload.slice(0, 1)],
    ['with bytes behind it', 'trailing-bytes', (payload: Uint8Array) => Uint8Array.of(...payload, 0)],
    ['of version 2', 'unknown-version', (payload: Uint8Array) => void (payload[1] = 2)],
    ['with unknown flags', 'bad-envelope', (payload: Uint8Array) => void (payload[2] = 0x80)],
    ['with bus 16', 'bad-envelope', (payload: Uint8Array) => void (payload[3] = 16)],
    ['with a short header length', 'bad-envelope', (payload: Uint8Array) => void (payload[26] = 27)],
    ['with a header longer than itself', 'truncated', (payload: Uint8Array) => void (payload[27] = 9)],
    ['with a time beyond 2^53', 'bad-time', (payload: Uint8Array) => void (payload[23] = 0x40)],
    ['with more frames than it says', 'trailing-bytes', (payload: Uint8Array) => void (payload[24] = 0)],
    ['with fewer frames than it says', 'truncated', (payload: Uint8Array) => void (payload[24] = 2)],
    ['with an 11-bit id above 0x7FF', 'bad-frame', (payload: Uint8Array) => void (payload[30] = 0x08)],
    ['with 12 bytes in a classic frame', 'bad-frame', (payload: Uint8Array) => ((payload[28] = 9), Uint8Array.of(...payload, ...new Array<number>(10).fill(0)))],
    ['that says deflated and is not', 'bad-deflate', (payload: Uint8Array) => void (payload[2] = 1)],
  ])('%s is refused', (_, reason, change) => {
    expect(read(change)).toBe(reason);
  });

  it('that inflates to more than a megabyte is refused', () => {
    const body = deflateRawSync(new Uint8Array(2_000_000));
    const bomb = new Uint8Array(28 + body.length);
    bomb.set(good.subarray(0, 28));
    bomb.set(body, 28);
    bomb[2] = 1;
    expect(readBinaryCan(bomb, inflate, createHead(), new FrameBatch())).toBe('bad-deflate');
  });

  it('may have a longer header, for versions to come', () => {
    const longer = new Uint8Array(good.length + 4);
    longer.set(good.subarray(0, 28));
    longer.set(good.subarray(28), 32);
    longer[26] = 32;
    const frames = new FrameBatch();
    expect(readBinaryCan(longer, inflate, createHead(), frames)).toBeUndefined();
    expect(framesOf(frames)).toEqual([{ dt: 0, id: 1, flags: 0, bus: 0, data: [1, 2] }]);
  });

  it('of the largest count is taken', () => {
    const frames: WireFrame[] = Array.from({ length: 40_000 }, (_, i) => ({ dt: i * 10, id: i & 0x7ff, data: new Uint8Array(0) }));
    const batch = new FrameBatch();
    expect(readBinaryCan(encodeCanBinary({ boot: 1, seq: 1, up: 1, t0: 1e15, bus: 0, frames }), inflate, createHead(), batch)).toBeUndefined();
    expect(batch.count).toBe(40_000);
    expect(batch.dt[39_999]).toBe(399_990);
  });
});
