import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

/** A place of the gazetteer that comes with the product. */
export const foundPlace = z.object({
  place: z.string(),
  district: z.string().optional(),
  state: z.string(),
  country: z.string(),
  /** Zone of India, absent abroad. */
  zone: z.string().optional(),
  lat: z.number(),
  lon: z.number(),
});
export type FoundPlace = z.infer<typeof foundPlace>;

export const placesContract = {
  'places.search': procedure({
    input: z.object({ text: z.string().trim().min(1).max(100), limit: z.number().int().min(1).max(50) }),
    output: z.object({ places: z.array(foundPlace) }),
    access: { permission: 'admin.read' },
    doc: 'Places by name from the offline gazetteer: whole matches first, then beginnings, then larger places.',
  }),
};
