import { MONTHS, zonedFields } from '../time/format.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps between ticks that fall on round times of day; above a day in whole days. */
const STEPS = [
  SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 365 * DAY,
] as const;

export interface TimeTicks {
  /** Epoch milliseconds, ascending, within the range. */
  readonly times: readonly number[];
  /** Milliseconds between two ticks. */
  readonly step: number;
}

/** At most `most` ticks between two instants, on round local times of the zone (5:30 offsets included). */
export function timeTicks(from: number, to: number, most: number, timeZone?: string): TimeTicks {
  if (!(to > from) || most < 1) return { times: [], step: SECOND };
  const step = STEPS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / (365 * DAY)) * 365 * DAY;
  const times: number[] = [];
  // The offset is taken at each tick's neighbourhood, so that ticks stay round across a change of the clocks.
  let tick = Math.ceil((from + offsetAt(from, timeZone)) / step) * step - offsetAt(from, timeZone);
  while (tick <= to) {
    if (tick >= from) times.push(tick);
    const next = tick + step;
    tick = next + offsetAt(tick, timeZone) - offsetAt(next, timeZone);
    if (tick <= next - step) tick = next;
  }
  return { times, step };
}

/** Milliseconds that local time is ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone?: string): number {
  const { year, month, day, hour, minute, second } = zonedFields(instant, timeZone);
  return Date.UTC(year, month, day, hour, minute, second) - Math.floor(instant / SECOND) * SECOND;
}

/** Label of a tick: the time of day, and the date instead at midnight or where steps are days. */
export function tickLabel(instant: number, step: number, timeZone?: string): string {
  const { year, month, day, hour, minute, second } = zonedFields(instant, timeZone);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (step >= 28 * DAY) return `${pad(day)}-${MONTHS[month]}-${year}`;
  if (step >= DAY || (hour === 0 && minute === 0 && second === 0)) return `${pad(day)}-${MONTHS[month]}`;
  return step < MINUTE ? `${pad(hour)}:${pad(minute)}:${pad(second)}` : `${pad(hour)}:${pad(minute)}`;
}
