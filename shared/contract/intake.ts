import { z } from 'zod';
import { procedure, stream } from '../rpc/definition.ts';

export const counter = z.object({ key: z.string(), label: z.string(), value: z.number(), perSecond: z.number() });
export const queue = z.object({ key: z.string(), label: z.string(), length: z.number(), bound: z.number(), dropped: z.number(), rule: z.string() });

export const intakeContract = {
  'intake.summary': stream({
    input: z.object({}),
    item: z.object({ asOf: z.number(), counters: z.array(counter), queues: z.array(queue), logBytes: z.number(), freeBytes: z.number().optional(), appliedThrough: z.string() }),
    access: { permission: 'intake.read' },
    coalesce: { mode: 'latest' },
    doc: 'Counters and queues of the way from broker to store, once a second.',
  }),
  'intake.devices': procedure({
    input: z.object({ search: z.string().max(100).optional(), problemsOnly: z.boolean(), offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.object({
      total: z.number(),
      devices: z.array(
        z.object({
          deviceId: z.string(),
          vin: z.string().optional(),
          messages: z.number(),
          malformed: z.number(),
          lastReason: z.string().optional(),
          /** Messages that are missing by the unit's numbers. */
          gaps: z.number(),
          /** What became of missing messages since the start: still open, asked for again, filled, given up; and how many commands it took. */
          backfill: z.object({ open: z.number(), commands: z.number(), asked: z.number(), filled: z.number(), lost: z.number() }).optional(),
          duplicates: z.number(),
          late: z.number(),
          /** How far the unit's clock is ahead, ms; negative: behind. */
          clockSkew: z.number().optional(),
          lastReceived: z.number().optional(),
          unknownIds: z.array(z.string()),
          lengthMismatches: z.number(),
        }),
      ),
    }),
    access: { permission: 'intake.read' },
    doc: 'Per unit: messages, rejected ones with the last reason, gaps, duplicates, late data, clock error, unknown CAN ids.',
  }),
  'intake.gaps': procedure({
    input: z.object({ deviceId: z.string().max(200), limit: z.number().int().min(1).max(1000) }),
    output: z.object({
      gaps: z.array(
        z.object({
          boot: z.number(),
          from: z.number(),
          to: z.number(),
          /** Reception of the last message before the gap, and of the one that showed it: epoch ms. */
          since: z.number().optional(),
          noticedAt: z.number(),
          /** Set where it was given up, with the reason. */
          givenUpAt: z.number().optional(),
          reason: z.enum(['not-kept', 'rejected', 'no-answer', 'too-old']).optional(),
        }),
      ),
    }),
    access: { permission: 'intake.read' },
    doc: 'The messages of a unit that are missing, by number: given up or still to be asked for; the newest, ascending.',
  }),
  'intake.samples': procedure({
    input: z.object({ deviceId: z.string().max(200) }),
    output: z.object({ samples: z.array(z.object({ receivedAt: z.number(), topic: z.string(), reason: z.string(), bytes: z.number(), hex: z.string(), text: z.string() })) }),
    access: { permission: 'intake.read' },
    doc: 'The kept samples of rejected messages of a unit, newest first.',
  }),
};
