import type { RejectReason } from '../envelope/reasons.ts';
import { FRAME, type FrameBatch } from './frame-batch.ts';
import { scanJsonCan } from './can-json-scan.ts';
import { readHead, readTime, type MessageHead } from './head.ts';
import { HEX } from './hex.ts';
import { parseJsonObject, readInteger } from './json.ts';

/**
 * Reads a JSON `can` batch into `frames`. The usual compact form goes through a scanner over the bytes; anything it does not
 * take goes through JSON.parse, which decides. Both give the same frames.
 */
export function readJsonCan(payload: Uint8Array, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  return scanJsonCan(payload, head, frames) ? undefined : readJsonCanThoroughly(payload, head, frames);
}

/** The same by JSON.parse: any white space, any order of members, unknown members left aside. */
export function readJsonCanThoroughly(payload: Uint8Array, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  const json = parseJsonObject(payload);
  if (typeof json === 'string') return json;
  const refused = readHead(json, head);
  if (refused !== undefined) return refused;
  const time = readTime(json['t0'], 1000);
  if (time === undefined) return 'bad-time';
  head.time = time;
  const batchBus = json['b'] === undefined ? 0 : readInteger(json['b'], 0, 15);
  const list = json['f'];
  if (batchBus === undefined || !Array.isArray(list)) return 'bad-shape';
  frames.begin(undefined);
  for (const item of list as unknown[]) {
    if (!Array.isArray(item) || item.length < 3 || item.length > 5) return 'bad-frame';
    const [dt, id, hex, flags = 0, bus = batchBus] = item as unknown[];
    if (typeof dt !== 'number' || typeof id !== 'number' || typeof hex !== 'string' || typeof flags !== 'number' || typeof bus !== 'number') return 'bad-frame';
    if (!Number.isInteger(dt) || !Number.isInteger(id) || !Number.isInteger(flags) || !Number.isInteger(bus)) return 'bad-frame';
    const length = hex.length / 2;
    if (!Number.isInteger(length) || length > 64) return 'bad-frame';
    frames.reserve(length);
    const at = frames.ownLength;
    for (let i = 0; i < length; i++) {
      const high = HEX[hex.charCodeAt(2 * i)] ?? 255;
      const low = HEX[hex.charCodeAt(2 * i + 1)] ?? 255;
      if (high > 15 || low > 15) return 'bad-frame';
      frames.own[at + i] = high * 16 + low;
    }
    if (!frames.add(dt, id, flags, bus, at, (flags & FRAME.rtr) !== 0 ? 0 : length)) return 'bad-frame';
    frames.ownLength = at + length;
  }
  return undefined;
}
