import type { CustomSeriesOption } from 'echarts/charts';
import { formatNumber } from '../format-number.ts';
import { tu } from '../messages/en.ts';
import type { ThemeTokens } from '../colours/theme-tokens.ts';
import type { PlotBox } from './chart-layout.ts';
import type { DrawnPanel } from './chart-model.ts';
import { limitColour, markerColour } from './chart-theme.ts';
import type { ChartMarker } from './series.ts';

const FONT = "11px Inter, 'Noto Sans Devanagari', system-ui, sans-serif";
/** CSS pixels between two hatch lines. */
const HATCH = 7;

/** The range below (or above) a limit in which it still holds, lightly filled; one per limit that has a dead-band. */
export function deadBands({ limits, scale }: DrawnPanel, panel: number, ends: { from: number; to: number }, tokens: ThemeTokens): CustomSeriesOption[] {
  const bands = limits.filter(({ deadBand }) => deadBand !== undefined && deadBand > 0);
  if (bands.length === 0) return [];
  return [{
    type: 'custom', xAxisIndex: panel, yAxisIndex: panel, silent: true, clip: true, animation: false, z: 1, data: bands.map(({ value }) => [ends.from, value]),
    renderItem: (parameters, api) => {
      const { value, deadBand = 0, wrong, level } = bands[parameters.dataIndex]!;
      const other = wrong === 'below' ? value + deadBand : value - deadBand;
      const [left, top] = api.coord([ends.from, Math.min(scale.max, Math.max(value, other))]) as [number, number];
      const [right, bottom] = api.coord([ends.to, Math.max(scale.min, Math.min(value, other))]) as [number, number];
      return { type: 'rect', shape: { x: left, y: top, width: right - left, height: bottom - top }, style: { fill: limitColour(level, tokens), opacity: tokens.dark ? 0.14 : 0.09 } };
    },
  }];
}

/** Instants as dashed lines with their names on top of the first panel, stretches as filled or (gaps) hatched areas. */
export function markerSeries(markers: readonly ChartMarker[], panel: number, plot: PlotBox, tokens: ThemeTokens): CustomSeriesOption[] {
  if (markers.length === 0) return [];
  const { top, height } = plot;
  return [{
    type: 'custom', xAxisIndex: panel, yAxisIndex: panel, silent: true, clip: true, animation: false, z: 1, data: markers.map(({ from }) => [from, 0]),
    renderItem: (parameters, api) => {
      const marker = markers[parameters.dataIndex]!;
      const x = (api.coord([marker.from, 0]) as [number, number])[0];
      const colour = markerColour(marker.level, tokens);
      const label = panel === 0 && marker.level !== 'gap' && marker.label !== ''
        ? [{ type: 'text' as const, style: { text: marker.label, x: x + 4, y: top + 3, fill: colour, font: FONT, stroke: tokens.surface1, lineWidth: 3 } }] : [];
      if (marker.to === undefined) {
        return { type: 'group', children: [{ type: 'line' as const, shape: { x1: x, y1: top, x2: x, y2: top + height }, style: { stroke: colour, lineWidth: 1.4, lineDash: [4, 3] } }, ...label] };
      }
      const right = (api.coord([marker.to, 0]) as [number, number])[0];
      const shape = { x, y: top, width: Math.max(1, right - x), height };
      if (marker.level !== 'gap') return { type: 'group', children: [{ type: 'rect' as const, shape, style: { fill: colour, opacity: tokens.dark ? 0.16 : 0.1 } }, ...label] };
      const lines = hatchLines(shape).map(([x1, y1, x2, y2]) => ({ type: 'line' as const, shape: { x1, y1, x2, y2 }, style: { stroke: tokens.line, lineWidth: 1 } }));
      return { type: 'group', children: [{ type: 'rect' as const, shape, style: { fill: tokens.surface2, opacity: 0.5 } }, ...lines] };
    },
  }];
}

/** Diagonals across a rectangle, cut at its sides: x1, y1, x2, y2 each. */
export function hatchLines({ x, y, width, height }: { x: number; y: number; width: number; height: number }): [number, number, number, number][] {
  const lines: [number, number, number, number][] = [];
  // A line runs from (x + d, y) down to the left; d counts along the top and on beyond the right side.
  for (let d = HATCH; d < width + height; d += HATCH) {
    const over = Math.max(0, d - width);
    const under = Math.max(0, d - height);
    lines.push([x + d - over, y + over, x + under, y + Math.min(d, height)]);
  }
  return lines;
}

/** "High limit 55 °C, returns below 53 °C" of a limit. */
export function limitText({ label, value, unit, deadBand, wrong }: { label: string; value: number; unit: string; deadBand?: number; wrong?: 'above' | 'below' }, decimals: number): string {
  const named = tu('chart.limit', { label, value: `${formatNumber(value, decimals)} ${unit}`.trim() });
  if (deadBand === undefined || deadBand <= 0) return named;
  const back = wrong === 'below' ? value + deadBand : value - deadBand;
  const text = `${formatNumber(back, Math.max(decimals, decimalsOfDeadBand(deadBand)))} ${unit}`.trim();
  return `${named}, ${tu(wrong === 'below' ? 'chart.backAbove' : 'chart.backBelow', { value: text })}`;
}

function decimalsOfDeadBand(value: number): number {
  for (let decimals = 0; decimals < 4; decimals++) if (Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) < 1e-9) return decimals;
  return 4;
}
