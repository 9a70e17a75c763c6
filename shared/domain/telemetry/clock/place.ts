import { QUALITY } from '../envelope/quality.ts';

/** Stamps before this are clocks that were never set: 2020-01-01T00:00:00Z. */
export const EARLIEST_PLAUSIBLE = 1_577_836_800_000;
/** A live stamp may be this much older than its reception, ms. */
export const LIVE_LAG_LIMIT = 120_000;
/** No stamp may be further ahead of its reception, ms. */
export const FUTURE_LIMIT = 60_000;
/** GPS counts weeks modulo 1024 (IS-GPS-200, 20.3.3.3.1.1): a receiver that misses a rollover is off by this, ms. */
export const ROLLOVER = 1024 * 7 * 86_400_000;
/** A buffered stamp is taken for a missed rollover only if putting it right lands this close before its reception, ms. */
const ROLLOVER_BUFFER_AGE = 30 * 86_400_000;

/** Where a message belongs in time. */
export interface Placement {
  /** Event time, epoch ms; always finite. */
  time: number;
  /** Bits of QUALITY: clockWrong, quarantined, rollover. */
  quality: number;
}

/**
 * Places a message by its stamp (epoch ms, NaN: none), its reception and whether it was delayed (buffered in the unit, kept by
 * the broker, or retained). Looks at nothing else, so the order of arrival can never matter (docs/adr/0003-event-time.md).
 * Writes to `out`.
 */
export function placeInTime(deviceTime: number, receivedAt: number, delayed: boolean, out: Placement): void {
  out.quality = 0;
  out.time = deviceTime;
  if (fits(deviceTime, receivedAt, delayed)) return;
  for (let rollovers = 1; rollovers <= 2; rollovers++) {
    const corrected = deviceTime + rollovers * ROLLOVER;
    if (fits(corrected, receivedAt, delayed) && receivedAt - corrected <= ROLLOVER_BUFFER_AGE) {
      out.time = corrected;
      out.quality = QUALITY.rollover;
      return;
    }
  }
  out.time = receivedAt;
  if (delayed) out.quality = QUALITY.quarantined;
  else if (deviceTime === deviceTime) out.quality = QUALITY.clockWrong;
}

function fits(time: number, receivedAt: number, delayed: boolean): boolean {
  return time <= receivedAt + FUTURE_LIMIT && (delayed ? time >= EARLIEST_PLAUSIBLE : receivedAt - time <= LIVE_LAG_LIMIT);
}

/**
 * A time for history where the stamp cannot be believed: the boot's start plus uptime, else the stamp put right by the unit's
 * known skew. NaN where neither is known or plausible. What is known depends on what has arrived, so such a time is never used
 * for live values.
 */
export function rebuildTime(deviceTime: number, up: number, receivedAt: number, bootStart: number, skew: number): number {
  const byUptime = bootStart + up * 1000;
  if (believable(byUptime, receivedAt)) return byUptime;
  const bySkew = Math.abs(skew) > LIVE_LAG_LIMIT ? deviceTime + skew : Number.NaN;
  return believable(bySkew, receivedAt) ? bySkew : Number.NaN;
}

function believable(time: number, receivedAt: number): boolean {
  return time >= EARLIEST_PLAUSIBLE && time <= receivedAt + FUTURE_LIMIT;
}
