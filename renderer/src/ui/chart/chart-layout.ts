import type { Scale } from './nice-scale.ts';

/** CSS pixels left of the plots for the axis labels, and right of them. */
export const MARGIN = { left: 52, right: 14, bottom: 24 } as const;
/** Above each plot, for the axis title. */
const TITLE = 26;
const BETWEEN = 8;

export interface PlotBox {
  readonly top: number;
  readonly height: number;
}

/** Where the plots of a chart lie, CSS pixels; all share left, width and the time axis below the last. */
export interface ChartLayout {
  readonly left: number;
  readonly width: number;
  readonly plots: readonly PlotBox[];
}

/** Panels of equal height below each other. */
export function chartLayout(width: number, height: number, panels: number): ChartLayout {
  const inner = height - MARGIN.bottom - panels * TITLE - (panels - 1) * BETWEEN;
  const each = Math.max(24, inner / Math.max(1, panels));
  return {
    left: MARGIN.left,
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    plots: Array.from({ length: panels }, (_, i) => ({ top: TITLE + i * (each + TITLE + BETWEEN), height: each })),
  };
}

/** CSS pixel of an instant. */
export function xOf(layout: ChartLayout, time: number, from: number, to: number): number {
  return layout.left + ((time - from) / (to - from)) * layout.width;
}

/** Instant at a CSS pixel, kept within the range. */
export function timeAt(layout: ChartLayout, x: number, from: number, to: number): number {
  return from + Math.min(1, Math.max(0, (x - layout.left) / layout.width)) * (to - from);
}

/** CSS pixel of a value in a plot. */
export function yOf({ top, height }: PlotBox, value: number, scale: Scale): number {
  return top + height - ((value - scale.min) / (scale.max - scale.min)) * height;
}
