import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartOption } from './chart-option.ts';

use([LineChart, CustomChart, GridComponent, MarkLineComponent, CanvasRenderer]);

/** Resolves when the fonts of axes are there; a canvas keeps the stand-in it was drawn with. */
export async function loadChartFonts(): Promise<void> {
  await Promise.allSettled(['400 11px Inter', '500 11px Inter'].map((font) => document.fonts.load(font)));
}

/** The drawing of one chart in an element. */
export interface ChartEngine {
  /** Replaces what is drawn; ECharts keeps nothing of what was before. */
  draw(option: ChartOption, width: number, height: number): void;
  /** The drawing as it is, at a multiple of its CSS size. */
  picture(scale: number, background: string): HTMLCanvasElement;
  dispose(): void;
}

/** ECharts on a canvas, with the parts used here and no others. */
export function createChartEngine(element: HTMLElement): ChartEngine {
  const chart: EChartsType = init(element, undefined, { renderer: 'canvas', width: 1, height: 1 });
  let size = { width: 1, height: 1 };
  return {
    draw(option, width, height) {
      if (width !== size.width || height !== size.height) {
        size = { width, height };
        chart.resize(size);
      }
      chart.setOption(option, { notMerge: true, silent: true });
    },
    picture: (scale, background) => chart.renderToCanvas({ pixelRatio: scale, backgroundColor: background }),
    dispose: () => chart.dispose(),
  };
}
