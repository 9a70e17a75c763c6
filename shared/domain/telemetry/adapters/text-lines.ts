import type { RejectReason } from '../envelope/reasons.ts';
import { FRAME, type FrameBatch } from './frame-batch.ts';
import type { MessageHead } from './head.ts';
import { HEX } from './hex.ts';

/** Reads one line's characters from the left. Every `take…` returns −1, or false, where the line has something else. */
class LineReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** Digits of the last hexadecimal number. */
  digits = 0;

  /** Moves to the next line that is not blank; false at the end of the text. */
  next(from: number): boolean {
    const { bytes } = this;
    let at = from;
    while (at < bytes.length) {
      let end = bytes.indexOf(0x0a, at);
      if (end < 0) end = bytes.length;
      this.at = at;
      this.end = end > at && bytes[end - 1] === 0x0d ? end - 1 : end;
      this.skipBlanks();
      if (this.at < this.end) return true;
      at = end + 1;
    }
    return false;
  }

  peek(offset = 0): number {
    return this.at + offset < this.end ? (this.bytes[this.at + offset] as number) : 0;
  }

  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at++;
    return true;
  }

  skipBlanks(): boolean {
    const before = this.at;
    while (this.at < this.end && (this.bytes[this.at] === 0x20 || this.bytes[this.at] === 0x09)) this.at++;
    return this.at > before;
  }

  /** Decimal seconds with up to nine decimals, as whole microseconds. */
  takeMicroseconds(): number {
    let seconds = 0;
    let digits = 0;
    while (isDigit(this.peek())) {
      seconds = seconds * 10 + this.peek() - 0x30;
      this.at++;
      if (++digits > 10) return -1;
    }
    if (digits === 0) return -1;
    let micros = 0;
    let decimals = 0;
    if (this.take(0x2e)) {
      while (isDigit(this.peek())) {
        if (decimals < 6) micros = micros * 10 + this.peek() - 0x30;
        this.at++;
        if (++decimals > 9) return -1;
      }
      if (decimals === 0) return -1;
    }
    while (decimals < 6) {
      micros *= 10;
      decimals++;
    }
    return seconds * 1_000_000 + micros;
  }

  /** Up to eight hexadecimal digits; `digits` tells how many. */
  takeHex(): number {
    let value = 0;
    this.digits = 0;
    for (;;) {
      const digit = HEX[this.peek()] as number;
      if (digit > 15) break;
      value = value * 16 + digit;
      this.at++;
      if (++this.digits > 8) return -1;
    }
    return this.digits === 0 ? -1 : value;
  }

  /** Bytes as pairs of hexadecimal digits, with or without blanks between; their number, −1 for half a byte or too many. */
  takeData(frames: FrameBatch): number {
    frames.reserve(64);
    let length = 0;
    for (;;) {
      this.skipBlanks();
      const high = HEX[this.peek()] as number;
      if (high > 15) return length;
      const low = HEX[this.peek(1)] as number;
      if (low > 15 || length === 64) return -1;
      frames.own[frames.ownLength + length++] = high * 16 + low;
      this.at += 2;
    }
  }
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** Error frames in candump's numbers carry this bit (linux/can.h, CAN_ERR_FLAG). */
const CANDUMP_ERROR = 0x20000000;

type ReadLine = (line: LineReader, frames: FrameBatch, t0: number) => number;

/** Reads all lines; `readLine` returns the line's time in µs, −1 where it is malformed, −2 for a comment. */
function readLines(payload: Uint8Array, head: MessageHead, frames: FrameBatch, readLine: ReadLine): RejectReason | undefined {
  const line = new LineReader();
  line.bytes = payload;
  frames.begin(undefined);
  let t0 = -1;
  let from = 0;
  while (line.next(from)) {
    const time = readLine(line, frames, t0);
    if (time === -1) return 'bad-frame';
    if (time >= 0 && t0 < 0) t0 = time;
    const end = payload.indexOf(0x0a, line.end);
    from = end < 0 ? payload.length : end + 1;
  }
  if (t0 < 0) return 'bad-shape';
  head.time = t0 / 1000;
  return undefined;
}

/**
 * Reads lines as candump writes them, to a log file (`(1436509052.249713) can0 044#2A366C2BBA`, FD `##` with a digit of flags,
 * `R` for remote frames) or to the terminal (`(…) can0  044   [5]  2A 36 6C 2B BA`). The bus is the number of the interface.
 */
