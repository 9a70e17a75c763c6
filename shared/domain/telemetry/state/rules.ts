import { LIVE_FLAG, STATUS_CODE } from '../../fleet/status.ts';

const HOUR = 3_600_000;
/** Age of the last communication from which a vehicle is Offline, ms. */
export const OFFLINE_AFTER = 24 * HOUR;
/** Age of the last communication from which a vehicle is Not Communicating, ms. */
export const SILENT_AFTER = 72 * HOUR;
/** A position is stale at this age at the latest, ms. */
export const POSITION_STALE_AFTER = 900_000;
/** Expected interval between messages by what the vehicle does, ms: driving, charging, parked. */
export const EXPECTED_INTERVAL = { driving: 10_000, charging: 60_000, parked: 600_000 } as const;
/** GPS speed below this counts as standing, km/h. */
export const GPS_STANDSTILL = 2;
/** GPS speed stands in for wheel speed that is older by this, ms. */
const WHEEL_SPEED_LAG = 60_000;

/** The newest values that decide a status; NaN: never reported. Keys are order keys (0: never). */
export interface StatusInputs {
  wheelSpeed: number;
  wheelSpeedKey: number;
  gpsSpeed: number;
  gpsSpeedKey: number;
  ignition: number;
  chargingState: number;
  chargerState: number;
  bmsState: number;
}

/** Speed in km/h: wheel speed where the vehicle reports it, else GPS speed, which below 2 km/h counts as 0; NaN unknown. */
export function speedOf(inputs: StatusInputs): number {
  const gps = inputs.gpsSpeed < GPS_STANDSTILL ? 0 : inputs.gpsSpeed;
  if (inputs.wheelSpeedKey > 0 && inputs.gpsSpeedKey - inputs.wheelSpeedKey <= WHEEL_SPEED_LAG) return inputs.wheelSpeed;
  return inputs.gpsSpeedKey > 0 ? gps : inputs.wheelSpeed;
}

/** Whether energy flows in from a charger, by the BMS's charging status, else the charger's, else the BMS's own state. */
export function isCharging(inputs: StatusInputs): boolean {
  if (inputs.chargingState === inputs.chargingState) return inputs.chargingState >= 1 && inputs.chargingState <= 3;
  if (inputs.chargerState === inputs.chargerState) return inputs.chargerState === 2;
  return inputs.bmsState === 3;
}

/**
 * The status of a vehicle that communicated `age` ms ago (Infinity: never), as its index in VEHICLE_STATUSES. The order of the
 * questions is the definition: silence first, then charging at standstill, then motion, then ignition.
 */
export function statusCode(age: number, speed: number, charging: boolean, ignition: number): number {
  if (!(age <= SILENT_AFTER)) return STATUS_CODE['not-communicating'];
  if (age > OFFLINE_AFTER) return STATUS_CODE.offline;
  const moving = speed > 0;
  if (charging && !moving) return STATUS_CODE.charging;
  if (ignition === 0) return STATUS_CODE['ignition-off'];
  return moving ? STATUS_CODE.moving : STATUS_CODE.stopped;
}

/** Bits that follow from the same values: contradictory data, ignition unknown or on. */
export function statusFlags(speed: number, charging: boolean, ignition: number): number {
  let flags = 0;
  if (charging && speed > 0) flags |= LIVE_FLAG.contradictory;
  if (ignition !== ignition) flags |= LIVE_FLAG.ignitionUnknown;
  else if (ignition > 0) flags |= LIVE_FLAG.ignitionOn;
  return flags;
}

/** Age at which a position is stale, ms: three expected intervals, at most 15 min. */
export function positionStaleAfter(speed: number, charging: boolean, ignition: number): number {
  const interval = ignition > 0 ? EXPECTED_INTERVAL.driving : charging && !(speed > 0) ? EXPECTED_INTERVAL.charging : EXPECTED_INTERVAL.parked;
  return Math.min(POSITION_STALE_AFTER, 3 * interval);
}
