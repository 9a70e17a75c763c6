/** Value of a hexadecimal digit; -1 for anything else. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** A whole hexadecimal number; NaN for anything else. */
export function hexNumber(text: string): number {
  return /^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN;
}

/** A whole number in `base` 10 or 16; NaN for anything else. */
export function wholeNumber(text: string, base: 10 | 16): number {
  if (base === 16) return hexNumber(text);
  return /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
}

/** Decimal seconds as whole microseconds, without the error that multiplying a double would make; NaN for anything else. */
export function secondsToMicroseconds(text: string): number {
  return scaled(text, 6);
}

/** Decimal milliseconds as whole microseconds; NaN for anything else. */
export function millisecondsToMicroseconds(text: string): number {
  return scaled(text, 3);
}

function scaled(text: string, digits: number): number {
  const match = /^(\d{1,12})(?:[.,](\d*))?$/.exec(text);
  if (match === null) return Number.NaN;
  return Number((match[1] ?? '') + (match[2] ?? '').slice(0, digits).padEnd(digits, '0'));
}
