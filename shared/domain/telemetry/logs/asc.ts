import { secondsToMicroseconds, wholeNumber } from './numbers.ts';
import type { FrameBuffer, LineKind, LineParser } from './types.ts';

/**
 * Vector ASC (Vector "ASC logging files format"): `base hex|dec` and `timestamps absolute|relative` come from the
 * header; `time channel id Rx|Tx d dlc bytes`, `r` for remote frames, `ErrorFrame`, and `CANFD` lines. Other events of
 * the file are passed over.
 */
export function createAscParser(): LineParser {
  let base: 10 | 16 = 16;
  let relative = false;
  let last = 0;
  return {
    parse(line, frame) {
      const fields = line.trim().split(/\s+/);
      const [first = ''] = fields;
      if (first === 'base') {
        base = fields[1] === 'dec' ? 10 : 16;
        if (fields[2] === 'timestamps') relative = fields[3] === 'relative';
        return 'other';
      }
      if (!/^\d+\.\d+$/.test(first)) return /^(?:date|\/\/|internal|no|begin|end|previous|version|split|$)/i.test(first) ? 'other' : 'malformed';
      const time = secondsToMicroseconds(first);
      last = relative ? last + time : time;
      if (fields[1] === 'CANFD') return parseFlexible(frame, last, fields);
      const bus = wholeNumber(fields[1] ?? '', 10);
      if (Number.isNaN(bus)) return 'other';
      return parseClassic(frame, last, bus, fields, base);
    },
  };
}

/** `1F334455x` is a 29-bit id. */
function startFrame(frame: FrameBuffer, time: number, bus: number, text: string, base: 10 | 16): boolean {
  const extended = /x$/i.test(text);
  return frame.start(time, bus, wholeNumber(extended ? text.slice(0, -1) : text, base), extended);
}

function parseClassic(frame: FrameBuffer, time: number, bus: number, fields: readonly string[], base: 10 | 16): LineKind {
  const [, , id = '', direction = '', type = '', lengthText = ''] = fields;
  if (id === 'ErrorFrame') {
    frame.start(time, bus, 0, false);
    frame.error = true;
    return 'frame';
  }
  if (!/^(?:Rx|Tx|TxRq)$/.test(direction)) return 'other';
  if (!startFrame(frame, time, bus, id, base)) return 'malformed';
  if (type === 'r') {
    frame.rtr = true;
    return 'frame';
  }
  const length = wholeNumber(lengthText, 16);
  if (type !== 'd' || !(length <= 15)) return 'malformed';
  return pushBytes(frame, fields, 6, Math.min(8, length), base);
}

/** `time CANFD channel Rx id [name] BRS ESI dlc length bytes …` */
function parseFlexible(frame: FrameBuffer, time: number, fields: readonly string[]): LineKind {
  const bus = wholeNumber(fields[2] ?? '', 10);
  if (fields[4] === 'ErrorFrame') {
    frame.start(time, bus, 0, false);
    frame.error = true;
    return 'frame';
  }
  if (Number.isNaN(bus) || !/^(?:Rx|Tx|TxRq)$/.test(fields[3] ?? '') || !startFrame(frame, time, bus, fields[4] ?? '', 16)) return 'malformed';
  const at = /^[01]$/.test(fields[5] ?? '') ? 5 : 6;
  const length = wholeNumber(fields[at + 3] ?? '', 10);
  if (!(length <= 64)) return 'malformed';
  frame.fd = true;
  return pushBytes(frame, fields, at + 4, length, 16);
}

function pushBytes(frame: FrameBuffer, fields: readonly string[], from: number, count: number, base: 10 | 16): LineKind {
  for (let i = from; i < from + count; i++) if (!frame.push(wholeNumber(fields[i] ?? '', base))) return 'malformed';
  return 'frame';
}
