import { STATUS_SETTINGS, type StatusSettings } from '../telemetry/state/rules.ts';

/**
 * Longest time between two messages that is no gap, ms: three expected intervals of what the vehicle does, at most the age at which
 * a position is stale (docs/domain.md). `period`: the readings looked at are stored no more often than this, ms.
 */
export function longestPause(ignition: number, charging: boolean, period = 0, settings: StatusSettings = STATUS_SETTINGS): number {
  const interval = ignition > 0 ? settings.drivingInterval : charging ? settings.chargingInterval : settings.parkedInterval;
  return Math.min(settings.positionStaleAfter, 3 * Math.max(interval, period));
}

/** Whether a value of the charging status (catalogue 273) means that energy flows in. */
export function isChargingState(value: number): boolean {
  return value >= 1 && value <= 3;
}
