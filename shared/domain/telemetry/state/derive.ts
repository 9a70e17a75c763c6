import { LIVE_FLAG } from '../../fleet/status.ts';
import { PARAMETER } from '../catalogue/numbers.ts';
import { isClockWrong } from '../clock/index.ts';
import type { ModelValues } from './cells.ts';
import { NO_ROW, type LiveColumns } from './columns.ts';
import { chooseReading } from './odometer.ts';
import { timeOfKey } from './order.ts';
import { choosePosition, type ChosenPosition } from './position.ts';
import { CHARGING, chargingOf, emptyInputs, positionStaleAfter, speedOf, statusCode, statusFlags, type StatusInputs, type StatusSettings } from './rules.ts';

const position: ChosenPosition = { lat: 0, lon: 0, key: 0 };
const inputs: StatusInputs = emptyInputs();
const NOTHING = emptyInputs();

/** Computes what is shown of a vehicle's values from what it has told; true where a column changed. */
export function deriveValues(columns: LiveColumns, slot: number, values: ModelValues | undefined): boolean {
  const row = columns.row[slot] as number;
  readInputs(values, row);
  const get = (parameter: number): number => (values === undefined || row === NO_ROW ? Number.NaN : values.value(row, parameter));
  const speed = speedOf(inputs);
  const limit = columns.speedLimit[slot] as number;
  choosePosition(columns, slot, limit, inputs.ignition === 0 && !(speed > 0), position);
  columns.positionTime[slot] = timeOfKey(position.key);
  const signal = get(PARAMETER.gsmSignal);
  let changed = put(columns.lat, slot, position.lat);
  changed = put(columns.lon, slot, position.lon) || changed;
  changed = put(columns.speed, slot, speed) || changed;
  changed = put(columns.heading, slot, get(PARAMETER.heading)) || changed;
  changed = put(columns.soc, slot, get(PARAMETER.soc)) || changed;
  changed = put(columns.range, slot, get(PARAMETER.range)) || changed;
  changed = put(columns.odometer, slot, chooseReading(columns, slot, limit)) || changed;
  changed = put(columns.signal, slot, signal >= 0 && signal <= 31 ? signal : 255) || changed;
  return put(columns.charging, slot, chargingOf(inputs)) || changed;
}

/** Computes status, flags and the instant at which time alone changes them; true where status or flags changed. */
export function deriveStatus(columns: LiveColumns, slot: number, asOf: number, ignition: number, settings: StatusSettings): boolean {
  const last = columns.lastCommunication[slot] as number;
  const speed = columns.speed[slot] as number;
  const charging = columns.charging[slot] === CHARGING.yes;
  const positionTime = columns.positionTime[slot] as number;
  const staleAt = positionTime + positionStaleAfter(speed, charging, ignition, settings);
  let flags = statusFlags(speed, charging, ignition);
  if (Number.isNaN(positionTime)) flags |= LIVE_FLAG.positionUnknown;
  else if (asOf > staleAt) flags |= LIVE_FLAG.positionStale;
  if (columns.connected[slot] === 1) flags |= LIVE_FLAG.connected;
  if (columns.malformed[slot] === 1) flags |= LIVE_FLAG.malformed;
  if (isClockWrong(columns, slot)) flags |= LIVE_FLAG.clockWrong;
  let next = Number.POSITIVE_INFINITY;
  const offlineAt = last + settings.offlineAfter;
  const silentAt = last + settings.silentAfter;
  if (offlineAt >= asOf && offlineAt < next) next = offlineAt;
  if (silentAt >= asOf && silentAt < next) next = silentAt;
  if (staleAt >= asOf && staleAt < next) next = staleAt;
  columns.deadline[slot] = next;
  const changed = put(columns.status, slot, statusCode(asOf - last, speed, charging, ignition, settings));
  return put(columns.flags, slot, flags) || changed;
}

function readInputs(values: ModelValues | undefined, row: number): void {
  if (values === undefined || row === NO_ROW) {
    Object.assign(inputs, NOTHING);
    return;
  }
  inputs.wheelSpeed = values.value(row, PARAMETER.speed);
  inputs.wheelSpeedKey = values.key(row, PARAMETER.speed);
  inputs.gpsSpeed = values.value(row, PARAMETER.gpsSpeed);
  inputs.gpsSpeedKey = values.key(row, PARAMETER.gpsSpeed);
  inputs.ignition = values.value(row, PARAMETER.ignition);
  inputs.ignitionKey = values.key(row, PARAMETER.ignition);
  inputs.chargingState = values.value(row, PARAMETER.chargingState);
  inputs.chargingStateKey = values.key(row, PARAMETER.chargingState);
  inputs.chargerState = values.value(row, PARAMETER.chargerState);
  inputs.chargerStateKey = values.key(row, PARAMETER.chargerState);
  inputs.bmsState = values.value(row, PARAMETER.bmsState);
  inputs.bmsStateKey = values.key(row, PARAMETER.bmsState);
  inputs.plugged = values.value(row, PARAMETER.chargerPlugged);
  inputs.packCurrent = values.value(row, PARAMETER.packCurrent);
  inputs.packCurrentKey = values.key(row, PARAMETER.packCurrent);
}

/** Writes and says whether the entry changed; NaN equals NaN. */
function put(column: Float64Array | Float32Array | Uint8Array, slot: number, value: number): boolean {
  const before = column[slot] as number;
  column[slot] = value;
  const after = column[slot] as number;
  return !(before === after || (before !== before && after !== after));
}
