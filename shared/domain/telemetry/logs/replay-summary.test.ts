import { describe, expect, it } from 'vitest';
import { parseDbc } from '../dbc/parse.ts';
import { createDecoder } from '../decode/decoder.ts';
import { allOnesNotAvailable, bottomOfScaleNotAvailable, usualNotAvailable } from '../decode/not-available.ts';
import { createLogReader } from './reader.ts';
import { createReplaySummary, type ReplayOptions, type ReplayResult } from './replay-summary.ts';

const DBC = `BO_ 256 Pack: 4 BMS
 SG_ Soc : 0|8@1+ (1,0) [0|100] "%" X
 SG_ Temp : 8|8@1+ (1,-40) [-40|125] "degC" X
 SG_ Volt : 16|16@1+ (0.1,0) [0|500] "V" X
BO_ 257 State: 1 BMS
 SG_ Mode : 0|8@1+ (1,0) [0|255] "" X
VAL_ 257 Mode 1 "Drive" 255 "Service" ;
`;

function replay(log: string, options: ReplayOptions = {}): ReplayResult {
  const summary = createReplaySummary(createDecoder(parseDbc(DBC).database, { notAvailable: usualNotAvailable }), options);
  const reader = createLogReader((frame) => summary.add(frame), 'candump');
  reader.push(new TextEncoder().encode(log));
  reader.end();
  return summary.result();
}

describe('the replay summary', () => {
  it('counts frames, unknown ids, wrong lengths and stamps out of order', () => {
    const result = replay(`(1.0) can0 100#32500D0E
(1.0) can0 300#00
(0.5) can0 301#00
(2.0) can0 300#00
(3.0) can0 100#3250
(4.0) can0 100#R
(5.0) can0 20000001#00
(6.0) can1 100#32500D0E
`);
    expect(result).toMatchObject({
      frames: 8, remoteFrames: 1, errorFrames: 1, decodedFrames: 3, decodedSignals: 8, backwards: 1, repeated: 1, firstTimeUs: 1_000_000, lastTimeUs: 6_000_000, unknownFrames: 3,
      unknown: [{ id: 0x300, extended: false, count: 2 }, { id: 0x301, extended: false, count: 1 }], lengthMismatches: [{ received: 2, count: 1 }],
    });
    expect(result.lengthMismatches[0]?.message.name).toBe('Pack');
  });

  it('gives count, last, smallest and largest of each signal, with missing values apart', () => {
    const { signals } = replay(`(1.0) can0 100#FF00DC0D
(2.0) can0 100#3248E00D
(3.0) can0 100#3347FFFF
(4.0) can0 101#01
`);
    expect(signals.map(({ signal, ...rest }) => [signal.name, rest])).toEqual([
      ['Soc', { count: 2, missing: 1, last: 51, minimum: 50, maximum: 51, label: undefined }],
      ['Temp', { count: 2, missing: 1, last: 31, minimum: 31, maximum: 32, label: undefined }],
      ['Volt', { count: 2, missing: 1, last: 355.2, minimum: 354.8, maximum: 355.2, label: undefined }],
      ['Mode', { count: 1, missing: 0, last: 1, minimum: 1, maximum: 1, label: 'Drive' }],
    ]);
  });

  it('decodes one bus where one is asked for', () => {
    expect(replay('(1.0) can0 100#32500D0E\n(1.0) can1 100#32500D0E\n', { bus: 1 })).toMatchObject({ frames: 2, otherBuses: 1, decodedFrames: 1 });
  });
});

describe('the usual raw values for "not available"', () => {
  const of = (rule: typeof usualNotAvailable, line: string, more = ''): readonly number[] => {
    const [message] = parseDbc(`BO_ 1 M: 8 X\n SG_ S ${line}\n${more}`).database.messages;
    const [signal] = message?.signals ?? [];
    return message === undefined || signal === undefined ? [-1] : rule(message, signal);
  };

  it('are all bits set, unless that lies in the range or is labelled as a state', () => {
    expect(of(allOnesNotAvailable, ': 0|7@1+ (1,0) [0|100] "" X')).toEqual([127]);
    expect(of(allOnesNotAvailable, ': 0|16@1+ (0.1,0) [0|6553.5] "" X')).toEqual([]);
    expect(of(allOnesNotAvailable, ': 0|4@1+ (1,0) [0|0] "" X')).toEqual([]);
    expect(of(allOnesNotAvailable, ': 0|8@1+ (1,0) [0|0] "" X')).toEqual([255]);
    expect(of(allOnesNotAvailable, ': 0|8@1- (1,0) [0|100] "" X')).toEqual([]);
    expect(of(allOnesNotAvailable, ': 0|1@1+ (1,0) [0|0] "" X')).toEqual([]);
    expect(of(allOnesNotAvailable, ': 0|2@1+ (1,0) [0|3] "" X', 'VAL_ 1 S 3 "Error" ;')).toEqual([]);
    expect(of(allOnesNotAvailable, ': 0|2@1+ (1,0) [0|3] "" X', 'VAL_ 1 S 3 "SIGNAL_NOT_AVAILABLE" ;')).toEqual([3]);
  });

  it('are raw 0 at the bottom of a scale that reaches below zero', () => {
    expect(of(bottomOfScaleNotAvailable, ': 0|8@1+ (1,-40) [-40|125] "" X')).toEqual([0]);
    expect(of(bottomOfScaleNotAvailable, ': 0|9@1- (0.5,-40) [-40|125] "" X')).toEqual([0]);
    expect(of(bottomOfScaleNotAvailable, ': 0|8@1+ (1,0) [0|100] "" X')).toEqual([]);
    expect(of(bottomOfScaleNotAvailable, ': 0|8@1+ (0.5,14) [14|27] "" X')).toEqual([]);
    expect(of(bottomOfScaleNotAvailable, ': 0|4@1+ (1,-1) [-1|8] "" X')).toEqual([]);
    expect(of(bottomOfScaleNotAvailable, ': 0|16@1- (0.1,-100) [-3000|3000] "" X')).toEqual([]);
  });
});
