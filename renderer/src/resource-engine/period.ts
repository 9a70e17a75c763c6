import { presetRange, wallInstant } from '#renderer/ui/time/range.ts';

const DAY = 86_400_000;
export const PERIODS = ['today', 'yesterday', '7d', '30d'] as const;
export type Period = (typeof PERIODS)[number];

/** Days of one's own, `YYYY-MM-DD`, both of them within the period; an end may be open. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

export function isPeriod(text: string): text is Period {
  return (PERIODS as readonly string[]).includes(text);
}

/** The days of an address (`2026-11-01..2026-11-07`); undefined for anything else, and for an end before the beginning. */
export function readDays(text: string): Days | undefined {
  const match = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/.exec(text);
  if (!match) return undefined;
  const [from, to] = [match[1] ?? '', match[2] ?? ''];
  if ((from === '' && to === '') || [from, to].some((day) => day !== '' && Number.isNaN(Date.parse(day)))) return undefined;
  return from !== '' && to !== '' && to < from ? undefined : { from, to };
}

export const daysText = ({ from, to }: Days): string => (from === '' && to === '' ? '' : `${from}..${to}`);

const beginOf = (day: string, timeZone: string | undefined): number => wallInstant(`${day}T00:00`, timeZone);

/** From when on and until before when a period of an address lasts, epoch ms; undefined for none. A period up to now has no end: what comes next is in it. */
export function readPeriod(text: string, now: number, timeZone?: string): { readonly from?: number; readonly to?: number } | undefined {
  if (isPeriod(text)) {
    if (text === '30d') return { from: now - 30 * DAY };
    const { from, to } = presetRange(text, now, timeZone);
    return text === 'yesterday' ? { from, to } : { from };
  }
  const days = readDays(text);
  if (days === undefined) return undefined;
  const after = days.to === '' ? undefined : new Date(Date.parse(days.to) + DAY).toISOString().slice(0, 10);
  return { ...(days.from === '' ? {} : { from: beginOf(days.from, timeZone) }), ...(after === undefined ? {} : { to: beginOf(after, timeZone) }) };
}
