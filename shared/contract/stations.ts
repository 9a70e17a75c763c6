import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

export const stationsContract = {
  'stations.swap': procedure({
    input: z.object({ slotId: z.uuid(), productId: z.uuid(), /** SoC of the battery that comes into the slot, %. */ soc: z.number().min(0).max(100).optional() }),
    output: z.object({ id: z.string() }),
    access: { permission: 'batteries.swap' },
    errors: ['not-found', 'refused', 'not-unique', 'store-full'],
    doc: 'Changes the battery of a vehicle for that of a slot, and writes both down in the swap history.',
  }),
};
