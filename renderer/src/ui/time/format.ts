export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number): string => String(value).padStart(2, '0');

/** Calendar fields of an instant (epoch ms) in a zone; the machine's zone where none is given. */
export function zonedFields(instant: number, timeZone?: string): { year: number; month: number; day: number; hour: number; minute: number; second: number } {
  if (timeZone === undefined) {
    const date = new Date(instant);
    return { year: date.getFullYear(), month: date.getMonth(), day: date.getDate(), hour: date.getHours(), minute: date.getMinutes(), second: date.getSeconds() };
  }
  const parts = new Map(zoned(timeZone).formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return { year: of('year'), month: of('month') - 1, day: of('day'), hour: of('hour'), minute: of('minute'), second: of('second') };
}

const formats = new Map<string, Intl.DateTimeFormat>();
function zoned(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(timeZone, format);
  }
  return format;
}

/** `06-Feb-2024 02:51 pm`. */
export function formatInstant(instant: number, timeZone?: string): string {
  if (!Number.isFinite(instant)) return '–';
  const f = zonedFields(instant, timeZone);
  return `${pad(f.day)}-${MONTHS[f.month]}-${f.year} ${pad(f.hour % 12 === 0 ? 12 : f.hour % 12)}:${pad(f.minute)} ${f.hour < 12 ? 'am' : 'pm'}`;
}

/** `06-Feb-2024 02:51:07 pm`, where seconds matter (data log, hover). */
export function formatInstantSeconds(instant: number, timeZone?: string): string {
  if (!Number.isFinite(instant)) return '–';
  const text = formatInstant(instant, timeZone);
  return `${text.slice(0, -3)}:${pad(zonedFields(instant, timeZone).second)}${text.slice(-3)}`;
}

/** `14:02`, for the chip and axes. */
export function formatClock(instant: number, timeZone?: string): string {
  if (!Number.isFinite(instant)) return '–';
  const f = zonedFields(instant, timeZone);
  return `${pad(f.hour)}:${pad(f.minute)}`;
}

/** `06-Feb-2024` of a calendar date `2024-02-06`. */
export function formatDate(date: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return match ? `${match[3]}-${MONTHS[Number(match[2]) - 1]}-${match[1]}` : '–';
}

/** `1 h 04 min`, `4 min 30 s`, `12 s` of a duration in milliseconds. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–';
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
