import { hexDigit, secondsToMicroseconds } from './numbers.ts';
import type { FrameBuffer, LineKind, LineParser } from './types.ts';

const ERROR_FLAG = 0x20000000;
/** `(time) channel id#…` with an optional direction behind it. */
const LOGGED = /^\(([^)]*)\)\s+(\S+)\s+([0-9A-Fa-f]{3,8})#(\S*)(?:\s+[RT])?\s*$/;
/** `(time)  channel  [RX - -]  id   [length]  bytes` as candump prints it. */
const PRINTED = /^\s*(?:\(([^)]*)\)\s+)?([A-Za-z_][\w.-]*)\s+(?:[RT]X\s+[B-]\s+[E-]\s+)?([0-9A-Fa-f]{3,8})\s+\[(\d{1,2})\]\s*(.*)$/;

/**
 * The log and print forms of candump (can-utils, lib.c `sprint_canframe`): `123#1122`, `12345678#…` for 29-bit ids,
 * `123##F…` for FD with a digit of flags, `123#R8` for remote frames, error frames by id bit 29, `_` and a digit for raw
 * length codes above 8. Times are absolute or relative seconds, or a date.
 */
export function createCandumpParser(): LineParser {
  return {
    parse(line, frame) {
      const logged = LOGGED.exec(line);
      if (logged !== null) return parseLogged(frame, logged[1] ?? '', logged[2] ?? '', logged[3] ?? '', logged[4] ?? '');
      const printed = PRINTED.exec(line);
      if (printed !== null) return parsePrinted(frame, printed);
      return line.trim() === '' || line.startsWith('#') ? 'other' : 'malformed';
    },
  };
}

function startFrame(frame: FrameBuffer, time: string | undefined, channel: string, idText: string): boolean {
  const timeUs = time === undefined ? Number.NaN : readTime(time);
  if (time !== undefined && Number.isNaN(timeUs)) return false;
  const written = Number.parseInt(idText, 16);
  const error = idText.length > 3 && (written & ERROR_FLAG) !== 0;
  const started = frame.start(timeUs, readBus(channel), error ? written & ~ERROR_FLAG : written, idText.length > 3);
  frame.error = error;
  return started;
}

/** Digits at the end of the interface's name; 0 without. */
function readBus(channel: string): number {
  const match = /\d{1,4}$/.exec(channel);
  return match === null ? 0 : Number(match[0]);
}

/** Seconds, or `2024-05-01 12:00:00.000000`, which is read as UTC: the log does not say its zone. */
function readTime(text: string): number {
  const seconds = secondsToMicroseconds(text.trim());
  if (!Number.isNaN(seconds)) return seconds;
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (match === null) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute) * 1000 + secondsToMicroseconds(match[6] ?? '');
}

function parseLogged(frame: FrameBuffer, time: string, channel: string, id: string, body: string): LineKind {
  if (!startFrame(frame, time, channel, id)) return 'malformed';
  let from = 0;
  if (body.startsWith('#')) {
    frame.fd = true;
    if (hexDigit(body.charCodeAt(1)) < 0) return 'malformed';
    from = 2;
  } else if (/^R\d?(?:_[9A-F])?$/i.test(body)) {
    frame.rtr = true;
    return 'frame';
  }
  const end = frame.fd ? -1 : body.indexOf('_');
  return pushPairs(frame, end < 0 ? body : body.slice(0, end), from) && (frame.fd || frame.length <= 8) ? 'frame' : 'malformed';
}

/** Hexadecimal pairs, with a dot between them or not. */
function pushPairs(frame: FrameBuffer, text: string, from: number): boolean {
  for (let i = from; i < text.length; i += 2) {
    if (text.charCodeAt(i) === 46) i++;
    const high = hexDigit(text.charCodeAt(i));
    const low = hexDigit(text.charCodeAt(i + 1));
    if (high < 0 || low < 0 || !frame.push(high * 16 + low)) return false;
  }
  return true;
}

function parsePrinted(frame: FrameBuffer, match: RegExpExecArray): LineKind {
  const [, time, channel = '', id = '', lengthText = '', body = ''] = match;
  if (!startFrame(frame, time, channel, id)) return 'malformed';
  const length = Number(lengthText);
  // candump prints the length of FD frames with two digits.
  frame.fd = lengthText.length === 2;
  if (/^remote request/.test(body)) {
    frame.rtr = true;
    return 'frame';
  }
  if (length > 64) return 'malformed';
  const bytes = body.split(/\s+/, length);
  for (let i = 0; i < length; i++) {
    const pair = bytes[i] ?? '';
    if (pair.length !== 2 || !frame.push(hexDigit(pair.charCodeAt(0)) * 16 + hexDigit(pair.charCodeAt(1))) || hexDigit(pair.charCodeAt(1)) < 0) return 'malformed';
  }
  if (body.includes('ERRORFRAME')) frame.error = true;
  return 'frame';
}
