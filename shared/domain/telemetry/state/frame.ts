import type { FleetState } from './fleet-state.ts';

/** Columns of a live frame, as in the contract's liveFrame without its header. */
export interface FrameColumns {
  slot: Uint32Array<ArrayBuffer>;
  status: Uint8Array<ArrayBuffer>;
  flags: Uint8Array<ArrayBuffer>;
  lat: Float64Array<ArrayBuffer>;
  lon: Float64Array<ArrayBuffer>;
  heading: Float32Array<ArrayBuffer>;
  speed: Float32Array<ArrayBuffer>;
  soc: Float32Array<ArrayBuffer>;
  range: Float32Array<ArrayBuffer>;
  odometer: Float64Array<ArrayBuffer>;
  signal: Uint8Array<ArrayBuffer>;
  lastCommunication: Float64Array<ArrayBuffer>;
}

/**
 * The rows that changed after revision `since` (0: all) and may be seen; undefined where there is none and `since` is not 0. New
 * arrays each time: they are handed over to the transport.
 */
export function buildFrame(state: FleetState, since: number, visible: (slot: number) => boolean): FrameColumns | undefined {
  const { columns, size } = state;
  const { changed } = columns;
  let slots = new Uint32Array(size);
  let count = 0;
  for (let slot = 0; slot < size; slot++) if ((changed[slot] as number) > since && visible(slot)) slots[count++] = slot;
  if (count === 0 && since > 0) return undefined;
  if (count < size) slots = slots.slice(0, count);
  return {
    slot: slots,
    status: gather8(columns.status, slots),
    flags: gather8(columns.flags, slots),
    lat: gather64(columns.lat, slots),
    lon: gather64(columns.lon, slots),
    heading: gather32(columns.heading, slots),
    speed: gather32(columns.speed, slots),
    soc: gather32(columns.soc, slots),
    range: gather32(columns.range, slots),
    odometer: gather64(columns.odometer, slots),
    signal: gather8(columns.signal, slots),
    lastCommunication: gather64(columns.lastCommunication, slots),
  };
}

// A function per element type, so that each loop sees one kind of array: that makes them several times as fast.
function gather8(from: Uint8Array, slots: Uint32Array): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(slots.length);
  for (let i = 0; i < slots.length; i++) to[i] = from[slots[i] as number] as number;
  return to;
}

function gather32(from: Float32Array, slots: Uint32Array): Float32Array<ArrayBuffer> {
  const to = new Float32Array(slots.length);
  for (let i = 0; i < slots.length; i++) to[i] = from[slots[i] as number] as number;
  return to;
}

function gather64(from: Float64Array, slots: Uint32Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(slots.length);
  for (let i = 0; i < slots.length; i++) to[i] = from[slots[i] as number] as number;
  return to;
}
