/** Ends of a value axis and the step between its lines. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Steps people count in. */
const STEPS = [1, 2, 2.5, 5, 10] as const;

/**
 * A scale around two values with about `lines` lines at round numbers, whose ends are lines and whose step is no smaller
 * than `finest` (whole numbers for switches). Equal values get room on both sides; what is not finite gives 0 to 1.
 */
export function niceScale(low: number, high: number, lines: number, finest = 0): Scale {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1, step: 1 };
  let [min, max] = low <= high ? [low, high] : [high, low];
  if (max - min < Math.max(Math.abs(min), Math.abs(max)) * 1e-9 || max === min) {
    const room = Math.max(Math.abs(min) * 0.05, 0.5);
    [min, max] = [min - room, max + room];
  }
  const rough = Math.max(finest, (max - min) / Math.max(1, lines));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * power >= rough * 0.999) ?? 10) * power;
  const digits = Math.max(0, 12 - Math.ceil(Math.log10(step) + 6));
  const round = (value: number): number => Number(value.toFixed(Math.min(12, digits)));
  return { min: round(Math.floor(min / step + 1e-9) * step), max: round(Math.ceil(max / step - 1e-9) * step), step: round(step) };
}

/**
 * Ends of a panel: all values, the floor and ceiling it always shows, and limits that lie close enough (within 40 % of
 * the values' spread) to matter. A far limit would flatten the line it is there to judge.
 */
export function panelRange(low: number, high: number, limits: readonly number[], floor?: number, ceiling?: number): { low: number; high: number } {
  let min = Math.min(low, floor ?? low);
  let max = Math.max(high, ceiling ?? high);
  const reach = Math.max((max - min) * 0.4, Math.abs(max) * 0.02);
  for (const limit of limits) {
    if (limit >= low - reach && limit <= high + reach) {
      min = Math.min(min, limit);
      max = Math.max(max, limit);
    }
  }
  return { low: min, high: max };
}
