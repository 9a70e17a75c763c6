import type { StateContent } from '../envelope/messages.ts';
import type { RejectReason } from '../envelope/reasons.ts';
import { FRAME, type FrameBatch } from './frame-batch.ts';
import { parseJsonObject, readInteger } from './json.ts';

/**
 * Reads `wican/{device}/can/rx`: `{"bus":0,"type":"rx","ts":34610,"frame":[{"id","dlc","rtr","extd","data":[…]},…]}` (WiCAN
 * firmware documentation, "CAN over MQTT"). `ts` is a 16-bit count of milliseconds and no time of day, so the frames have no
 * time of their own.
 */
export function readWicanFrames(payload: Uint8Array, frames: FrameBatch): RejectReason | undefined {
  const json = parseJsonObject(payload);
  if (typeof json === 'string') return json;
  const bus = readInteger(typeof json['bus'] === 'string' ? Number(json['bus']) : (json['bus'] ?? 0), 0, 15);
  const list = json['frame'];
  if (bus === undefined || (json['type'] !== undefined && json['type'] !== 'rx') || !Array.isArray(list)) return 'bad-shape';
  frames.begin(undefined);
  for (const item of list as unknown[]) {
    if (typeof item !== 'object' || item === null) return 'bad-frame';
    const { id, dlc, rtr, extd, data = [] } = item as Record<string, unknown>;
    const number = readInteger(id, 0, 0x1fffffff);
    if (number === undefined || !Array.isArray(data) || data.length > 8) return 'bad-frame';
    const length = dlc === undefined ? data.length : readInteger(dlc, 0, 8);
    const remote = rtr === true;
    if (length === undefined || (!remote && length > data.length)) return 'bad-frame';
    frames.reserve(8);
    const at = frames.ownLength;
    for (let i = 0; i < data.length; i++) {
      const byte = readInteger(data[i], 0, 255);
      if (byte === undefined) return 'bad-frame';
      frames.own[at + i] = byte;
    }
    if (!frames.add(0, number, (extd === true ? FRAME.extended : 0) | (remote ? FRAME.rtr : 0), bus, at, remote ? 0 : length)) return 'bad-frame';
    frames.ownLength = at + length;
  }
  return undefined;
}

/** Reads `wican/{device}/status`: `{"status":"online"}` or `{"status":"offline"}`. */
export function readWicanStatus(payload: Uint8Array): StateContent | RejectReason {
  const json = parseJsonObject(payload);
  if (typeof json === 'string') return json;
  const { status } = json;
  return status === 'online' || status === 'offline' ? { on: status === 'online' } : 'bad-shape';
}
