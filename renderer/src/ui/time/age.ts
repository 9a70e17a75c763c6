import { tu } from '../messages/en.ts';
import { formatInstant } from './format.ts';

/** How long ago: `12 seconds ago`, `4 minutes ago`; from one hour on, and for the future, the exact time. Epoch ms. */
export function formatAge(instant: number | undefined, now: number, timeZone?: string): string {
  if (instant === undefined || !Number.isFinite(instant)) return tu('time.never');
  const seconds = Math.floor((now - instant) / 1000);
  if (seconds >= 3600 || seconds < -60) return formatInstant(instant, timeZone);
  if (seconds < 5) return tu('time.ago.now');
  if (seconds < 60) return tu('time.ago.seconds', { count: seconds });
  return tu('time.ago.minutes', { count: Math.floor(seconds / 60) });
}

/** A short age for narrow places: `now`, `12 s`, `4 min`, `3 h`, `5 d`; `–` for never. */
export function formatShortAge(instant: number | undefined, now: number): string {
  if (instant === undefined || !Number.isFinite(instant)) return '–';
  const seconds = Math.max(0, Math.floor((now - instant) / 1000));
  if (seconds < 2) return tu('time.now');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
