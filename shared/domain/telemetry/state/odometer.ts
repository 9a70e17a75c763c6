/** Readings kept per vehicle. */
export const READING_COUNT = 3;
/** Backwards by up to this is jitter, by more a reset, km (docs/domain.md, Position and distance). */
const JITTER = 1;
const HOUR = 3_600_000;

/** Columns that hold READING_COUNT odometer readings per vehicle, newest first; unused ones have key NaN. */
export interface ReadingColumns {
  readonly readingKey: Float64Array;
  readonly readingValue: Float64Array;
}

/** Adds a reading (km) to the vehicle's newest; false where it is older than all of them or known. The order of calls does not matter. */
export function insertReading(columns: ReadingColumns, slot: number, value: number, key: number): boolean {
  const { readingKey, readingValue } = columns;
  const first = slot * READING_COUNT;
  const end = first + READING_COUNT;
  let at = first;
  while (at < end && ((readingKey[at] as number) > key || (readingKey[at] === key && (readingValue[at] as number) > value))) at++;
  if (at === end || (readingKey[at] === key && readingValue[at] === value)) return false;
  readingKey.copyWithin(at + 1, at, end - 1);
  readingValue.copyWithin(at + 1, at, end - 1);
  readingKey[at] = key;
  readingValue[at] = value;
  return true;
}

/**
 * The reading to show, km; NaN without readings. Backwards by up to 1 km is jitter and not shown; by more, a reset, which is. A
 * step faster than `speedLimit` km/h is left out until the reading after it agrees, or where the reading before it was the odd one.
 */
export function chooseReading(columns: ReadingColumns, slot: number, speedLimit: number): number {
  const { readingKey, readingValue } = columns;
  const first = slot * READING_COUNT;
  const end = first + READING_COUNT;
  for (let i = first; i < end && !Number.isNaN(readingKey[i]); i++) {
    if (i + 1 >= end || Number.isNaN(readingKey[i + 1])) return readingValue[i] as number;
    if (isPossible(columns, i, i + 1, speedLimit)) return withoutJitter(columns, i, i + 1);
    if (i + 2 < end && !Number.isNaN(readingKey[i + 2]) && isPossible(columns, i, i + 2, speedLimit) && !isSteady(columns, i + 1, i + 2, speedLimit)) {
      return withoutJitter(columns, i, i + 2);
    }
  }
  return readingValue[first] as number;
}

function withoutJitter(columns: ReadingColumns, i: number, before: number): number {
  const value = columns.readingValue[i] as number;
  const old = columns.readingValue[before] as number;
  return value < old && old - value <= JITTER ? old : value;
}

function isPossible(columns: ReadingColumns, a: number, b: number, speedLimit: number): boolean {
  const step = (columns.readingValue[a] as number) - (columns.readingValue[b] as number);
  const hours = ((columns.readingKey[a] as number) - (columns.readingKey[b] as number)) / HOUR;
  return step <= JITTER + speedLimit * hours;
}

function isSteady(columns: ReadingColumns, a: number, b: number, speedLimit: number): boolean {
  return isPossible(columns, a, b, speedLimit) && (columns.readingValue[b] as number) - (columns.readingValue[a] as number) <= JITTER;
}
