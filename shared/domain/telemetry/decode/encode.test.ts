import { describe, expect, it } from 'vitest';
import { parseDbc } from '../dbc/parse.ts';
import type { DbcMessage } from '../dbc/model.ts';
import { compileEncoder, encodeMessage } from './encode.ts';

const messageOf = (signals: string, length = 8): DbcMessage => {
  const { database, diagnostics } = parseDbc(`BO_ 1 M: ${length} X\n${signals}`);
  const [message] = database.messages;
  if (message === undefined || diagnostics.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(diagnostics));
  return message;
};
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const encode = (signals: string, values: Record<string, number>, length = 8): string => hex(encodeMessage(messageOf(signals, length), values));

describe('encodeMessage', () => {
  it('places Intel and Motorola signals', () => {
    expect(encode(' SG_ A : 4|12@1+ (1,0) [0|0] "" X\n', { A: 0xabc }, 2)).toBe('c0ab');
    expect(encode(' SG_ A : 7|16@0+ (1,0) [0|0] "" X\n', { A: 0x1234 }, 2)).toBe('1234');
    expect(encode(' SG_ A : 3|12@0+ (1,0) [0|0] "" X\n', { A: 0xabc }, 2)).toBe('0abc');
  });

  it('applies scale and offset, and rounds', () => {
    expect(encode(' SG_ A : 0|8@1+ (0.5,-40) [0|0] "" X\n', { A: 25.2 }, 1)).toBe('82');
  });

  it('writes signed values in two’s complement and saturates at what the bits hold', () => {
    const signal = ' SG_ A : 0|8@1- (1,0) [0|0] "" X\n';
    expect(encode(signal, { A: -1 }, 1)).toBe('ff');
    expect(encode(signal, { A: 500 }, 1)).toBe('7f');
    expect(encode(signal, { A: Number.NEGATIVE_INFINITY }, 1)).toBe('80');
    expect(encode(' SG_ A : 0|8@1+ (1,0) [0|0] "" X\n', { A: -3 }, 1)).toBe('00');
  });

  it('writes 64-bit integers and floats of both sizes', () => {
    expect(encode(' SG_ A : 0|64@1- (1,0) [0|0] "" X\n', { A: -2 })).toBe('feffffffffffffff');
    expect(encode(' SG_ A : 7|64@0+ (1,0) [0|0] "" X\n', { A: 2 ** 52 + 1 })).toBe('0010000000000001');
    expect(encode(' SG_ A : 0|32@1- (1,0) [0|0] "" X\n SG_ B : 39|32@0- (1,0) [0|0] "" X\nSIG_VALTYPE_ 1 A : 1;\nSIG_VALTYPE_ 1 B : 1;\n', { A: 1.5, B: 1.5 })).toBe('0000c03f3fc00000');
    expect(encode(' SG_ A : 0|64@1- (1,0) [0|0] "" X\nSIG_VALTYPE_ 1 A : 2;\n', { A: -0.5 })).toBe('000000000000e0bf');
  });

  it('writes the branch that the multiplexor selects, wherever it stands, and nested ones', () => {
    const signals = ` SG_ A m1 : 8|8@1+ (1,0) [0|0] "" X
 SG_ B m2M : 8|8@1+ (1,0) [0|0] "" X
 SG_ C m5 : 16|8@1+ (1,0) [0|0] "" X
 SG_ S M : 0|8@1+ (1,0) [0|0] "" X
SG_MUL_VAL_ 1 C B 5-6;
`;
    expect(encode(signals, { S: 1, A: 0xaa, B: 0xbb, C: 0xcc }, 3)).toBe('01aa00');
    expect(encode(signals, { S: 2, A: 0xaa, B: 6, C: 0xcc }, 3)).toBe('0206cc');
    expect(encode(signals, { S: 2, A: 0xaa, B: 7, C: 0xcc }, 3)).toBe('020700');
  });

  it('starts signals that were not given at their start value', () => {
    expect(encode(' SG_ A : 0|8@1+ (2,1) [0|0] "" X\n SG_ B : 8|8@1+ (1,0) [0|0] "" X\nBA_DEF_ SG_ "GenSigStartValue" INT 0 255;\nBA_ "GenSigStartValue" SG_ 1 A 7;\n', {}, 2)).toBe('0700');
  });

  it('writes into a part of a larger buffer and clears it first', () => {
    const encoder = compileEncoder(messageOf(' SG_ A : 0|8@1+ (1,0) [0|0] "" X\n', 2));
    const target = new Uint8Array(4).fill(0xff);
    expect(encoder.encode(Float64Array.of(3), target, 1)).toBe(2);
    expect(hex(target)).toBe('ff0300ff');
  });
});
