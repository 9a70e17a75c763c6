/** The six vehicle statuses in the order of the portal's list; the index is the wire value in typed arrays. */
export const VEHICLE_STATUSES = ['moving', 'stopped', 'ignition-off', 'charging', 'offline', 'not-communicating'] as const;

export type VehicleStatus = (typeof VEHICLE_STATUSES)[number];

/** The wire value of a status: its index in VEHICLE_STATUSES. */
export const STATUS_CODE = Object.fromEntries(VEHICLE_STATUSES.map((status, index) => [status, index])) as Readonly<Record<VehicleStatus, number>>;

/** Bits of the `flags` column of a live row. */
export const LIVE_FLAG = {
  /** Position older than 15 min or three expected intervals. */
  positionStale: 1,
  /** Ignition never reported: Stopped is assumed. */
  ignitionUnknown: 2,
  /** Charging and moving at once. */
  contradictory: 4,
  /** The unit's `state` says connected. */
  connected: 8,
  /** The unit's clock is off by more than 120 s. */
  clockWrong: 16,
  /** The unit has sent messages that could not be read. */
  malformed: 32,
  /** Ignition is on. */
  ignitionOn: 64,
  /** Position was never reported. */
  positionUnknown: 128,
} as const;
