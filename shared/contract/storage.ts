import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

/** How long stored telemetry is kept, days. */
export const retentionSettings = z.object({
  /** Raw payloads as they were received. */
  rawDays: z.number().int().min(1).max(3660),
  /** Stored values. */
  pointDays: z.number().int().min(1).max(3660),
  /** Hourly figures: count, least, greatest, mean, last. */
  rollupDays: z.number().int().min(1).max(18_300),
});
export type RetentionSettings = z.infer<typeof retentionSettings>;

const job = z.object({
  state: z.enum(['never', 'running', 'done', 'failed']),
  /** 0 to 1 while running. */
  progress: z.number(),
  /** Begin while running, else end; epoch ms. */
  at: z.number().optional(),
  /** What came of it, in words. */
  text: z.string().optional(),
});

export const storageContract = {
  'settings.storage': procedure({
    input: z.object({}),
    output: z.object({
      /** Bytes by kind; those of history, log and payloads are estimates. */
      sizes: z.array(z.object({ kind: z.enum(['history', 'log', 'raw', 'free', 'reserve', 'masterData']), bytes: z.number() })),
      diskFree: z.number().optional(),
      oldest: z.object({ points: z.number().optional(), raw: z.number().optional(), rollups: z.number().optional() }),
      /** Rows that wait to be sealed, that came late, and stretches that were found damaged and set aside. */
      waiting: z.number(),
      late: z.number(),
      quarantined: z.number(),
      retention: retentionSettings,
      dropped: z.object({ at: z.number(), messages: z.number() }).optional(),
      check: job,
      backup: job.extend({ folder: z.string().optional() }),
      backupFolder: z.string(),
    }),
    access: { permission: 'settings.read' },
    doc: 'What is stored and how much room it takes, how long it is kept, the last check and the last backup.',
  }),
  'settings.setRetention': procedure({
    input: z.object({ retention: retentionSettings }),
    output: z.object({}),
    access: { permission: 'settings.manage' },
    errors: ['refused'],
    doc: 'Changes how long telemetry is kept; what is older is removed within minutes.',
  }),
  'settings.checkStorage': procedure({
    input: z.object({}),
    output: z.object({}),
    access: { permission: 'settings.manage' },
    errors: ['refused'],
    doc: 'Begins to look through everything that is stored; what is damaged is set aside and, where the log still has it, stored again.',
  }),
  'settings.backup': procedure({
    input: z.object({ folder: z.string().max(1000).optional() }),
    output: z.object({ folder: z.string() }),
    access: { permission: 'settings.manage' },
    errors: ['refused'],
    doc: 'Begins to copy both databases, as of one moment each, into a new folder, and reads the copies through.',
  }),
};
