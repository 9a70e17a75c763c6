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
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const flags = payload[2] as number;
  const defaultBus = payload[3] as number;
  const headerLength = view.getUint16(26, true);
  if ((flags & 0xf8) !== 0 || defaultBus > 15 || headerLength < HEADER_LENGTH) return 'bad-envelope';
  if (headerLength > payload.length) return 'truncated';
  const t0 = view.getUint32(16, true) + view.getUint32(20, true) * 4_294_967_296;
  if (t0 > Number.MAX_SAFE_INTEGER) return 'bad-time';
  head.numbered = true;
  head.boot = view.getUint32(4, true);
  head.seq = view.getUint32(8, true);
  head.up = view.getUint32(12, true);
  head.buffered = (flags & 4) !== 0;
  head.time = t0 / 1000;
  let body = payload.subarray(headerLength);
  if ((flags & 1) !== 0) {
    const inflated = tryInflate(inflate, body);
    if (inflated === undefined) return 'bad-deflate';
    body = inflated;
  }
  return readRecords(body, view.getUint16(24, true), (flags & 2) !== 0 ? 1000 : 10, defaultBus, frames);
}

function tryInflate(inflate: Inflate, body: Uint8Array): Uint8Array | undefined {
  try {
    const inflated = inflate(body, LIMITS.inflatedBytes);
    return inflated !== undefined && inflated.length <= LIMITS.inflatedBytes ? inflated : undefined;
  } catch {
    return undefined;
  }
}

/** Reads exactly `count` records that fill `body`; `unit` is the time unit in µs. */
function readRecords(body: Uint8Array, count: number, unit: number, defaultBus: number, frames: FrameBatch): RejectReason | undefined {
  frames.begin(body);
  frames.ensure(count);
  const end = body.length;
  let p = 0;
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
