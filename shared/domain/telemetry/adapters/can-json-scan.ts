import { FRAME, type FrameBatch } from './frame-batch.ts';
import type { MessageHead } from './head.ts';
import { HEX } from './hex.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** The scanner's place in the message; one for all messages, since scanning never interleaves. */
interface Cursor {
  bytes: Uint8Array;
  at: number;
}

/**
 * Reads the compact form of a JSON `can` batch straight from its bytes: no white space, whole numbers, the members of the
 * protocol, each once. Returns false for everything else, well-formed or not; `head` and `frames` are then to be filled anew.
 */
export function scanJsonCan(bytes: Uint8Array, head: MessageHead, frames: FrameBatch): boolean {
  const cursor: Cursor = { bytes, at: 1 };
  const end = bytes.length;
  if (bytes[0] !== 0x7b || bytes[end - 1] !== 0x7d) return false;
  let version = 0;
  let boot = -1;
  let seq = -1;
  let up = -1;
  let buffered = 0;
  let t0 = -1;
  let batchBus = 0;
  let seen = 0;
  frames.begin(undefined);
  for (;;) {
    const key = readKey(cursor);
    if (key === 0 || (seen & key) !== 0) return false;
    seen |= key;
    if (key === KEY.f) {
      // A frame without a bus of its own needs the batch's bus, which then has to come first.
      if (!scanFrames(cursor, batchBus, (seen & KEY.b) !== 0, frames)) return false;
    } else {
      const value = readWhole(cursor);
      if (value < 0) return false;
      if (key === KEY.v) version = value;
      else if (key === KEY.boot) boot = value;
      else if (key === KEY.seq) seq = value;
      else if (key === KEY.up) up = value;
      else if (key === KEY.buf) buffered = value;
      else if (key === KEY.t0) t0 = value;
      else batchBus = value;
    }
    const next = bytes[cursor.at++];
    if (next === COMMA) continue;
    if (next === 0x7d && cursor.at === end) break;
    return false;
  }
  if (version !== 1 || t0 < 0 || buffered > 1 || batchBus > 15 || (seen & KEY.f) === 0) return false;
  if (boot < 0 || seq < 0 || boot > 0xffffffff || seq > 0xffffffff || up > 1e10) return false;
  head.numbered = true;
  head.boot = boot;
  head.seq = seq;
  head.up = up < 0 ? Number.NaN : up;
  head.buffered = buffered === 1;
  head.time = t0 / 1000;
  return true;
}

const KEY = { v: 1, boot: 2, seq: 4, up: 8, buf: 16, t0: 32, b: 64, f: 128 } as const;

/** Reads `"key":` and returns its bit; 0 for any other. */
function readKey(cursor: Cursor): number {
  const { bytes, at } = cursor;
  if (bytes[at] !== QUOTE) return 0;
  const first = bytes[at + 1];
  const second = bytes[at + 2];
  let key = 0;
  let length = 1;
  if (second === QUOTE) key = first === 0x76 ? KEY.v : first === 0x62 ? KEY.b : first === 0x66 ? KEY.f : 0;
  else if (bytes[at + 3] === QUOTE) {
    length = 2;
    key = first === 0x75 && second === 0x70 ? KEY.up : first === 0x74 && second === 0x30 ? KEY.t0 : 0;
  } else if (bytes[at + 4] === QUOTE) {
    length = 3;
    const third = bytes[at + 3];
    key = first === 0x73 && second === 0x65 && third === 0x71 ? KEY.seq : first === 0x62 && second === 0x75 && third === 0x66 ? KEY.buf : 0;
  } else if (bytes[at + 5] === QUOTE) {
    length = 4;
    key = first === 0x62 && second === 0x6f && bytes[at + 3] === 0x6f && bytes[at + 4] === 0x74 ? KEY.boot : 0;
  }
  if (bytes[at + length + 2] !== COLON) return 0;
  cursor.at = at + length + 3;
  return key;
}

/** A whole number without sign, at most 2^53 − 1; −1 for anything else (signs, leading zeros, fractions, exponents). */
function readWhole(cursor: Cursor): number {
  const { bytes } = cursor;
  let at = cursor.at;
  const start = at;
  let value = 0;
  for (;;) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
    at++;
  }
  const digits = at - start;
  if (digits === 0 || digits > 16 || (digits > 1 && bytes[start] === 0x30) || value > Number.MAX_SAFE_INTEGER) return -1;
  cursor.at = at;
  return value;
}

/** Reads `[[dt,id,"hex"],[dt,id,"hex",flags,bus],…]`. */
function scanFrames(cursor: Cursor, batchBus: number, busKnown: boolean, frames: FrameBatch): boolean {
  const { bytes } = cursor;
  if (bytes[cursor.at] !== OPEN) return false;
  cursor.at++;
  if (bytes[cursor.at] === CLOSE) {
    cursor.at++;
    return true;
  }
  // Two hexadecimal digits make a byte: half the message is always enough.
  frames.reserve(bytes.length >> 1);
  const own = frames.own;
  let length = frames.ownLength;
  for (;;) {
    if (bytes[cursor.at] !== OPEN) return false;
    cursor.at++;
    const dt = readWhole(cursor);
    if (dt < 0 || bytes[cursor.at] !== COMMA) return false;
    cursor.at++;
    const id = readWhole(cursor);
    if (id < 0 || bytes[cursor.at] !== COMMA || bytes[cursor.at + 1] !== QUOTE) return false;
    let at = cursor.at + 2;
    const start = length;
    for (;;) {
      const high = HEX[bytes[at] ?? 0] as number;
      if (high > 15) break;
      const low = HEX[bytes[at + 1] ?? 0] as number;
      if (low > 15) return false;
      own[length++] = high * 16 + low;
      at += 2;
    }
    if (bytes[at] !== QUOTE || length - start > 64) return false;
    cursor.at = at + 1;
    let flags = 0;
    let bus = batchBus;
    if (bytes[cursor.at] === COMMA) {
      cursor.at++;
      flags = readWhole(cursor);
      if (flags < 0) return false;
      if (bytes[cursor.at] === COMMA) {
        cursor.at++;
        bus = readWhole(cursor);
        if (bus < 0) return false;
      } else if (!busKnown) return false;
    } else if (!busKnown) return false;
    if (bytes[cursor.at] !== CLOSE) return false;
    cursor.at++;
    if (!frames.add(dt, id, flags, bus, start, (flags & FRAME.rtr) !== 0 ? 0 : length - start)) return false;
    const next = bytes[cursor.at++];
    if (next === COMMA) continue;
    if (next !== CLOSE) return false;
    frames.ownLength = length;
    return true;
  }
}
