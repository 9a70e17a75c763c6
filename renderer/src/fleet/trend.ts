import type { CatalogueParameter } from '#renderer/live/use-catalogue.ts';
import type { TrendSeries } from '#renderer/live/use-trend.ts';
import type { ChartLimit, ChartSeries } from '#renderer/ui/chart/series.ts';

/** A limit of a parameter, with the dead-band in which it still holds. */
export interface TrendLimit extends Omit<ChartLimit, 'unit'> {
  readonly parameter: number;
}

/** Series of a chart from readings and the catalogue: name, unit, decimals; states and flags as steps. */
export function trendSeries(series: readonly TrendSeries[], catalogue: ReadonlyMap<number, CatalogueParameter>): ChartSeries[] {
  return series.map((one) => {
    const entry = catalogue.get(one.parameter);
    return {
      id: String(one.parameter),
      name: entry?.label ?? `Parameter ${one.parameter}`,
      unit: entry?.unit ?? '',
      decimals: entry?.decimals ?? 1,
      times: one.time,
      values: one.value,
      ...(one.decimated ? { low: one.low, high: one.high } : {}),
      ...(entry?.kind === 'state' || entry?.kind === 'flag' ? { step: true } : {}),
      ...(entry?.kind === 'flag' ? { floor: 0, ceiling: 1 } : entry?.unit === '%' ? { floor: 0, ceiling: 100 } : {}),
      // The core breaks the line where the vehicle was silent.
      gap: Infinity,
    };
  });
}

/** Limits under the unit of their parameter, by which the chart finds their panel. */
export function trendLimits(limits: readonly TrendLimit[], catalogue: ReadonlyMap<number, CatalogueParameter>): ChartLimit[] {
  return limits.map(({ parameter, ...limit }) => ({ ...limit, unit: catalogue.get(parameter)?.unit ?? '' }));
}
