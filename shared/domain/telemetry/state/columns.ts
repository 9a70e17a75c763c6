import { STATUS_CODE } from '../../fleet/status.ts';
import { FIX_COUNT } from './fixes.ts';
import { READING_COUNT } from './odometer.ts';

/** The vehicle has no row of last values yet. */
export const NO_ROW = 0xffffffff;

/** The dashboard columns of the live fleet: structure of arrays, one row (slot) per vehicle. */
export interface LiveColumns {
  // What messages have told: folds, and so independent of their order.
  /** Receive time of the newest message, epoch ms; NaN never. */
  lastCommunication: Float64Array<ArrayBuffer>;
  /** Receive time that decided `connected`, epoch ms; NaN never. */
  connectedAt: Float64Array<ArrayBuffer>;
  connected: Uint8Array<ArrayBuffer>;
  /** See SkewColumns of ../clock. */
  skewPeriod: Int32Array<ArrayBuffer>;
  skewSmallest: Float64Array<ArrayBuffer>;
  skewBefore: Float64Array<ArrayBuffer>;
  /** See FixColumns. */
  fixKey: Float64Array<ArrayBuffer>;
  fixLat: Float64Array<ArrayBuffer>;
  fixLon: Float64Array<ArrayBuffer>;
  /** See ReadingColumns. */
  readingKey: Float64Array<ArrayBuffer>;
  readingValue: Float64Array<ArrayBuffer>;
  /** 1: the unit has sent messages that could not be read. */
  malformed: Uint8Array<ArrayBuffer>;

  // Where the last values are, and what is known of the vehicle.
  /** Index of the model's values, and the row in them. */
  model: Uint16Array<ArrayBuffer>;
  row: Uint32Array<ArrayBuffer>;
  /** Fastest believable travel of the vehicle, km/h. */
  speedLimit: Float32Array<ArrayBuffer>;

  // What is shown: functions of the above and of the instant.
  /** Index into VEHICLE_STATUSES. */
  status: Uint8Array<ArrayBuffer>;
  /** Bits of LIVE_FLAG. */
  flags: Uint8Array<ArrayBuffer>;
  /** Value of CHARGING. */
  charging: Uint8Array<ArrayBuffer>;
  lat: Float64Array<ArrayBuffer>;
  lon: Float64Array<ArrayBuffer>;
  /** Event time of the shown position, epoch ms; NaN: there is none. */
  positionTime: Float64Array<ArrayBuffer>;
  heading: Float32Array<ArrayBuffer>;
  speed: Float32Array<ArrayBuffer>;
  soc: Float32Array<ArrayBuffer>;
  range: Float32Array<ArrayBuffer>;
  odometer: Float64Array<ArrayBuffer>;
  /** GSM signal 0–31, 255 unknown. */
  signal: Uint8Array<ArrayBuffer>;
  /** Time alone changes the row once this instant (epoch ms) has passed; Infinity: never. */
  deadline: Float64Array<ArrayBuffer>;
  /** Revision of the fleet at which the row, or a last value of the vehicle, changed last. */
  changed: Float64Array<ArrayBuffer>;
}

type Column = LiveColumns[keyof LiveColumns];

interface ColumnKind {
  readonly type: { new (length: number): Column; readonly BYTES_PER_ELEMENT: number };
  /** Entry of a vehicle that has reported nothing. */
  readonly empty: number;
  /** Entries per vehicle. */
  readonly width: number;
  /** Told by messages: forgotten when the vehicle is cleared, and kept over a restart. */
  readonly told: boolean;
}

const no = Number.NaN;
const told = (type: ColumnKind['type'], empty: number, width = 1): ColumnKind => ({ type, empty, width, told: true });
const other = (type: ColumnKind['type'], empty: number): ColumnKind => ({ type, empty, width: 1, told: false });

const KINDS: Readonly<Record<keyof LiveColumns, ColumnKind>> = {
  lastCommunication: told(Float64Array, no),
  connectedAt: told(Float64Array, no),
  connected: told(Uint8Array, 0),
  skewPeriod: told(Int32Array, -1),
  skewSmallest: told(Float64Array, no),
  skewBefore: told(Float64Array, no),
  fixKey: told(Float64Array, no, FIX_COUNT),
  fixLat: told(Float64Array, no, FIX_COUNT),
  fixLon: told(Float64Array, no, FIX_COUNT),
  readingKey: told(Float64Array, no, READING_COUNT),
  readingValue: told(Float64Array, no, READING_COUNT),
  malformed: told(Uint8Array, 0),
  model: other(Uint16Array, 0),
  row: other(Uint32Array, NO_ROW),
  speedLimit: other(Float32Array, 0),
  status: other(Uint8Array, STATUS_CODE['not-communicating']),
  flags: other(Uint8Array, 0),
  charging: other(Uint8Array, 0),
  lat: other(Float64Array, no),
  lon: other(Float64Array, no),
  positionTime: other(Float64Array, no),
  heading: other(Float32Array, no),
  speed: other(Float32Array, no),
  soc: other(Float32Array, no),
  range: other(Float32Array, no),
  odometer: other(Float64Array, no),
  signal: other(Uint8Array, 255),
  deadline: other(Float64Array, Number.POSITIVE_INFINITY),
  changed: other(Float64Array, 0),
};

const NAMES = Object.keys(KINDS) as (keyof LiveColumns)[];

/** Names of the columns that must survive a restart, with their entries per vehicle. */
export const TOLD_COLUMNS = NAMES.filter((name) => KINDS[name].told).map((name) => ({ name, width: KINDS[name].width }));

/** Bytes of one vehicle in all columns. */
export const BYTES_PER_VEHICLE = NAMES.reduce((sum, name) => sum + KINDS[name].type.BYTES_PER_ELEMENT * KINDS[name].width, 0);

/** Columns for `capacity` vehicles, everything unknown. */
export function createColumns(capacity: number): LiveColumns {
  const columns: Partial<Record<keyof LiveColumns, Column>> = {};
  for (const name of NAMES) {
    const { type, empty, width } = KINDS[name];
    const column = new type(capacity * width);
    if (empty !== 0) column.fill(empty);
    columns[name] = column;
  }
  return columns as LiveColumns;
}

/** The same rows with room for `capacity`. */
export function growColumns(columns: LiveColumns, capacity: number): LiveColumns {
  const larger = createColumns(capacity);
  for (const name of NAMES) larger[name].set(columns[name]);
  return larger;
}

/** Forgets what messages have told about a vehicle. */
export function clearTold(columns: LiveColumns, slot: number): void {
  for (const name of NAMES) {
    const { empty, width, told: isTold } = KINDS[name];
    if (isTold) columns[name].fill(empty, slot * width, (slot + 1) * width);
  }
}

/** Bytes of all columns. */
export function columnsBytes(columns: LiveColumns): number {
  return NAMES.reduce((sum, name) => sum + columns[name].byteLength, 0);
}
