import { crc32 } from '../codec/checksum.ts';
import { TOLD_COLUMNS } from './columns.ts';
import type { FleetState } from './fleet-state.ts';

/** "CCFS" */
const MAGIC = 0x43434653;
const VERSION = 1;
const HEADER = 16;

interface VehicleHeader {
  readonly key: string;
  readonly layout: string;
  readonly speedLimit: number;
  /** Number of last values that follow. */
  readonly values: number;
  readonly texts: readonly (readonly [parameter: number, text: string, key: number])[];
}

/**
 * The live fleet as bytes, little endian: magic, version, CRC-32 of the rest, length of a JSON header (keys, layouts, texts);
 * then per vehicle, as doubles, what messages have told (TOLD_COLUMNS in order) and parameter, value, order key of its values.
 */
export function takeSnapshot(state: FleetState): Uint8Array {
  const vehicles: VehicleHeader[] = [];
  const { columns } = state;
  const perVehicle = TOLD_COLUMNS.reduce((sum, { width }) => sum + width, 0);
  let doubles = 0;
  for (let slot = 0; slot < state.size; slot++) {
    const stored = state.storedValues(slot);
    let values = 0;
    stored?.values.forEach(stored.row, () => values++);
    doubles += perVehicle + 3 * values;
    const texts = state.texts(slot).map(({ parameter, text, key }) => [parameter, text, key] as const);
    vehicles.push({ key: state.keyOf(slot) ?? '', layout: state.layoutOf(slot), speedLimit: columns.speedLimit[slot] as number, values, texts });
  }
  const header = new TextEncoder().encode(JSON.stringify(vehicles));
  const start = HEADER + header.length;
  const bytes = new Uint8Array(start + doubles * 8);
  const view = new DataView(bytes.buffer);
  bytes.set(header, HEADER);
  let at = start;
  const write = (value: number): void => {
    view.setFloat64(at, value, true);
    at += 8;
  };
  for (let slot = 0; slot < state.size; slot++) {
    for (const { name, width } of TOLD_COLUMNS) for (let i = 0; i < width; i++) write(columns[name][slot * width + i] as number);
    const stored = state.storedValues(slot);
    stored?.values.forEach(stored.row, (parameter, value, key) => {
      write(parameter);
      write(value);
      write(key);
    });
  }
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, header.length, true);
  view.setUint32(8, crc32(bytes, 12), true);
  return bytes;
}

/**
 * Puts a snapshot into `state`, which has no vehicles or none of those in the snapshot. Returns whether it could be read: a
 * damaged snapshot or one of another version changes nothing.
 */
export function restoreSnapshot(state: FleetState, bytes: Uint8Array): boolean {
  if (bytes.length < HEADER) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION || view.getUint32(8, true) !== crc32(bytes, 12)) return false;
  const length = view.getUint32(12, true);
  const vehicles = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, HEADER + length))) as VehicleHeader[];
  let at = HEADER + length;
  const read = (): number => {
    const value = view.getFloat64(at, true);
    at += 8;
    return value;
  };
  for (const { key, layout, speedLimit, values, texts } of vehicles) {
    const slot = state.ensureSlot(key, layout, speedLimit);
    // Making room replaces the columns, so they are asked for anew.
    const { columns } = state;
    for (const { name, width } of TOLD_COLUMNS) for (let i = 0; i < width; i++) columns[name][slot * width + i] = read();
    for (let i = 0; i < values; i++) state.put(slot, read(), read(), read());
    for (const [parameter, text, order] of texts) state.putText(slot, parameter, text, order);
    state.refresh(slot);
  }
  return true;
}
