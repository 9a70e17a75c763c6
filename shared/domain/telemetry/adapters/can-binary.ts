import { LIMITS } from '../envelope/limits.ts';
import type { RejectReason } from '../envelope/reasons.ts';
import { DLC_LENGTH, FRAME, type FrameBatch } from './frame-batch.ts';
import type { MessageHead } from './head.ts';

export const BINARY_MAGIC = 0xec;
const HEADER_LENGTH = 28;

/** See Inflate of the processor. */
export type Inflate = (body: Uint8Array, limit: number) => Uint8Array | undefined;

/** Reads a binary `can` batch (docs/protocols/telemetry.md) into `frames`, whose payloads stay where they are. */
export function readBinaryCan(payload: Uint8Array, inflate: Inflate, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  if (payload[1] !== 1) return payload.length < 2 ? 'truncated' : 'unknown-version';
  if (payload.length < HEADER_LENGTH) return 'truncated';
  const flags = payload[2] as number;
  const defaultBus = payload[3] as number;
  const headerLength = word(payload, 26);
  if ((flags & 0xf8) !== 0 || defaultBus > 15 || headerLength < HEADER_LENGTH) return 'bad-envelope';
  if (headerLength > payload.length) return 'truncated';
  const t0 = long(payload, 16) + long(payload, 20) * 4_294_967_296;
  if (t0 > Number.MAX_SAFE_INTEGER) return 'bad-time';
  head.numbered = true;
  head.boot = long(payload, 4);
  head.seq = long(payload, 8);
  head.up = long(payload, 12);
  head.buffered = (flags & 4) !== 0;
  head.time = t0 / 1000;
  const count = word(payload, 24);
  const unit = (flags & 2) !== 0 ? 1000 : 10;
  // A view of a part costs more than reading a dozen frames of it: records are read where they are.
  if ((flags & 1) === 0) return readRecords(payload, headerLength, count, unit, defaultBus, frames);
  const inflated = tryInflate(inflate, payload.subarray(headerLength));
  return inflated === undefined ? 'bad-deflate' : readRecords(inflated, 0, count, unit, defaultBus, frames);
}

/** 16 bits, little endian. */
function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** 32 bits, little endian. */
function long(bytes: Uint8Array, at: number): number {
  return (word(bytes, at) | (word(bytes, at + 2) << 16)) >>> 0;
}

function tryInflate(inflate: Inflate, body: Uint8Array): Uint8Array | undefined {
  try {
    const inflated = inflate(body, LIMITS.inflatedBytes);
    return inflated !== undefined && inflated.length <= LIMITS.inflatedBytes ? inflated : undefined;
  } catch {
    return undefined;
  }
}

/** Reads exactly `count` records that fill `body` from `from` on; `unit` is the time unit in µs. */
function readRecords(body: Uint8Array, from: number, count: number, unit: number, defaultBus: number, frames: FrameBatch): RejectReason | undefined {
  frames.begin(body);
  frames.ensure(count);
  const end = body.length;
  let p = from;
  let dt = 0;
  for (let i = 0; i < count; i++) {
    // Shortest record: header, 16-bit id, time. Longer ones are checked as they turn out to be longer.
    if (p + 5 > end) return 'truncated';
    const h = body[p++] as number;
    let bus = defaultBus;
    let flags = ((h & 0x10) !== 0 ? FRAME.extended : 0) | ((h & 0x20) !== 0 ? FRAME.fd : 0);
    let extra = 0;
    if ((h & 0x80) !== 0) {
      extra = body[p++] as number;
      bus = extra & 15;
      flags |= ((extra & 0x30) >> 2) | ((extra & 0x80) >> 1);
    }
    if ((h & 0x40) !== 0) flags |= (extra & 0x40) !== 0 ? FRAME.error : FRAME.rtr;
    const code = h & 15;
    const length = DLC_LENGTH[code] as number;
    let id: number;
    if ((h & 0x10) !== 0) {
      if (p + 6 + length > end) return 'truncated';
      id = ((body[p] as number) | ((body[p + 1] as number) << 8) | ((body[p + 2] as number) << 16) | ((body[p + 3] as number) << 24)) >>> 0;
      p += 4;
    } else {
      if (p + 4 + length > end) return 'truncated';
      id = (body[p] as number) | ((body[p + 1] as number) << 8);
      p += 2;
      if (id > 0x7ff) return 'bad-frame';
    }
    dt += ((body[p] as number) | ((body[p + 1] as number) << 8)) * unit;
    p += 2;
    if (!frames.add(dt, id, flags, bus, p, length)) return 'bad-frame';
    p += length;
  }
  return p === end ? undefined : 'trailing-bytes';
}
