import { describe, expect, it, vi } from 'vitest';
import { parseDbc } from '../dbc/parse.ts';
import { createDecoder, type Decoder, type DecoderOptions } from './decoder.ts';
import { exactValue } from './exact.ts';
import { generateSource } from './generate.ts';
import { inspectFrame } from './inspect.ts';
import { planMessage } from './plan.ts';

const decoderOf = (text: string, options?: DecoderOptions): Decoder => createDecoder(parseDbc(text).database, options);
const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const values = (decoder: Decoder, hex: string, id = 1, extended = false): Record<string, number> =>
  Object.fromEntries((inspectFrame(decoder, id, extended, bytes(hex))?.signals ?? []).map(({ signal, value }) => [signal.name, value]));

const J1939 = `BO_ 2364540158 EEC1: 8 X
 SG_ EngineSpeed : 24|16@1+ (0.125,0) [0|8031.875] "rpm" X
BO_ 2564227111 PeerToPeer: 8 X
 SG_ Peer : 0|8@1+ (1,0) [0|0] "" X
BO_ 2364547071 Plain: 8 X
 SG_ P : 0|8@1+ (1,0) [0|0] "" X
BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";
BA_DEF_DEF_ "VFrameFormat" "J1939PG";
BA_ "VFrameFormat" BO_ 2364547071 1;
`;

describe.each(['compiled', 'interpreted'] as const)('a decoder (%s)', (mode) => {
  it('finds messages by id and kind of id', () => {
    const decoder = decoderOf('BO_ 1 A: 1 X\nBO_ 2147483649 B: 1 X\nBO_ 2147483650 C: 1 X\n', { mode });
    expect(decoder.mode).toBe(mode);
    expect(decoder.lookup(1, false)?.message.name).toBe('A');
    expect(decoder.lookup(1, true)?.message.name).toBe('B');
    expect(decoder.lookup(2, true)?.message.name).toBe('C');
    for (const [id, extended] of [[2, false], [3, true], [0x7ff, false], [0x800, false], [-1, false], [-1, true], [1.5, false]] as const) expect(decoder.lookup(id, extended)).toBeUndefined();
  });

  it('finds J1939 messages by parameter group, whatever priority and source, and destination where the group has one', () => {
    const decoder = decoderOf(J1939, { mode });
    expect(decoder.lookup(0x0cf004fe, true)?.message.name).toBe('EEC1');
    expect(decoder.lookup(0x18f00421, true)?.message.name).toBe('EEC1');
    expect(decoder.lookup(0x18f00521, true)).toBeUndefined();
    const [, peer] = decoder.messages;
    const id = peer?.message.id ?? 0;
    expect(decoder.lookup((id & 0x03ff0000) | 0x1234, true)?.message.name).toBe('PeerToPeer');
    expect(decoder.lookup(0x0cf01fff, true)?.message.name).toBe('Plain');
    expect(decoder.lookup(0x18f01fff, true)).toBeUndefined();
  });

  it('reports only signals that lie wholly inside a short payload, and ignores what follows a long one', () => {
    const decoder = decoderOf('BO_ 1 A: 4 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n SG_ T : 8|16@1+ (1,0) [0|0] "" X\n SG_ U : 31|8@0- (0.5,1) [0|0] "" X\n', { mode });
    expect(values(decoder, '010203fe')).toEqual({ S: 1, T: 0x0302, U: 0 });
    expect(values(decoder, '010203feffff')).toEqual({ S: 1, T: 0x0302, U: 0 });
    expect(values(decoder, '0102')).toEqual({ S: 1 });
    expect(values(decoder, '')).toEqual({});
  });

  it('never reports a signal beyond its message, even where the payload is longer', () => {
    const decoder = decoderOf('BO_ 1 A: 1 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n SG_ T : 4|8@1+ (1,0) [0|0] "" X\n', { mode });
    expect(values(decoder, '01ffff')).toEqual({ S: 1 });
  });

  it('follows multiplexors by raw value, nested and by range, and reports no branch for an unknown value', () => {
    const decoder = decoderOf(`BO_ 1 A: 4 X
 SG_ Sel M : 0|8@1- (2,1) [0|0] "" X
 SG_ Low m0 : 8|8@1+ (1,0) [0|0] "" X
 SG_ Inner m5M : 8|8@1+ (1,0) [0|0] "" X
 SG_ Deep m9 : 16|8@1+ (1,0) [0|0] "" X
 SG_ Always : 24|8@1+ (1,0) [0|0] "" X
SG_MUL_VAL_ 1 Low Sel 0-0, 2-3;
SG_MUL_VAL_ 1 Deep Inner 9-1000000;
`, { mode });
    expect(values(decoder, '00aabbcc')).toEqual({ Sel: 1, Always: 0xcc, Low: 0xaa });
    expect(values(decoder, '03aabbcc')).toEqual({ Sel: 7, Always: 0xcc, Low: 0xaa });
    expect(values(decoder, '0509bbcc')).toEqual({ Sel: 11, Always: 0xcc, Inner: 9, Deep: 0xbb });
    expect(values(decoder, '0508bbcc')).toEqual({ Sel: 11, Always: 0xcc, Inner: 8 });
    expect(values(decoder, 'ffaabbcc')).toEqual({ Sel: -1, Always: 0xcc });
  });

  it('treats the raw values it was told about as missing, and no others', () => {
    const text = 'BO_ 1 A: 2 X\n SG_ S : 0|8@1+ (1,-40) [0|0] "" X\n SG_ T : 8|8@1+ (1,0) [0|0] "" X\n';
    expect(values(decoderOf(text, { mode }), 'ffff')).toEqual({ S: 215, T: 255 });
    const decoder = decoderOf(text, { mode, notAvailable: (_, { name }) => (name === 'S' ? [254, 255] : []) });
    expect(values(decoder, 'ffff')).toEqual({ T: 255 });
    expect(values(decoder, 'fd01')).toEqual({ S: 213, T: 1 });
  });

  it('gives integers beyond 2^53 as the nearest double', () => {
    const decoder = decoderOf('BO_ 1 A: 8 X\n SG_ S : 0|64@1+ (1,0) [0|0] "" X\nBO_ 2 B: 8 X\n SG_ S : 7|64@0- (1,0) [0|0] "" X\n', { mode });
    expect(values(decoder, 'ffffffffffffffff')).toEqual({ S: Number(2n ** 64n - 1n) });
    expect(values(decoder, '8000000000000001', 2)).toEqual({ S: Number(-(2n ** 63n) + 1n) });
    expect(values(decoder, '0102030405060709', 2)).toEqual({ S: Number(0x0102030405060709n) });
  });

  it('labels raw values, not physical ones', () => {
    const decoder = decoderOf('BO_ 1 A: 2 X\n SG_ S : 0|8@1+ (0.1,-5) [0|0] "" X\n SG_ T : 8|8@1- (1,0) [0|0] "" X\nVAL_ 1 S 3 "three" ;\nVAL_ 1 T -1 "lost" ;\n', { mode });
    const frame = inspectFrame(decoder, 1, false, bytes('03ff'));
    expect(frame?.signals.map(({ label }) => label)).toEqual(['three', 'lost']);
    expect(decoder.labelOf(0, 4)).toBeUndefined();
    expect(decoder.labelOf(9, 4)).toBeUndefined();
    expect(decoder.rawOf(0, -4.7)).toBe(3);
  });

  it('numbers signals over the whole database', () => {
    const decoder = decoderOf('BO_ 1 A: 1 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\nBO_ 2 B: 1 X\n SG_ T : 0|8@1+ (1,0) [0|0] "V" X\n', { mode });
    expect(decoder.signals.map(({ index, name, messageName, unit }) => [index, name, messageName, unit])).toEqual([[0, 'S', 'A', ''], [1, 'T', 'B', 'V']]);
    expect(decoder.lookup(2, false)?.firstSignal).toBe(1);
    expect(decoder.maximumSignals).toBe(1);
  });
});

