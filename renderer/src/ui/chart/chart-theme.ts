import { resolveColour, type ThemeTokens } from '../colours/theme-tokens.ts';
import type { ChartMarker, ChartSeries, LimitLevel } from './series.ts';

/** Hues for parameters that name none; apart from each other with any colour vision and from the colours of alerts. */
const HUES = {
  light: ['#2467c9', '#0b7a75', '#8a4fbf', '#8a5a12', '#5b6775'],
  dark: ['#62a0ff', '#3fbdb3', '#b585ea', '#d3a04f', '#94a1b1'],
} as const;

/** Dashes within a panel, so that lines differ by more than colour. */
export const DASHES: readonly (readonly number[] | 'solid')[] = ['solid', [7, 3], [2, 2.5], [8, 3, 2, 3], [12, 4]];

/** Colour of the series at a position among all, `#rrggbb`. */
export function seriesColour(series: ChartSeries, index: number, tokens: ThemeTokens): string {
  const own = HUES[tokens.dark ? 'dark' : 'light'][index % HUES.light.length]!;
  return series.colour === undefined ? own : resolveColour(series.colour, own);
}

export function limitColour(level: LimitLevel, tokens: ThemeTokens): string {
  if (level === 'normal') return tokens.textMuted;
  return level === 'critical' ? tokens.critical : tokens.high;
}

export function markerColour(level: ChartMarker['level'], tokens: ThemeTokens): string {
  if (level === 'critical') return tokens.critical;
  if (level === 'high') return tokens.high;
  return level === 'gap' ? tokens.line : level === 'low' ? tokens.textNormal : tokens.accent;
}
