import { STATUS_SETTINGS, type StatusSettings } from '../telemetry/state/rules.ts';
import { StepReader, type Steps } from './steps.ts';

/** A stretch of time, epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Longest time between two messages that is no gap, ms: three expected intervals of what the vehicle does, at most the age at which
 * a position is stale (docs/domain.md). `period`: the readings looked at are stored no more often than this, ms.
 */
export function longestPause(ignition: number, charging: boolean, period = 0, settings: StatusSettings = STATUS_SETTINGS): number {
  const interval = ignition > 0 ? settings.drivingInterval : charging ? settings.chargingInterval : settings.parkedInterval;
  return Math.min(settings.positionStaleAfter, 3 * Math.max(interval, period));
}

/** Whether a value of the BMS's charging status means that energy flows in: pre-charge, constant current, constant voltage. */
export function isChargingState(value: number): boolean {
  return value >= 1 && value <= 3;
}

/** Instants at which a vehicle was heard, ascending and once each, from the times of all its values. */
export function heardAt(series: readonly { readonly time: ArrayLike<number> }[]): Float64Array {
  const all = new Float64Array(series.reduce((sum, { time }) => sum + time.length, 0));
  let at = 0;
  for (const { time } of series) {
    all.set(time, at);
    at += time.length;
  }
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) if (count === 0 || all[i] !== all[count - 1]) all[count++] = all[i] as number;
  return all.subarray(0, count);
}

/** The stretches between two messages, and from the last one to `end`, that lasted longer than they may, by ignition and charging at their beginning. */
export function silences(heard: ArrayLike<number>, ignition: Steps | undefined, charging: Steps | undefined, end = -Infinity): Span[] {
  const on = new StepReader(ignition);
  const plugged = new StepReader(charging);
  const found: Span[] = [];
  for (let i = 0; i < heard.length; i++) {
    const from = heard[i] as number;
    const to = i + 1 < heard.length ? (heard[i + 1] as number) : end;
    const pause = longestPause(on.at(from), isChargingState(plugged.at(from)));
    if (to - from > pause) found.push({ from, to });
  }
  return found;
}