describe('exactValue', () => {
  it('gives the decimal number that a value stands for', () => {
    const integer = { float: false, length: 16, offset: 0 };
    expect(exactValue({ ...integer, scale: 0.1 }, 3549 * 0.1)).toBe(354.9);
    expect(exactValue({ ...integer, scale: 0.00390625, offset: -0.5 }, 3 * 0.00390625 - 0.5)).toBe(-0.48828125);
    expect(exactValue({ ...integer, scale: 1e-7 }, 3e-7)).toBe(3e-7);
    expect(exactValue({ ...integer, scale: 1 }, 2 ** 63)).toBe(2 ** 63);
    expect(exactValue({ float: true, length: 32, scale: 1, offset: 0 }, Math.fround(0.1))).toBe(0.1);
    expect(exactValue({ ...integer, scale: 1 }, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('generated source', () => {
  it('holds no text of the database, only numbers and fixed words', () => {
    const evil = '"];throw"';
    const { database } = parseDbc(`BO_ 1 alert: 8 X\n SG_ process M : 0|8@1+ (1e-7,-0.5) [0|0] "${'unit'}" X\n SG_ exit m1 : 8|40@0- (1,0) [0|0] "" X\n SG_ f : 20|32@1- (1,0) [0|0] "" X\nSIG_VALTYPE_ 1 f : 1;\nVAL_ 1 exit 1 "${evil.replaceAll('"', '')}" ;\n`);
    const [message] = database.messages;
    if (message === undefined) throw new Error('no message');
    const words = new Set(generateSource(planMessage(message)).match(/[A-Za-z_$]+\w*/g));
    const allowed = /^(use|strict|return|function|view|at|length|values|present|short|scratch|if|const|let|switch|case|break|true|false|n|e|[wsr]\d+|get(Int32|Uint32|Uint16|Uint8|Float32|Float64)|setInt32)$/;
    expect([...words].filter((word) => !allowed.test(word))).toEqual([]);
  });

  it('refuses to carry text that stands where a number belongs', () => {
    const [message] = parseDbc('BO_ 1 A: 1 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n').database.messages;
    if (message === undefined) throw new Error('no message');
    const tampered = { ...message, signals: message.signals.map((signal) => ({ ...signal, scale: 'process.exit()' as unknown as number })) };
    expect(generateSource(planMessage(tampered))).not.toContain('process');
  });

  it('is not needed where code generation is not allowed', () => {
    const blocked = vi.spyOn(globalThis, 'Function').mockImplementation(function () { throw new EvalError('blocked'); });
    try {
      const decoder = decoderOf('BO_ 1 A: 1 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n');
      expect(decoder.mode).toBe('interpreted');
      expect(values(decoder, '07')).toEqual({ S: 7 });
    } finally {
      blocked.mockRestore();
    }
  });
});
