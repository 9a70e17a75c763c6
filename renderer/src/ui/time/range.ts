import { zonedFields } from './format.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const PRESETS = ['1h', 'today', '24h', 'yesterday', '7d'] as const;
export type Preset = (typeof PRESETS)[number];

/** A range of time, epoch ms. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Midnight before an instant in a zone, epoch ms. */
export function dayBegin(instant: number, timeZone?: string): number {
  const { hour, minute, second } = zonedFields(instant, timeZone);
  const midnight = Math.floor(instant / 1000) * 1000 - ((hour * 60 + minute) * 60 + second) * 1000;
  // On a day on which clocks change, the hours since midnight are not those on the clock.
  const off = zonedFields(midnight, timeZone);
  return off.hour === 0 ? midnight : midnight + (off.hour > 12 ? 24 - off.hour : -off.hour) * HOUR;
}

/** The range of a preset as of now. */
export function presetRange(preset: Preset, now: number, timeZone?: string): TimeRange {
  const today = dayBegin(now, timeZone);
  switch (preset) {
    case '1h':
      return { from: now - HOUR, to: now };
    case 'today':
      return { from: today, to: now };
    case '24h':
      return { from: now - DAY, to: now };
    case 'yesterday':
      return { from: dayBegin(today - HOUR, timeZone), to: today };
    case '7d':
      return { from: now - 7 * DAY, to: now };
  }
}

/** A preset, or a custom range `from-to` in epoch ms, of an address; undefined for anything else. */
export function readRange(text: string): Preset | TimeRange | undefined {
  if ((PRESETS as readonly string[]).includes(text)) return text as Preset;
  const match = /^(\d{12,14})-(\d{12,14})$/.exec(text);
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  return to > from ? { from, to } : undefined;
}

/** The range that an address names as of now; the preset `fallback` where it names none. */
export function rangeOf(text: string, fallback: Preset, now: number, timeZone?: string): TimeRange {
  const named = readRange(text) ?? fallback;
  return typeof named === 'string' ? presetRange(named, now, timeZone) : named;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** `2024-02-06T14:51`, as date fields have it, of an instant in a zone. */
export function wallText(instant: number, timeZone?: string): string {
  const { year, month, day, hour, minute } = zonedFields(instant, timeZone);
  return `${year}-${pad(month + 1)}-${pad(day)}T${pad(hour)}:${pad(minute)}`;
}

/** The instant of a date field's text in a zone, epoch ms; NaN where it is not complete. */
export function wallInstant(text: string, timeZone?: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!match) return Number.NaN;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  // The offset at the first guess is right but for the hours around a change of clocks; the second look is right there, too.
  let instant = wall;
  for (let look = 0; look < 2; look++) {
    const shown = zonedFields(instant, timeZone);
    instant += wall - Date.UTC(shown.year, shown.month, shown.day, shown.hour, shown.minute);
  }
  return instant;
}
