import type { RejectReason } from '../envelope/reasons.ts';
import { BINARY_MAGIC, readBinaryCan, type Inflate } from './can-binary.ts';
import { readJsonCan } from './can-json.ts';
import type { FrameBatch } from './frame-batch.ts';
import type { MessageHead } from './head.ts';
import { readCandump, readCrtd } from './text-lines.ts';

/** Which adapter reads the `can` topic of a unit; WiCAN and OVMS are told by their topics. */
export type DeviceProfile = 'native' | 'candump' | 'crtd';

/** Reads the payload of a `can` topic by the unit's profile; returns why it could not. */
export function readCan(profile: DeviceProfile, payload: Uint8Array, inflate: Inflate, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  switch (profile) {
    case 'native':
      return readNative(payload, inflate, head, frames);
    case 'candump':
      return readCandump(payload, head, frames);
    case 'crtd':
      return readCrtd(payload, head, frames);
  }
}

/** The four formats of `can` differ in their first byte: 0xEC binary, `(` candump, a digit or `#` CRTD; anything else has to be JSON. */
function readNative(payload: Uint8Array, inflate: Inflate, head: MessageHead, frames: FrameBatch): RejectReason | undefined {
  const first = payload[0] ?? 0;
  if (first === BINARY_MAGIC) return readBinaryCan(payload, inflate, head, frames);
  if (first === 0x28) return readCandump(payload, head, frames);
  if ((first >= 0x30 && first <= 0x39) || first === 0x23) return readCrtd(payload, head, frames);
  return readJsonCan(payload, head, frames);
}
