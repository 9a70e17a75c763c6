import { LIVE_FLAG } from '../../fleet/status.ts';
import { FIX_STRIDE } from './columns.ts';
import type { FleetState } from './fleet-state.ts';

const MAGIC = 0x43434c46;
const VERSION = 1;

interface SlotHeader {
  readonly key: string;
  readonly layout: string;
  readonly speedLimit: number;
  readonly parameters: readonly number[];
  readonly texts: readonly (readonly [number, string, number])[];
}

/** FNV-1a over bytes. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

/**
 * The live fleet as bytes: magic, version, checksum of the rest, length of a JSON header (keys, layouts, texts), then doubles per
 * vehicle (last communication, connection, fixes, values with their order keys). Marks of wrong clocks and unreadable messages are left out: they are
 * about what happens, not about what is.
 */
export function takeSnapshot(state: FleetState): Uint8Array {
  const slots: SlotHeader[] = [];
  const numbers: number[] = [];
  const { columns } = state;
  for (let slot = 0; slot < state.size; slot++) {
    const parameters: number[] = [];
    numbers.push(columns.lastCommunication[slot]!, columns.connectedKey[slot]!, (columns.flags[slot]! & LIVE_FLAG.connected) !== 0 ? 1 : 0);
    for (let i = 0; i < FIX_STRIDE; i++) numbers.push(columns.fixes[slot * FIX_STRIDE + i]!);
    state.cellsOf(slot)?.forEach((parameter, value, key) => {
      parameters.push(parameter);
      numbers.push(value, key);
    });
    slots.push({
      key: state.keyOf(slot) ?? '',
      layout: state.layoutOf(slot),
      speedLimit: columns.speedLimit[slot]!,
      parameters,
      texts: state.texts(slot).map(({ parameter, text, key }) => [parameter, text, key] as const),
    });
  }
  const header = new TextEncoder().encode(JSON.stringify(slots));
  const start = Math.ceil((16 + header.length) / 8) * 8;
  const bytes = new Uint8Array(start + numbers.length * 8);
  const view = new DataView(bytes.buffer);
  bytes.set(header, 16);
  for (let i = 0; i < numbers.length; i++) view.setFloat64(start + i * 8, numbers[i]!, true);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, header.length, true);
  view.setUint32(8, checksum(bytes.subarray(12)), true);
  return bytes;
}

/**
 * Puts a snapshot into `state`, merging with what is there. Returns whether it could be read: a damaged snapshot or one of
 * another version changes nothing.
 */
export function restoreSnapshot(state: FleetState, bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION || view.getUint32(8, true) !== checksum(bytes.subarray(12))) return false;
  const length = view.getUint32(12, true);
  const slots = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length))) as SlotHeader[];
  let at = Math.ceil((16 + length) / 8) * 8;
  const next = (): number => {
    const value = view.getFloat64(at, true);
    at += 8;
    return value;
  };
  for (const header of slots) {
    const slot = state.ensureSlot(header.key, header.layout, header.speedLimit);
    const last = next();
    const connectedKey = next();
    const connected = next() === 1;
    for (let fix = 0; fix < 3; fix++) {
      const lat = next();
      const lon = next();
      const key = next();
      if (key > 0) state.putFix(slot, lat, lon, key);
    }
    for (const parameter of header.parameters) state.put(slot, parameter, next(), next());
    for (const [parameter, text, key] of header.texts) state.putText(slot, parameter, text, key);
    if (connectedKey > 0) state.setConnected(slot, connected, connectedKey);
    if (last === last) state.contact(slot, last);
    state.refresh(slot);
  }
  return true;
}
