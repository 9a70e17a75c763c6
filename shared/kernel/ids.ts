import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Clock, Rng } from './ports.ts';

export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Namespace of every deterministic id of this product. */
export const NAMESPACE = '5b0f4b52-6a3c-5f0e-9a4d-0f6b8e2c7d11';

function format(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** A time-ordered random id (RFC 9562, version 7), lower case with dashes. */
export function uuidv7(clock: Clock, rng: Rng): string {
  const bytes = rng.bytes(16).slice(0, 16);
  let ms = Math.max(0, Math.floor(clock.now()));
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes);
}

/** The id that belongs to `name` (RFC 9562, version 5, SHA-1): equal names give equal ids on every node. */
export function uuidv5(name: string, namespace: string = NAMESPACE): string {
  const space = hexToBytes(namespace.replaceAll('-', ''));
  const text = utf8ToBytes(name);
  const input = new Uint8Array(space.length + text.length);
  input.set(space);
  input.set(text, space.length);
  const bytes = sha1(input).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes);
}

/** The id of the telematics unit with this Device ID (docs/architecture.md, Ids). */
export function unitIdOf(deviceId: string): string {
  return uuidv5(`unit:${deviceId}`);
}