export function readCandump(payload: Uint8Array, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  return readLines(payload, head, frames, readCandumpLine);
}

function readCandumpLine(line: LineReader, frames: FrameBatch, t0: number): number {
  if (!line.take(0x28)) return -1;
  const time = line.takeMicroseconds();
  if (time < 0 || !line.take(0x29) || !line.skipBlanks()) return -1;
  let bus = 0;
  const nameStart = line.at;
  while (line.at < line.end && line.peek() !== 0x20 && line.peek() !== 0x09) {
    bus = isDigit(line.peek()) ? (bus * 10 + line.peek() - 0x30) % 16 : 0;
    line.at++;
  }
  if (line.at === nameStart || line.at - nameStart > 16 || !line.skipBlanks()) return -1;
  let id = line.takeHex();
  if (id < 0) return -1;
  // An id is written with three digits in the standard format and with eight in the extended one.
  let flags = line.digits > 3 ? FRAME.extended : 0;
  if (id >= CANDUMP_ERROR) {
    flags = FRAME.error;
    id %= CANDUMP_ERROR;
  }
  let length: number;
  if (line.take(0x23)) {
    if (line.take(0x23)) {
      const fd = HEX[line.peek()] as number;
      if (fd > 15) return -1;
      line.at++;
      flags |= FRAME.fd | ((fd & 1) !== 0 ? FRAME.brs : 0) | ((fd & 2) !== 0 ? FRAME.esi : 0);
    } else if (line.take(0x52)) {
      flags |= FRAME.rtr;
      if (isDigit(line.peek())) line.at++;
    }
    length = line.takeData(frames);
  } else {
    line.skipBlanks();
    if (!line.take(0x5b)) return -1;
    let announced = 0;
    while (isDigit(line.peek())) {
      announced = announced * 10 + line.peek() - 0x30;
      line.at++;
    }
    if (!line.take(0x5d) || announced > 64) return -1;
    if (announced > 8) flags |= FRAME.fd;
    line.skipBlanks();
    if (matches(line, 'remote request')) flags |= FRAME.rtr;
    length = line.takeData(frames);
    if ((flags & FRAME.rtr) === 0 && length !== announced) return -1;
  }
  if (length < 0 || ((flags & FRAME.rtr) !== 0 && length > 0)) return -1;
  line.skipBlanks();
  // candump -x ends a log line with R or T.
  if (line.take(0x54)) flags |= FRAME.tx;
  else line.take(0x52);
  line.skipBlanks();
  if (line.at < line.end) return -1;
  if (!frames.add(t0 < 0 ? 0 : time - t0, id, flags, bus, frames.ownLength, length)) return -1;
  frames.ownLength += length;
  return time;
}

function matches(line: LineReader, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (line.peek(i) !== text.charCodeAt(i)) return false;
  line.at += text.length;
  return true;
}

/**
 * Reads CRTD lines as OVMS writes them: `1524311386.811100 1R11 100 01 02 03` (OVMS documentation, "CRTD CAN log format"): R
 * or T, 11 or 29, before it the number of the bus. Lines of type C… and lines that start with # are comments.
 */
export function readCrtd(payload: Uint8Array, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  return readLines(payload, head, frames, readCrtdLine);
}

function readCrtdLine(line: LineReader, frames: FrameBatch, t0: number): number {
  if (line.peek() === 0x23) return -2;
  const time = line.takeMicroseconds();
  if (time < 0 || !line.skipBlanks()) return -1;
  let bus = 0;
  if (isDigit(line.peek())) {
    bus = line.peek() - 0x30;
    line.at++;
  }
  let flags = 0;
  if (line.take(0x54)) flags = FRAME.tx;
  else if (line.peek() === 0x43) return -2;
  else if (!line.take(0x52)) return -1;
  if (matches(line, '29')) flags |= FRAME.extended;
  else if (!matches(line, '11')) return -1;
  if (!line.skipBlanks()) return -1;
  const id = line.takeHex();
  if (id < 0 || ((flags & FRAME.extended) === 0 && id > 0x7ff)) return -1;
  const length = line.takeData(frames);
  if (length < 0 || length > 8 || line.at < line.end) return -1;
  if (!frames.add(t0 < 0 ? 0 : time - t0, id, flags, bus, frames.ownLength, length)) return -1;
  frames.ownLength += length;
  return time;
}
