import type { VehicleStatus } from './status.ts';

/** Columns of a live frame, as `fleet.live` of the contract sends them: one entry per vehicle in every column. */
export interface LiveColumns {
  epoch: string;
  /** Instant for which statuses and ages hold, epoch ms. */
  asOf: number;
  /** True where the frame lists every vehicle in scope. */
  full: boolean;
  slot: Uint32Array<ArrayBuffer>;
  /** Index into VEHICLE_STATUSES. */
  status: Uint8Array<ArrayBuffer>;
  /** Bits of LIVE_FLAG. */
  flags: Uint8Array<ArrayBuffer>;
  lat: Float64Array<ArrayBuffer>;
  lon: Float64Array<ArrayBuffer>;
  /** Degrees clockwise from north. */
  heading: Float32Array<ArrayBuffer>;
  /** km/h */
  speed: Float32Array<ArrayBuffer>;
  /** % */
  soc: Float32Array<ArrayBuffer>;
  /** km */
  range: Float32Array<ArrayBuffer>;
  /** km */
  odometer: Float64Array<ArrayBuffer>;
  /** GSM signal 0–31, 255 unknown. */
  signal: Uint8Array<ArrayBuffer>;
  /** Receive time of the newest message, epoch ms; NaN: never. */
  lastCommunication: Float64Array<ArrayBuffer>;
}

/** What a vehicle is doing with its charger, as the grid shows it. */
export type ChargingStatus = 'charging' | 'not-charging' | 'full';

/** One vehicle's live values with everything the grid and the cards show; what is unknown is undefined. */
export interface LiveRow {
  readonly status: VehicleStatus;
  /** Bits of LIVE_FLAG. */
  readonly flags: number;
  readonly lat: number | undefined;
  readonly lon: number | undefined;
  /** Event time of the position, epoch ms. */
  readonly positionTime: number | undefined;
  readonly heading: number | undefined;
  readonly speed: number | undefined;
  readonly soc: number | undefined;
  readonly range: number | undefined;
  readonly odometer: number | undefined;
  readonly signal: number | undefined;
  readonly lastCommunication: number | undefined;
  readonly ignition: boolean | undefined;
  readonly charging: ChargingStatus | undefined;
  /** From the unit's `state`; undefined where it has never sent one. */
  readonly connected: boolean | undefined;
  readonly firmware: string | undefined;
}
