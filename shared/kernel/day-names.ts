import { AppError } from './error.ts';

/** Offsets of zones change on quarters of an hour. */
const QUARTER = 15 * 60_000;

/** Names the calendar day (`YYYY-MM-DD`) of an instant in a zone. Throws AppError invalid-input for a zone nobody knows. */
export function dayNames(timeZone: string): (at: number) => string {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch {
    throw new AppError('invalid-input', `There is no time zone "${timeZone}".`);
  }
  const known = new Map<number, string>();
  return (at) => {
    const quarter = Math.floor(at / QUARTER);
    let name = known.get(quarter);
    if (name === undefined) known.set(quarter, (name = format.format(quarter * QUARTER)));
    return name;
  };
}
