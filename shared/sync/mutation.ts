import { z } from 'zod';

/** A named command with its arguments: what is stored, replayed on join and pushed to a server. */
export const mutationRecord = z.object({
  /** UUIDv7 made by the client (or a deterministic id for seeding); each id is applied exactly once. */
  id: z.uuid(),
  name: z.string().max(100),
  args: z.unknown(),
  userId: z.string().max(100),
  nodeId: z.string().max(100),
  /** Epoch ms by the author's clock. */
  at: z.number().int(),
  /** Revision of the rows the author saw, by `resource:id`. */
  basedOn: z.record(z.string(), z.number().int()),
});
export type MutationRecord = z.infer<typeof mutationRecord>;
