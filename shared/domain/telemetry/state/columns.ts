/** The dashboard columns of the live fleet: structure of arrays, one row (slot) per vehicle. */
export interface LiveColumns {
  /** Index into VEHICLE_STATUSES. */
  status: Uint8Array;
  /** Bits of LIVE_FLAG. */
  flags: Uint8Array;
  /** GSM signal 0–31, 255 unknown. */
  signal: Uint8Array;
  heading: Float32Array;
  speed: Float32Array;
  soc: Float32Array;
  range: Float32Array;
  lat: Float64Array;
  lon: Float64Array;
  odometer: Float64Array;
  /** Receive time of the newest message, epoch ms; NaN never. */
  lastCommunication: Float64Array;
  /** Revision of the fleet at which the row changed last. */
  changed: Float64Array;
  /** Instant at which time alone changes the row next, epoch ms; Infinity: never. */
  deadline: Float64Array;
  /** Receive time that decided the `connected` flag, epoch ms; 0 never. */
  connectedKey: Float64Array;
  /** The three newest fixes: lat, lon, order key each. */
  fixes: Float64Array;
  /** Fastest believable travel of the vehicle, km/h. */
  speedLimit: Uint8Array;
}

/** Doubles per vehicle in `fixes`. */
export const FIX_STRIDE = 9;

/** Columns for `capacity` vehicles, everything unknown. */
export function createColumns(capacity: number): LiveColumns {
  return {
    status: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    signal: new Uint8Array(capacity).fill(255),
    heading: new Float32Array(capacity).fill(Number.NaN),
    speed: new Float32Array(capacity).fill(Number.NaN),
    soc: new Float32Array(capacity).fill(Number.NaN),
    range: new Float32Array(capacity).fill(Number.NaN),
    lat: new Float64Array(capacity).fill(Number.NaN),
    lon: new Float64Array(capacity).fill(Number.NaN),
    odometer: new Float64Array(capacity).fill(Number.NaN),
    lastCommunication: new Float64Array(capacity).fill(Number.NaN),
    changed: new Float64Array(capacity),
    deadline: new Float64Array(capacity).fill(Number.POSITIVE_INFINITY),
    connectedKey: new Float64Array(capacity),
    fixes: new Float64Array(capacity * FIX_STRIDE),
    speedLimit: new Uint8Array(capacity),
  };
}

/** The same rows with room for `capacity`. */
export function growColumns(columns: LiveColumns, capacity: number): LiveColumns {
  const larger = createColumns(capacity);
  for (const key of Object.keys(columns) as (keyof LiveColumns)[]) (larger[key] as Float64Array).set(columns[key] as Float64Array);
  return larger;
}

/** Bytes of all columns. */
export function columnsBytes(columns: LiveColumns): number {
  return Object.values(columns).reduce((sum, column: Uint8Array) => sum + column.byteLength, 0);
}
