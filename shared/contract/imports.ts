import { z } from 'zod';
import { IMPORT_FILE_LIMIT, IMPORT_OUTCOMES } from '../resources/import-template.ts';
import { BULK_UPLOAD_STATUSES } from '../resources/bulk-upload.ts';
import { procedure, stream } from '../rpc/definition.ts';

/** Largest piece of a file that is taken at a time, bytes. */
const PIECE_LIMIT = 1_048_576;
const statuses = BULK_UPLOAD_STATUSES.map(({ value }) => value);

const token = z.string().regex(/^[0-9a-f]{32}$/);
const template = z.string().min(1).max(100);
const file = z.object({ url: z.string(), fileName: z.string() });
const counts = z.object({ rows: z.number().int(), add: z.number().int(), change: z.number().int(), same: z.number().int(), failed: z.number().int(), /** Sample rows left out. */ samples: z.number().int() });

const plannedRow = z.object({
  line: z.number().int(),
  title: z.string(),
  outcome: z.enum(IMPORT_OUTCOMES),
  changes: z.array(z.object({ label: z.string(), from: z.string().optional(), to: z.string().optional() })),
  reasons: z.array(z.string()),
});
export type PlannedImportRow = z.infer<typeof plannedRow>;

const bulkUploadRow = z.object({
  bulkUploadId: z.string(),
  /** Counts all uploads, oldest 1. */
  number: z.number().int(),
  title: z.string(),
  template: z.string(),
  fileName: z.string(),
  passed: z.number().int(),
  failed: z.number().int(),
  rows: z.number().int(),
  status: z.enum(statuses),
  note: z.string().optional(),
  updatedAt: z.number(),
  updatedBy: z.string(),
  /** Failed rows that can still be downloaded here. */
  failuresKept: z.number().int(),
});
export type BulkUploadListRow = z.infer<typeof bulkUploadRow>;

const read = { permission: 'admin.read' } as const;
const write = { permission: 'admin.write' } as const;

/** Files of rows: upload, preview, apply, history. A preview belongs to the session that made it. */
export const importsContract = {
  'uploads.append': procedure({
    input: z.object({ uploadId: token, offset: z.number().int().min(0).max(IMPORT_FILE_LIMIT), bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= PIECE_LIMIT, 'This piece is larger than 1 MB.') }),
    output: z.object({ received: z.number().int() }),
    access: 'signed-in',
    errors: ['not-found', 'conflict', 'too-large', 'store-full', 'store-unwritable'],
    doc: 'Takes the next piece of a file; the upload belongs to the session that began it, and to one purpose.',
  }),
  'uploads.cancel': procedure({ input: z.object({ uploadId: token }), output: z.object({}), access: 'signed-in', doc: 'Gives up an upload and removes what has arrived of it.' }),
  'imports.template': procedure({ input: z.object({ template, timeZone: z.string().max(100) }), output: file, access: write, errors: ['not-found', 'forbidden', 'unavailable', 'store-full'], doc: 'Makes the file that a person fills in: exact column names, typed cells, drop-downs, sample rows.' }),
  'imports.upload': procedure({
    input: z.object({ template, fileName: z.string().trim().min(1).max(255), size: z.number().int().min(0) }),
    output: z.object({ uploadId: token, pieceBytes: z.number().int() }),
    access: write,
    errors: ['not-found', 'too-large', 'invalid-input', 'unavailable', 'store-full', 'store-unwritable'],
    doc: 'Begins the upload of a file for a template; at most 10 MB.',
  }),
  'imports.preview': stream({
    input: z.object({ uploadId: token, template }),
    item: z.object({ state: z.enum(['reading', 'checking', 'ready']), done: z.number().int(), total: z.number().int(), importId: token.optional(), fileName: z.string().optional(), counts: counts.optional() }),
    access: write,
    errors: ['not-found', 'conflict', 'invalid-input', 'too-large', 'cancelled', 'unavailable', 'store-full'],
    coalesce: { mode: 'latest' },
    doc: 'Reads an uploaded file, once, and plans every row; nothing is written. The last item names the preview.',
  }),
  'imports.rows': procedure({
    input: z.object({ importId: token, show: z.enum([...IMPORT_OUTCOMES, 'all']), offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.object({ total: z.number().int(), rows: z.array(plannedRow) }),
    access: write,
    errors: ['not-found'],
    doc: 'A page of a preview: per row what will change, or why it fails.',
  }),
  'imports.failedRows': procedure({ input: z.object({ importId: token, timeZone: z.string().max(100) }), output: file, access: write, errors: ['not-found', 'unavailable', 'store-full'], doc: 'The failed rows of a preview with their reasons, as the template.' }),
  'imports.discard': procedure({ input: z.object({ importId: token }), output: z.object({}), access: write, doc: 'Forgets a preview; an import under way is stopped after its slice.' }),
  'imports.apply': stream({
    input: z.object({ importId: token }),
    item: z.object({ state: z.enum(['running', ...statuses.filter((status) => status !== 'RUNNING')]), done: z.number().int(), total: z.number().int(), passed: z.number().int(), failed: z.number().int(), bulkUploadId: z.string().optional() }),
    access: write,
    errors: ['not-found', 'conflict', 'unavailable', 'store-full'],
    coalesce: { mode: 'latest' },
    doc: 'Applies a preview, slice by slice, each row whole or not at all. Closing the stream does not stop it; imports.discard does.',
  }),
  'bulkUploads.list': procedure({ input: z.object({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }), output: z.object({ total: z.number().int(), rows: z.array(bulkUploadRow) }), access: read, doc: 'The history of bulk uploads, newest first; who is limited to customers sees the own ones.' }),
  'bulkUploads.watch': stream({ input: z.object({}), item: z.object({ changes: z.number().int() }), access: read, coalesce: { mode: 'latest' }, doc: 'Says that the history of bulk uploads has changed.' }),
  'bulkUploads.failedRows': procedure({ input: z.object({ bulkUploadId: z.uuid(), timeZone: z.string().max(100) }), output: file, access: read, errors: ['not-found', 'unavailable', 'store-full'], doc: 'The failed rows of an upload with their reasons, as the template.' }),
};
