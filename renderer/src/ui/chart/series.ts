/** Readings of one parameter, as columns in time order. */
export interface Readings {
  /** Epoch milliseconds, ascending. */
  readonly times: Float64Array;
  /** NaN = no value at that time; the line is broken there. */
  readonly values: Float64Array;
  /** Smallest and largest value behind each row, where rows stand for many readings (decimated at the source). */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
  /** Rows that count; the arrays may be longer. Default: all. */
  readonly count?: number;
}

/** A line of a chart. */
export interface ChartSeries extends Readings {
  readonly id: string;
  readonly name: string;
  /** Unit as a technician writes it: km/h, %, V. Series of one unit share a panel. */
  readonly unit: string;
  /** CSS colour or custom property; the parameter's hue across the product. */
  readonly colour?: string;
  /** Digits after the decimal point. */
  readonly decimals?: number;
  /** Holds its value until the next reading (states, switches), instead of a slope between readings. */
  readonly step?: boolean;
  /** Milliseconds without a reading after which the line is broken. Default: 20 times the usual spacing. */
  readonly gap?: number;
  /** Smallest and largest value the panel always shows, such as 0 and 100 for a share. */
  readonly floor?: number;
  readonly ceiling?: number;
}

export type LimitLevel = 'critical' | 'high' | 'normal';

/** A line across a panel that a value should not cross. */
export interface ChartLimit {
  readonly unit: string;
  readonly value: number;
  readonly label: string;
  readonly level: LimitLevel;
  /** How far back a value has to go before the limit no longer holds; drawn as a band on that side of the line. */
  readonly deadBand?: number;
  /** The side on which a value is wrong. Default: above. */
  readonly wrong?: 'above' | 'below';
}

/** An instant, or a stretch of time, marked across all panels: an alert, a stay, a gap. */
export interface ChartMarker {
  readonly id: string;
  /** Epoch ms. */
  readonly from: number;
  /** End of a stretch; an instant where left out. */
  readonly to?: number;
  readonly label: string;
  /** `gap`: hatched, there is no data. */
  readonly level: 'critical' | 'high' | 'low' | 'normal' | 'gap';
}

/** More lines than this cannot be told apart; further ones are not drawn. */
export const MAX_SERIES = 5;

/** Series of one unit, drawn in one panel under one axis. */
export interface Panel {
  readonly unit: string;
  readonly series: readonly ChartSeries[];
}

/** Panels in the order in which their units first appear. */
export function panelsOf(series: readonly ChartSeries[]): Panel[] {
  const panels = new Map<string, ChartSeries[]>();
  for (const each of series.slice(0, MAX_SERIES)) {
    const panel = panels.get(each.unit);
    if (panel === undefined) panels.set(each.unit, [each]);
    else panel.push(each);
  }
  return [...panels].map(([unit, members]) => ({ unit, series: members }));
}

/** Index of the first row at or after a time. */
export function firstAt({ times, count = times.length }: Readings, time: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Row of the reading nearest to a time and not further than `within` ms; -1 when there is none or it has no value. */
export function rowNear(readings: Readings, time: number, within: number): number {
  const { times, values, count = times.length } = readings;
  const after = firstAt(readings, time);
  const before = after - 1;
  const row = after >= count || (before >= 0 && time - times[before]! <= times[after]! - time) ? before : after;
  return row >= 0 && Math.abs(times[row]! - time) <= within && !Number.isNaN(values[row]) ? row : -1;
}

/** How long without a reading is a gap, ms: as the series says, else 20 times the median spacing of its first readings. */
export function gapOf({ times, count = times.length, gap }: ChartSeries): number {
  if (gap !== undefined) return gap;
  const sample = Math.min(count - 1, 64);
  if (sample < 1) return Infinity;
  const spacings = Array.from({ length: sample }, (_, i) => times[i + 1]! - times[i]!).sort((a, b) => a - b);
  return Math.max(1, spacings[sample >> 1]!) * 20;
}
