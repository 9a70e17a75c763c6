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
  const { columns } = state;
  const slots: number[] = [];
  for (let slot = 0; slot < state.size; slot++) if (columns.changed[slot]! > since && visible(slot)) slots.push(slot);
  if (slots.length === 0 && since > 0) return undefined;
  const count = slots.length;
  const frame: FrameColumns = {
    slot: new Uint32Array(count),
    status: new Uint8Array(count),
    flags: new Uint8Array(count),
    lat: new Float64Array(count),
    lon: new Float64Array(count),
    heading: new Float32Array(count),
    speed: new Float32Array(count),
    soc: new Float32Array(count),
    range: new Float32Array(count),
    odometer: new Float64Array(count),
    signal: new Uint8Array(count),
    lastCommunication: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const slot = slots[i]!;
    frame.slot[i] = slot;
    frame.status[i] = columns.status[slot]!;
    frame.flags[i] = columns.flags[slot]!;
    frame.lat[i] = columns.lat[slot]!;
    frame.lon[i] = columns.lon[slot]!;
    frame.heading[i] = columns.heading[slot]!;
    frame.speed[i] = columns.speed[slot]!;
    frame.soc[i] = columns.soc[slot]!;
    frame.range[i] = columns.range[slot]!;
    frame.odometer[i] = columns.odometer[slot]!;
    frame.signal[i] = columns.signal[slot]!;
    frame.lastCommunication[i] = columns.lastCommunication[slot]!;
  }
  return frame;
}
