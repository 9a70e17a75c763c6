import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

/** Most readings of one parameter a trend answers with before it is decimated. */
export const TREND_POINTS = { least: 50, most: 4000 } as const;

const span = { from: z.number(), to: z.number() };

export const historyContract = {
  'vehicle.track': procedure({
    input: z.object({ vehicleId: z.string(), from: z.number(), to: z.number() }),
    output: z.object({
      vehicleId: z.string(),
      vin: z.string(),
      /** One row per position that counts, oldest first, and rows without a position (NaN) where there was none; unknown numbers are NaN. */
      time: z.instanceof(Float64Array),
      lat: z.instanceof(Float64Array),
      lon: z.instanceof(Float64Array),
      /** km/h */
      speed: z.instanceof(Float64Array),
      /** % */
      soc: z.instanceof(Float64Array),
      /** Degrees clockwise from north. */
      heading: z.instanceof(Float64Array),
      /** Where the speed is from: 0 nowhere, 1 wheel, 2 GPS. */
      source: z.instanceof(Uint8Array),
      /** 1: the leg that ends here is a guess; 2: ignition on; 4: charging; 8: the position of a parked stretch. */
      flags: z.instanceof(Uint8Array),
      /** Rows before they were thinned to what a map can show. */
      readings: z.number().int(),
      /** More was stored than one question may visit: the oldest part is missing. */
      truncated: z.boolean(),
      stays: z.array(z.object({ ...span, lat: z.number(), lon: z.number(), place: z.string().optional() })),
      charges: z.array(z.object(span)),
      /** Stretches in which the vehicle was silent for longer than it may be. */
      silences: z.array(z.object(span)),
      /** Stretches in which numbered messages were sent and did not arrive; at most the newest twenty of each unit. */
      missing: z.array(z.object({ ...span, messages: z.number().int() })),
      /** km */
      distance: z.number(),
      distanceSource: z.enum(['odometer', 'path']),
      startPlace: z.string().optional(),
      endPlace: z.string().optional(),
    }),
    access: { permission: 'fleet.read' },
    errors: ['not-found', 'unavailable', 'invalid-input'],
    doc: 'Where a vehicle was in a time range, with speed and SoC at every point, stays, charging and silences.',
  }),
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
      /** Stored rows and hours in the range that are damaged and left out. */
      damaged: z.number().int(),
    }),
    access: { permission: 'fleet.read' },
    errors: ['not-found', 'unavailable', 'invalid-input'],
    doc: 'Readings of parameters in a time range for a chart: each one where they are few, else mean, smallest and largest per stretch of time.',
  }),
};
