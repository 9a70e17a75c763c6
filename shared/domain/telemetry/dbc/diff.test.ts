import { describe, expect, it } from 'vitest';
import { diffDbc } from './diff.ts';
import { dbcHash } from './hash.ts';
import { parseDbc } from './parse.ts';

const BEFORE = 'BO_ 1 A: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n SG_ T : 8|8@1+ (1,0) [0|0] "V" X\nBO_ 2 B: 8 X\n SG_ U : 0|8@1+ (1,0) [0|0] "" X\n';
const summary = (before: string, after: string): string[] => diffDbc(parseDbc(before).database, parseDbc(after).database)
  .map(({ kind, message, signal, changes, affectsValues }) => `${kind} ${message}${signal === undefined ? '' : `.${signal}`} ${changes.map((change) => `${change.field}: ${change.before ?? '-'} > ${change.after ?? '-'}`).join('; ')}${affectsValues ? ' !' : ''}`);

describe('diffDbc', () => {
  it('finds nothing between a file and itself', () => {
    expect(summary(BEFORE, BEFORE)).toEqual([]);
  });

  it('lists what was added, removed and changed, and marks what changes values', () => {
    expect(summary(BEFORE, `BO_ 1 A: 8 X
 SG_ S : 0|8@1+ (0.5,0) [0|0] "" X
 SG_ T : 8|8@1+ (1,0) [0|0] "mV" X
 SG_ New : 16|8@1+ (1,0) [0|0] "" X
BO_ 3 C: 8 X
VAL_ 1 T 0 "zero" ;
`)).toEqual([
      'signal-changed A.S scale: 1 > 0.5 !',
      'signal-changed A.T unit: V > mV; labels: - > 0: zero',
      'signal-added A.New  !',
      'message-added C ',
      'message-removed B  !',
    ]);
  });

  it('follows a message that was renamed, and one that moved to another id', () => {
    expect(summary(BEFORE, BEFORE.replace('BO_ 1 A', 'BO_ 1 Alpha').replace('BO_ 2 B', 'BO_ 2147483650 B'))).toEqual(['message-changed Alpha name: A > Alpha', 'message-changed B id: 0x2 > 0x2 (29 bit); frame format: standard > extended !']);
  });

  it('describes a changed multiplexor', () => {
    const muxed = (value: string): string => `BO_ 1 A: 8 X\n SG_ M M : 0|8@1+ (1,0) [0|0] "" X\n SG_ S m1 : 8|8@1+ (1,0) [0|0] "" X\nSG_MUL_VAL_ 1 S M ${value};\n`;
    expect(summary(muxed('1-1'), muxed('1-3, 5-5'))).toEqual(['signal-changed A.S multiplexing: M = 1 > M = 1-3, 5 !']);
  });
});

describe('dbcHash', () => {
  it('is the SHA-256 of the bytes', () => {
    expect(dbcHash(new TextEncoder().encode('abc'))).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
