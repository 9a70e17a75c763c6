import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

/** Most readings of one parameter a trend answers with before it is decimated. */
export const TREND_POINTS = { least: 50, most: 4000 } as const;

export const historyContract = {
  'vehicle.trend': procedure({
    input: z.object({
      vehicleId: z.string(),
      /** Parameter numbers of the catalogue. */
      parameters: z.array(z.number().int()).min(1).max(10),
      /** Event time, epoch ms. */
      from: z.number(),
      to: z.number(),
      /** Rows wanted per parameter: about the width of the chart in pixels. */
      points: z.number().int().min(TREND_POINTS.least).max(TREND_POINTS.most),
    }),
    output: z.object({
      series: z.array(
        z.object({
          parameter: z.number().int(),
          /** Epoch ms, ascending: of the reading, or the middle of its stretch where `decimated`. */
          time: z.instanceof(Float64Array),
          /** The reading, or the mean of the stretch; NaN breaks the line: the vehicle was silent there. */
          value: z.instanceof(Float64Array),
          /** Smallest and largest reading of each stretch; empty where not decimated. */
          low: z.instanceof(Float64Array),
          high: z.instanceof(Float64Array),
          decimated: z.boolean(),
          /** Readings behind the rows. */
          readings: z.number().int(),
        }),
      ),
      /** More was stored than one question may visit: the oldest part is missing. */
      truncated: z.boolean(),
    }),
    access: { permission: 'fleet.read' },
    errors: ['not-found', 'unavailable', 'invalid-input'],
    doc: 'Readings of parameters in a time range for a chart: each one where they are few, else mean, smallest and largest per stretch of time.',
  }),
};
