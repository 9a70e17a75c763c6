import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogReader, type LogReport } from './reader.ts';
import type { LogFormat } from './types.ts';

interface Read {
  readonly frames: readonly string[];
  readonly report: LogReport;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);

/** Frames as `time bus id[x] flags data`. */
function read(input: string | Uint8Array, format?: LogFormat, chunk = 7): Read {
  const frames: string[] = [];
  const reader = createLogReader(({ timeUs, bus, id, extended, fd, rtr, error, data }) => {
    const flags = [fd && 'fd', rtr && 'rtr', error && 'error'].filter(Boolean).join('+');
    frames.push(`${timeUs} ${bus} ${id.toString(16)}${extended ? 'x' : ''} ${flags || '-'} ${Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('')}`.trimEnd());
  }, format);
  const bytes = typeof input === 'string' ? bytesOf(input) : input;
  for (let i = 0; i < bytes.length; i += chunk) reader.push(bytes.subarray(i, i + chunk));
  return { frames, report: reader.end() };
}

describe('the log reader', () => {
  it('reads candump logs: absolute and relative times, 29-bit ids, FD, remote and error frames', () => {
    const { frames, report } = read(`(1436509052.249713) vcan0 044#2A366C2BBA
(000.000300) can1 18FEF1FE#0102.0304
(0.5) can2 123##311223344556677889900
(1.000001) can0 7FF#R
(1.000002) can0 123#R8
(1.000003) can0 20000088#0000080000000000
(2) slcan 001#
(3.25) can0 123#1122334455667788_C R
`);
    expect(report).toMatchObject({ format: 'candump', lines: 8, frames: 8, malformed: 0, problem: undefined });
    expect(frames).toEqual([
      '1436509052249713 0 44 - 2a366c2bba',
      '300 1 18fef1fex - 01020304',
      '500000 2 123 fd 11223344556677889900',
      '1000001 0 7ff rtr',
      '1000002 0 123 rtr',
      '1000003 0 88x error 0000080000000000',
      '2000000 0 1 -',
      '3250000 0 123 - 1122334455667788',
    ]);
  });

  it('reads what candump prints, with and without times', () => {
    const { frames, report } = read(`  can0  123   [8]  11 22 33 44 55 66 77 88   '."3DUfw.'
 (1436509053.850870)  can1  00000123   [3]  11 22 33
  can0  5A1  [12]  00 01 02 03 04 05 06 07 08 09 0A 0B
  can0  RX - -  123   [0]  remote request
 (2015-07-10 08:17:32.249713)  can0  1   [1]  0G
 (2015-07-10 08:17:32.249713)  can0  001   [1]  0F
`);
    expect(report).toMatchObject({ format: 'candump', frames: 5, malformed: 1, malformedLines: [{ line: 5 }] });
    expect(frames).toEqual([
      'NaN 0 123 - 1122334455667788',
      '1436509053850870 1 123x - 112233',
      'NaN 0 5a1 fd 000102030405060708090a0b',
      'NaN 0 123 rtr',
      '1436516252249713 0 1 - 0f',
    ]);
  });

  it('reads Vector ASC: base, relative times, FD, remote and error frames, and passes over events', () => {
    const text = (header: string): string => `date Fri Aug 27 02:53:26.000 pm 2010
${header}
internal events logged
// version 7.0.0
Begin Triggerblock Fri Aug 27 02:53:26.000 pm 2010
   0.000000 Start of measurement
   0.015991 CAN 1 Status:chip status error passive - TxErr: 132 RxErr: 0
   0.015991 1  10              Rx   d 8 10 09 08 07 06 05 04 03  Length = 0 BitCount = 64 ID = 16
   0.020000 2  100x            Tx   d 2 1 2
   0.030000 1  20              Rx   r
   0.040000 1  ErrorFrame
   0.050000 CANFD   1 Rx        300                                 1 0 9 12 01 02 03 04 05 06 07 08 09 0a 0b 0c   130000  130 303000
   0.060000 CANFD   2 Tx   1FFFFFFFx  Name_Of_It                   0 0 1  1 ff
   0.070000 1  10              Rx   d 8 1 2
End TriggerBlock
`;
    const { frames, report } = read(text('base hex  timestamps absolute'));
    expect(report).toMatchObject({ format: 'asc', frames: 6, malformed: 1, malformedLines: [{ line: 14 }] });
    expect(frames).toEqual([
      '15991 1 10 - 1009080706050403',
      '20000 2 100x - 0102',
      '30000 1 20 rtr',
      '40000 1 0 error',
      '50000 1 300 fd 0102030405060708090a0b0c',
      '60000 2 1fffffffx fd ff',
    ]);
    const decimal = read(text('base dec  timestamps relative')).frames;
    expect(decimal.slice(0, 2)).toEqual(['31982 1 a - 0a09080706050403', '51982 2 64x - 0102']);
  });

  it.each([
    ['1.0', `;##########
;   Message Number
;   |         Time Offset (ms)
;---+--   ----+----  -----+--  +  -+ -- -- -- -- -- -- --
     1)      1841      0001  8  00 00 00 00 00 00 00 00
     2)      1842  00000500  2  RTR
`, ['1841000 0 1 - 0000000000000000', '1842000 0 500x rtr']],
    ['1.1', `;$FILEVERSION=1.1
;$STARTTIME=37704.5364870833
     1)      1059.9  Rx         0300  7  00 00 00 00 04 00 00
     2)      1283.2  Rx         0300  0
     3)      1298.9  Warng  FFFFFFFF  4  00 00 00 04  BUSLIGHT
     4)      1323.0  Rx     00000300  2  01 02
     5)      1334.4  Error      0008  4  00 02 19 08
     6)      what
`, ['1059900 0 300 - 00000000040000', '1283200 0 300 -', '1323000 0 300x - 0102', '1334400 0 8 error']],
    ['1.3', `;$FILEVERSION=1.3
      1)      1059.900 1  Rx        0300 -  7    00 00 00 00 04 00 00
      2)      1283.231 2  Rx        0300 -  1    ff
`, ['1059900 1 300 - 00000000040000', '1283231 2 300 - ff']],
    ['2.0', `;$FILEVERSION=2.0
;$STARTTIME=43474.6149011506
;$COLUMNS=N,O,T,I,d,l,D
      1      1059.900 DT     0300 Rx 7    00 00 00 00 04 00 00
      2      1283.231 FD     0300 Rx 12   00 01 02 03 04 05 06 07 08 09 0A 0B
      3      1298.945 ST          Rx      00 00 00 08
      4      1323.201 RR     0400 Rx 4
`, ['1059900 0 300 - 00000000040000', '1283231 0 300 fd 000102030405060708090a0b', '1323201 0 400 rtr']],
    ['2.1', `;$FILEVERSION=2.1
;$COLUMNS=N,O,T,B,I,d,R,L,D
      1      1059.900 DT 1      0300 Rx -  7    00 00 00 00 04 00 00
      2      1283.231 FB 2  18EFC034 Tx -  9    00 01 02 03 04 05 06 07 08 09 0A 0B
`, ['1059900 1 300 - 00000000040000', '1283231 2 18efc034x fd 000102030405060708090a0b']],
  ])('reads PEAK TRC %s', (_, text, expected) => {
    const { frames, report } = read(text);
    expect(report.format).toBe('trc');
    expect(frames).toEqual(expected);
  });

  it('reads CRTD and passes over records that are no frames', () => {
    const { frames, report } = read(`# comment
1320745424.000000 CXX OVMS CRTD
1320745424.000 CVR 3.0
1320745424.000003 R11 7E8 02 10 03
1320745424.100000 3R29 18DAF110 01
1320745424.200000 2T11 100
1320745424.300000 R11 XYZ 00
1320745424.400000 1CEV something
`);
    expect(report).toMatchObject({ format: 'crtd', frames: 3, malformed: 1, malformedLines: [{ line: 7 }] });
    expect(frames).toEqual(['1320745424000003 0 7e8 - 021003', '1320745424100000 3 18daf110x - 01', '1320745424200000 2 100 -']);
  });

  it('reads GVRET CSV with and without a direction', () => {
    expect(read(`Time Stamp,ID,Extended,Dir,Bus,LEN,D1,D2,D3,D4,D5,D6,D7,D8
166064000,0000021A,false,Rx,1,8,FE,36,12,FE,69,05,07,AD,
166064100,18FEF1FE,true,Rx,0,2,01,02
`)).toMatchObject({ frames: ['166064000 1 21a - fe361269'.replace('fe361269', 'fe3612fe690507ad'), '166064100 0 18fef1fex - 0102'], report: { format: 'gvret', malformed: 0 } });
    expect(read('Time Stamp,ID,Extended,Bus,LEN,D1,D2,D3,D4,D5,D6,D7,D8\n1,7,false,0,1,AA,,,,,,,,\n2,7,false,0,3,AA\n')).toMatchObject({ frames: ['1 0 7 - aa'], report: { malformed: 1 } });
  });

  it('gives one clear reason for a file that is no log', () => {
    const text = 'Dear customer,\nthis is not a log.\n'.repeat(100);
    expect(read(text).report).toMatchObject({ format: undefined, frames: 0, malformed: 0, problem: expect.stringContaining('candump') as string });
    expect(read('').report.problem).toBe('The file is empty.');
    expect(read(`LOGG\u0090\0\0\0${'\0'.repeat(20_000)}`).report.problem).toMatch(/BLF/);
    expect(read('MDF     4.10    \0').report.problem).toMatch(/MDF/);
    expect(read('PK\u0003\u0004').report.problem).toMatch(/compressed/);
  });

  it('counts malformed lines, keeps the first ten, and reads on', () => {
    const text = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? `(${i}.0) can0 100#0${i % 10}\n` : `(${i}.0) can0 100#0\n`)).join('');
    const { report } = read(text);
    expect(report).toMatchObject({ frames: 20, malformed: 20 });
    expect(report.malformedLines).toHaveLength(10);
    expect(report.malformedLines[0]).toEqual({ line: 2, text: '(1.0) can0 100#0' });
  });

  it('reads the same whatever the pieces, line ends and byte order mark', () => {
    const text = '(1.0) can0 100#01\r\n(2.0) can0 101#0203\r\n(3.0) can0 102#';
    const whole = read(text, undefined, 1000).frames;
    expect(whole).toHaveLength(3);
    for (const chunk of [1, 2, 3, 19]) expect(read(`\u00ef\u00bb\u00bf${text}`, undefined, chunk).frames).toEqual(whole);
  });

  it('never throws and never reads beyond a frame, whatever a file holds', () => {
    const formats = ['candump', 'asc', 'trc', 'crtd', 'gvret', undefined] as const;
    const fragment = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('(1.0) can0 ', '123#', '##1', '\n', '\n', '  ', '1.0 1 100 Rx d 8 ', 'CANFD 1 Rx ', '1) 1.0 Rx 0300 8 ', ';$COLUMNS=N,D\n', 'base dec timestamps relative\n', '1.0 R11 100 ', '5,100,true,Rx,0,64,', '99 ', 'FF', 'R', '_'));
    fc.assert(fc.property(fc.array(fragment, { maxLength: 40 }), fc.constantFrom(...formats), fc.integer({ min: 1, max: 50 }), (parts, format, chunk) => {
      const { frames, report } = read(parts.join(''), format, chunk);
      expect(report.frames).toBe(frames.length);
      for (const frame of frames) expect((frame.split(' ')[4] ?? '').length).toBeLessThanOrEqual(128);
    }), { numRuns: 2000 });
  });
});
