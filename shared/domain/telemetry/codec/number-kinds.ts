/**
 * How a number is written so that few bytes give back the very same double. Signals are `raw × factor + offset`, so most values
 * are an integer over a power of ten (as a division or as a product: the two round differently) or over 256.
 */
export const KIND = { integer: 0, byTen7: 7, timesTenth: 8, over256: 11, float32: 12, float64: 13 } as const;

/** Divisors of kinds 0–7: n / 10^kind. */
const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000] as const;
/** Factors of kinds 8–10: n × 0.1, 0.01, 0.001. */
const FACTORS = [0.1, 0.01, 0.001] as const;
/** What a value of kinds 0–11 is multiplied with to give its integer. */
const MULTIPLIERS = [...POWERS, 10, 100, 1000, 256] as const;
/** The magnitude of an integer stays below 2³¹ − 1, so that its zigzag form has 32 bits. */
const LIMIT = 0x7fff_fffe;

/** The value that kind and integer stand for; kinds 0–11. */
export function scaled(kind: number, n: number): number {
  if (kind <= KIND.byTen7) return n / (POWERS[kind] as number);
  if (kind < KIND.over256) return n * (FACTORS[kind - KIND.timesTenth] as number);
  return n / 256;
}

/** The integer for `value` in `kind`, or NaN where it would not come back exactly. */
export function integerOf(kind: number, value: number): number {
  const product = value * (MULTIPLIERS[kind] as number);
  // Truncation after adding a half is rounding, at a fifth of Math.round's cost; it also makes NaN and infinities 0.
  const n = (product < 0 ? product - 0.5 : product + 0.5) | 0;
  if (scaled(kind, n) !== value || product > LIMIT || product < -LIMIT) return Number.NaN;
  return n === 0 && Object.is(value, -0) ? Number.NaN : n;
}

/** The cheapest kind that gives `value` back exactly; kinds 0–11, else float32 or float64. */
export function kindOf(value: number): number {
  for (const kind of [0, 1, 8, 2, 9, 3, 10, 11, 4, 5, 6, 7]) {
    const n = integerOf(kind, value);
    // Beyond 24 bits an integer is no shorter than a float32, where that is exact.
    if (!Number.isNaN(n)) return Math.abs(n) > 0xff_ffff && Math.fround(value) === value ? KIND.float32 : kind;
  }
  return Object.is(Math.fround(value), value) ? KIND.float32 : KIND.float64;
}
