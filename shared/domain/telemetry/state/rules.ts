import { LIVE_FLAG, STATUS_CODE } from '../../fleet/status.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Times that decide statuses and stale marks; an installation may change them. All in ms. */
export interface StatusSettings {
  /** Age of the last communication above which a vehicle is Offline, and Not Communicating. */
  readonly offlineAfter: number;
  readonly silentAfter: number;
  /** A position is stale above this age at the latest. */
  readonly positionStaleAfter: number;
  /** Expected intervals between messages by what the vehicle does; a position older than three of them is stale. */
  readonly drivingInterval: number;
  readonly chargingInterval: number;
  readonly parkedInterval: number;
}

export const STATUS_SETTINGS: StatusSettings = {
  offlineAfter: 24 * HOUR,
  silentAfter: 72 * HOUR,
  positionStaleAfter: 15 * MINUTE,
  drivingInterval: 10 * SECOND,
  chargingInterval: 60 * SECOND,
  parkedInterval: 600 * SECOND,
};

/** GPS speed below this counts as standing, km/h. */
export const GPS_STANDSTILL = 2;
/** GPS speed stands in for wheel speed that is older by more than this, ms: the CAN bus is silent, the receiver is not. */
const WHEEL_SPEED_LAG = MINUTE;
/** What one unit says about charging gives way to another's that is newer by more than this, and to none at all if ignition was reported that much later, ms. */
const CHARGING_LAG = 15 * MINUTE;
/** Current into a plugged battery that counts as charging, A. */
const CHARGING_CURRENT = 0.5;

/** What the newest values say about charging; the wire value of the `charging` column. */
export const CHARGING = { unknown: 0, no: 1, yes: 2, full: 3 } as const;

/** The newest values that decide a status; NaN: never reported. Keys are order keys. */
export interface StatusInputs {
  wheelSpeed: number;
  wheelSpeedKey: number;
  gpsSpeed: number;
  gpsSpeedKey: number;
  ignition: number;
  ignitionKey: number;
  chargingState: number;
  chargingStateKey: number;
  chargerState: number;
  chargerStateKey: number;
  bmsState: number;
  bmsStateKey: number;
  plugged: number;
  packCurrent: number;
  packCurrentKey: number;
}

/** Inputs of a vehicle that has reported nothing. */
export function emptyInputs(): StatusInputs {
  const no = Number.NaN;
  return { wheelSpeed: no, wheelSpeedKey: no, gpsSpeed: no, gpsSpeedKey: no, ignition: no, ignitionKey: no, chargingState: no, chargingStateKey: no, chargerState: no, chargerStateKey: no, bmsState: no, bmsStateKey: no, plugged: no, packCurrent: no, packCurrentKey: no };
}

/** Speed in km/h without sign: wheel speed where the vehicle reports it, else GPS speed, which below 2 km/h counts as 0; NaN unknown. */
export function speedOf(inputs: StatusInputs): number {
  const gps = inputs.gpsSpeed < GPS_STANDSTILL ? 0 : inputs.gpsSpeed;
  if (Number.isNaN(inputs.wheelSpeed)) return gps;
  return inputs.gpsSpeedKey - inputs.wheelSpeedKey > WHEEL_SPEED_LAG ? gps : Math.abs(inputs.wheelSpeed);
}

/**
 * Whether energy flows in from a charger, as a value of CHARGING: by the BMS's charging status, else the charger's, else the
 * BMS's own state, else plug and current.
 */
export function chargingOf(inputs: StatusInputs): number {
  const stale = inputs.ignitionKey - CHARGING_LAG;
  const { chargingState, chargerState } = inputs;
  if (!Number.isNaN(chargingState) && !(inputs.chargerStateKey - inputs.chargingStateKey > CHARGING_LAG)) {
    if (inputs.chargingStateKey < stale) return CHARGING.unknown;
    return chargingState >= 1 && chargingState <= 3 ? CHARGING.yes : chargingState === 4 ? CHARGING.full : CHARGING.no;
  }
  if (!Number.isNaN(chargerState)) {
    if (inputs.chargerStateKey < stale) return CHARGING.unknown;
    return chargerState === 2 ? CHARGING.yes : chargerState === 3 ? CHARGING.full : CHARGING.no;
  }
  if (!Number.isNaN(inputs.bmsState)) {
    if (inputs.bmsStateKey < stale) return CHARGING.unknown;
    return inputs.bmsState === 3 ? CHARGING.yes : CHARGING.no;
  }
  if (Number.isNaN(inputs.plugged)) return CHARGING.unknown;
  return inputs.plugged === 1 && inputs.packCurrent >= CHARGING_CURRENT && !(inputs.packCurrentKey < stale) ? CHARGING.yes : CHARGING.no;
}

/**
 * The status of a vehicle that communicated `age` ms ago (NaN: never), as its index in VEHICLE_STATUSES. The order of the
 * questions is the definition: silence first, then charging at standstill, then ignition, then motion.
 */
export function statusCode(age: number, speed: number, charging: boolean, ignition: number, settings: StatusSettings = STATUS_SETTINGS): number {
  if (!(age <= settings.silentAfter)) return STATUS_CODE['not-communicating'];
  if (age > settings.offlineAfter) return STATUS_CODE.offline;
  const moving = speed > 0;
  if (charging && !moving) return STATUS_CODE.charging;
  if (ignition === 0) return STATUS_CODE['ignition-off'];
  return moving ? STATUS_CODE.moving : STATUS_CODE.stopped;
}

/** Bits of LIVE_FLAG that follow from the same values: contradictory data, ignition unknown or on. */
export function statusFlags(speed: number, charging: boolean, ignition: number): number {
  let flags = 0;
  if (charging && speed > 0) flags |= LIVE_FLAG.contradictory;
  if (ignition !== ignition) flags |= LIVE_FLAG.ignitionUnknown;
  else if (ignition > 0) flags |= LIVE_FLAG.ignitionOn;
  return flags;
}

/** Age above which a position is stale, ms. */
export function positionStaleAfter(speed: number, charging: boolean, ignition: number, settings: StatusSettings = STATUS_SETTINGS): number {
  const interval = ignition > 0 ? settings.drivingInterval : charging && !(speed > 0) ? settings.chargingInterval : settings.parkedInterval;
  return Math.min(settings.positionStaleAfter, 3 * interval);
}
