import { z } from 'zod';
import { logbookEntry, logbookPhoto, logbookText, PHOTO_BYTES, PHOTOS_PER_ENTRY } from '../resources/logbook-entry.ts';
import { procedure } from '../rpc/definition.ts';

const read = { permission: 'fleet.read' } as const;
const write = { permission: 'logbook.write' } as const;
const bytes = (limit: number) => z.instanceof(Uint8Array).refine((content) => content.length > 0 && content.length <= limit, `At most ${limit / 1024 / 1024} MB.`);

/** What happened to a vehicle: an entry of the logbook, a commissioning, or a swap of its unit. */
export const logbookItem = z.object({
  id: z.string(),
  source: z.enum(['entry', 'commissioned', 'undone', 'swap']),
  at: z.number(),
  author: z.string(),
  kind: logbookEntry.fields.kind.schema.optional(),
  text: z.string().optional(),
  odometer: z.number().optional(),
  photos: z.array(logbookPhoto),
  corrects: z.string().optional(),
  /** Of a swap: what differs. */
  changes: z.array(z.object({ what: z.enum(['unit', 'communication', 'model']), from: z.string(), to: z.string() })).optional(),
});
export type LogbookItem = z.infer<typeof logbookItem>;

export const logbookContract = {
  'logbook.list': procedure({
    input: z.object({ vehicleId: z.string(), limit: z.number().int().min(1).max(500).default(200) }),
    output: z.object({ items: z.array(logbookItem), more: z.boolean(), /** Newest odometer reading, km. */ odometer: z.number().optional() }),
    access: read,
    errors: ['not-found'],
    doc: 'The logbook of a vehicle with its commissionings and swaps, newest first.',
  }),
  'logbook.add': procedure({
    input: z.object({ vehicleId: z.uuid(), at: z.number().int().optional(), kind: logbookEntry.fields.kind.schema, text: logbookText, odometer: z.number().min(0).max(10_000_000).optional(), photos: z.array(logbookPhoto).max(PHOTOS_PER_ENTRY), corrects: z.uuid().optional(), requestId: z.uuid().optional() }),
    output: z.object({ entryId: z.string() }),
    access: write,
    errors: ['not-found', 'store-full'],
    doc: 'Writes in the logbook of a vehicle; photos have been added before.',
  }),
  'logbook.addPhoto': procedure({
    input: z.object({ content: bytes(PHOTO_BYTES), thumbnail: bytes(256 * 1024).optional() }),
    output: z.object({ photo: logbookPhoto }),
    access: write,
    errors: ['store-full', 'store-unwritable'],
    doc: 'Keeps a JPEG, PNG or WebP picture under the digest of its content.',
  }),
  'logbook.photo': procedure({ input: z.object({ vehicleId: z.string(), entryId: z.string(), hash: z.string().regex(/^[0-9a-f]{64}$/) }), output: z.object({ content: z.instanceof(Uint8Array), type: z.string() }), access: read, errors: ['not-found'], doc: 'A photo of a logbook entry, or its small picture.' }),
};
