import { decimate, type Decimated } from './decimate.ts';
import { niceScale, panelRange, type Scale } from './nice-scale.ts';
import { gapOf, panelsOf, type ChartLimit, type ChartSeries } from './series.ts';

/** A line ready to be drawn. */
export interface DrawnLine {
  readonly series: ChartSeries;
  /** Position among all series of the chart, for its hue. */
  readonly index: number;
  /** Position within its panel, for its dash. */
  readonly position: number;
  readonly rows: Decimated;
}

export interface DrawnPanel {
  readonly unit: string;
  readonly title: string;
  readonly scale: Scale;
  readonly lines: readonly DrawnLine[];
  /** Limits that lie within the scale. */
  readonly limits: readonly ChartLimit[];
}

export interface ChartInput {
  readonly series: readonly ChartSeries[];
  readonly limits: readonly ChartLimit[];
  readonly from: number;
  readonly to: number;
  /** Ids of series that are switched off; their panel stays, so that nothing jumps. */
  readonly hidden: ReadonlySet<string>;
  /** Width and height of a plot in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** CSS pixels between two lines of a value axis. */
const LINE_SPACING = 44;

/** What a chart shows: per unit a panel with its scale, decimated lines and the limits that lie in it. */
export function chartModel(input: ChartInput): DrawnPanel[] {
  const order = new Map(input.series.map(({ id }, i) => [id, i]));
  return panelsOf(input.series).map(({ unit, series }) => {
    const lines = series.flatMap((each, position): DrawnLine[] =>
      input.hidden.has(each.id) ? [] : [{ series: each, index: order.get(each.id) ?? 0, position, rows: decimate(each, input.from, input.to, Math.max(50, Math.round(input.width)), gapOf(each)) }]);
    let low = Infinity;
    let high = -Infinity;
    for (const { rows } of lines) {
      const lows = rows.low ?? rows.values;
      const highs = rows.high ?? rows.values;
      for (let i = 0; i < lows.length; i++) {
        if (lows[i]! < low) low = lows[i]!;
        if (highs[i]! > high) high = highs[i]!;
      }
    }
    const limits = input.limits.filter((limit) => limit.unit === unit);
    const pick = (key: 'floor' | 'ceiling', choose: (...values: number[]) => number): number | undefined => {
      const ends = series.flatMap((each) => each[key] ?? []);
      return ends.length === 0 ? undefined : choose(...ends);
    };
    const floor = pick('floor', Math.min);
    const ceiling = pick('ceiling', Math.max);
    const range = low > high ? { low: floor ?? Number.NaN, high: ceiling ?? Number.NaN } : panelRange(low, high, limits.flatMap(({ value, deadBand = 0, wrong }) => [value, wrong === 'below' ? value + deadBand : value - deadBand]), floor, ceiling);
    const scale = niceScale(range.low, range.high, Math.max(2, Math.round(input.height / LINE_SPACING)), 10 ** -Math.max(...series.map(({ decimals = 0 }) => decimals)));
    return { unit, title: panelTitle(unit, series), scale, lines, limits: limits.filter(({ value }) => value >= scale.min && value <= scale.max) };
  });
}

/** "Speed (km/h)"; several series share their unit as the title when their names would be too long. */
export function panelTitle(unit: string, series: readonly ChartSeries[]): string {
  const names = series.map(({ name }) => name).join(', ');
  if (unit === '') return names;
  return names.length <= 48 ? `${names} (${unit})` : unit;
}
