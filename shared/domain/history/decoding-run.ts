import { z } from 'zod';

/** Key of the setting that remembers the runs. */
export const DECODING_RUNS = 'decoding.runs';

/** Stored values of a time range that were decoded again with another DBC file. */
export const decodingRun = z.object({
  id: z.string(),
  startedAt: z.number(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  vehicleId: z.string(),
  vin: z.string(),
  from: z.number(),
  to: z.number(),
  bus: z.number().int(),
  /** Content hash of the DBC file that made the new values. */
  hash: z.string(),
  fileName: z.string(),
  records: z.number().int(),
  rewritten: z.number().int(),
});
export type DecodingRun = z.infer<typeof decodingRun>;
export const decodingRuns = z.array(decodingRun);
