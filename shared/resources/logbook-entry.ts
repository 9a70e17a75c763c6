import { z } from 'zod';
import { defineResource, type RowOf } from './define-resource.ts';
import { choice, instant, json, number, reference, text } from './field.ts';

export const LOGBOOK_KINDS = [
  { value: 'inspection', label: 'Inspection' },
  { value: 'repair', label: 'Repair' },
  { value: 'part', label: 'Part replaced' },
  { value: 'software', label: 'Software' },
  { value: 'other', label: 'Other' },
] as const;

/** Photos of one entry. */
export const PHOTOS_PER_ENTRY = 8;
/** Largest photo, bytes. */
export const PHOTO_BYTES = 4 * 1024 * 1024;

/** A photo by its content; the picture itself is a file of the workspace. */
export const logbookPhoto = z.strictObject({
  /** SHA-256 of the file, lower-case hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  bytes: z.number().int().min(1).max(PHOTO_BYTES),
  /** The small picture of it, by its own hash. */
  thumbnail: z.string().regex(/^[0-9a-f]{64}$/).optional(),
});
export type LogbookPhoto = z.infer<typeof logbookPhoto>;

/** Lines of text without control characters. */
export const logbookText = z.string().trim().min(1, 'Write what was done.').max(4000, 'At most 4,000 characters.').regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, 'Remove control characters.');

/** What somebody did to a vehicle. Never changed: a correction is an entry that names the one it corrects. */
export const logbookEntry = defineResource({
  name: 'logbook-entry',
  label: { one: 'Logbook entry', many: 'Logbook entries' },
  title: 'author',
  fields: {
    productId: reference({ label: 'Vehicle', to: 'product', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    at: instant({ label: 'When', mandatory: 'always', fixed: true }),
    author: text({ label: 'By', mandatory: 'always', fixed: true, searchable: true }),
    kind: choice({ label: 'Kind', values: LOGBOOK_KINDS, mandatory: 'always', fixed: true }),
    text: json({ label: 'Entry', schema: logbookText, mandatory: 'always', fixed: true }),
    odometer: number({ label: 'Odometer', min: 0, max: 10_000_000, unit: 'km', fixed: true }),
    photos: json({ label: 'Photos', schema: z.array(logbookPhoto).max(PHOTOS_PER_ENTRY), mandatory: 'always', fixed: true }),
    corrects: reference({ label: 'Corrects', to: 'logbook-entry', fixed: true, whenDeleted: 'keep' }),
  },
  scope: { resource: 'sale', by: 'productId', on: 'productId', field: 'customerId' },
  permissions: { read: 'fleet.read', write: 'logbook.write' },
  sort: { column: 'at', direction: 'desc' },
});

export type LogbookEntryRow = RowOf<typeof logbookEntry.fields>;
