import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, MarkLineComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { ThemeTokens } from '../colours/theme-tokens.ts';
import { formatNumber } from '../format-number.ts';
import { type ChartLayout } from './chart-layout.ts';
import { deadBands, limitText, markerSeries } from './chart-marks.ts';
import type { DrawnLine, DrawnPanel } from './chart-model.ts';
import { DASHES, limitColour, seriesColour } from './chart-theme.ts';
import type { ChartMarker } from './series.ts';
import { tickLabel, timeTicks } from './time-ticks.ts';

export type ChartOption = ComposeOption<LineSeriesOption | CustomSeriesOption | GridComponentOption | MarkLineComponentOption>;

export interface OptionInput {
  readonly panels: readonly DrawnPanel[];
  readonly layout: ChartLayout;
  readonly from: number;
  readonly to: number;
  readonly tokens: ThemeTokens;
  readonly timeZone?: string | undefined;
  readonly markers?: readonly ChartMarker[];
}

const FONT = "Inter, 'Noto Sans Devanagari', system-ui, sans-serif";
/** CSS pixels a time label needs with its distance to the next. */
const TIME_LABEL = 78;
/** Rows up to which every reading is marked, so that sparse data is seen as such. */
const MARKED_ROWS = 60;

/** The ECharts option of a chart. Scales and ticks are given, so that cursor and selection can be placed without asking ECharts. */
export function chartOption(input: OptionInput): ChartOption {
  const { panels, layout, from, to, tokens, timeZone } = input;
  const markers = (input.markers ?? []).filter((marker) => marker.from <= to && (marker.to ?? marker.from) >= from);
  const ticks = timeTicks(from, to, Math.max(1, Math.floor(layout.width / TIME_LABEL)), timeZone);
  const text = { color: tokens.textMuted, fontFamily: FONT, fontSize: 11 };
  return {
    animation: false,
    grid: panels.map((_, i) => ({ left: layout.left, width: layout.width, top: layout.plots[i]!.top, height: layout.plots[i]!.height, outerBoundsMode: 'none' as const })),
    xAxis: panels.map((_, i) => ({
      type: 'value' as const, gridIndex: i, min: from, max: to,
      axisLine: { lineStyle: { color: tokens.line }, onZero: false },
      axisTick: { show: i === panels.length - 1, customValues: [...ticks.times], lineStyle: { color: tokens.line } },
      axisLabel: { ...text, show: i === panels.length - 1, customValues: [...ticks.times], hideOverlap: false, formatter: (value: number) => tickLabel(value, ticks.step, timeZone) },
      splitLine: { show: false }, axisPointer: { show: false },
    })),
    yAxis: panels.map(({ scale, title }, i) => ({
      type: 'value' as const, gridIndex: i, min: scale.min, max: scale.max, interval: scale.step,
      name: title, nameLocation: 'end' as const, nameGap: 11, nameTextStyle: { ...text, color: tokens.textNormal, fontWeight: 500, align: 'left' as const, padding: [0, 0, 0, -layout.left + 4] },
      axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...text, formatter: (value: number) => formatNumber(value, decimalsOf(scale.step)) },
      splitLine: { lineStyle: { color: tokens.line, width: 1 } }, axisPointer: { show: false },
    })),
    series: panels.flatMap((panel, i) => [
      ...markerSeries(markers, i, layout.plots[i]!, tokens),
      ...deadBands(panel, i, { from, to }, tokens),
      ...panel.lines.flatMap((line) => bandSeries(line, i, tokens)),
      ...panel.lines.map((line) => lineSeries(line, i, tokens)),
      ...limitSeries(panel, i, tokens),
    ]),
  };
}

/** Decimals that a step of this size needs. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++) if (Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6) return decimals;
  return 6;
}

function lineSeries({ series, index, position, rows }: DrawnLine, panel: number, tokens: ThemeTokens): LineSeriesOption {
  const colour = seriesColour(series, index, tokens);
  const marked = rows.low === undefined && rows.times.length <= MARKED_ROWS;
  const data = Array.from(rows.times, (time, i) => {
    const value = rows.values[i]!;
    // A reading between two gaps has no neighbour to draw a line to.
    const alone = !Number.isNaN(value) && !(rows.values[i - 1]! === rows.values[i - 1]!) && !(rows.values[i + 1]! === rows.values[i + 1]!);
    return { value: [time, Number.isNaN(value) ? '-' : value], symbol: marked || alone ? 'circle' : 'none' };
  });
  const dash = DASHES[position % DASHES.length]!;
  return {
    type: 'line', name: series.name, xAxisIndex: panel, yAxisIndex: panel, data, symbolSize: 4, silent: true, animation: false, clip: true,
    step: series.step === true ? 'end' : false, connectNulls: false, z: 3, itemStyle: { color: colour }, emphasis: { disabled: true },
    lineStyle: { color: colour, width: 1.6, type: dash === 'solid' ? 'solid' : [...dash], cap: dash === 'solid' ? 'round' : 'butt', join: 'round' },
  };
}

/** The area between smallest and largest reading behind a decimated line, one shape per unbroken stretch. */
function bandSeries({ series, index, rows: { times, low, high } }: DrawnLine, panel: number, tokens: ThemeTokens): CustomSeriesOption[] {
  if (low === undefined || high === undefined) return [];
  const stretches: { from: number; to: number }[] = [];
  for (let i = 0; i < times.length; i++) {
    if (Number.isNaN(low[i])) continue;
    const last = stretches.at(-1);
    if (last !== undefined && last.to === i) last.to = i + 1;
    else stretches.push({ from: i, to: i + 1 });
  }
  return [{
    type: 'custom', xAxisIndex: panel, yAxisIndex: panel, silent: true, clip: true, animation: false, z: 2,
    data: stretches.map(({ from }) => [times[from]!, low[from]!]),
    renderItem: (parameters, api) => {
      const stretch = stretches[parameters.dataIndex]!;
      const points: number[][] = [];
      for (let i = stretch.from; i < stretch.to; i++) points.push(api.coord([times[i]!, high[i]!]));
      for (let i = stretch.to - 1; i >= stretch.from; i--) points.push(api.coord([times[i]!, low[i]!]));
      return { type: 'polygon', shape: { points }, style: { fill: seriesColour(series, index, tokens), opacity: 0.2 } };
    },
  }];
}

function limitSeries({ limits }: DrawnPanel, panel: number, tokens: ThemeTokens): LineSeriesOption[] {
  if (limits.length === 0) return [];
  return [{
    type: 'line', xAxisIndex: panel, yAxisIndex: panel, data: [], silent: true, animation: false, z: 4,
    markLine: {
      silent: true, animation: false, symbol: 'none',
      data: limits.map((limit) => ({
        yAxis: limit.value,
        lineStyle: { color: limitColour(limit.level, tokens), width: 1.2, type: [5, 3] },
        label: {
          formatter: limitText(limit, decimalsOf(limit.value)), position: 'insideEndTop' as const, distance: 3,
          color: limitColour(limit.level, tokens), fontFamily: FONT, fontSize: 11, fontWeight: 500, textBorderColor: tokens.surface1, textBorderWidth: 3,
        },
      })),
    },
  }];
}
