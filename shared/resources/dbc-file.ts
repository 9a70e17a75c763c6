import { z } from 'zod';
import { defineResource, type RowOf } from './define-resource.ts';
import { json, text } from './field.ts';

/** Largest DBC file, bytes; published files of whole cars stay below 2 MB. */
export const DBC_FILE_LIMIT = 4_000_000;

export const dbcHashText = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and a digest in hex.');

/** A DBC file that the installation added; files that come with the product are no rows. Versions of one file share its name. */
export const dbcFile = defineResource({
  name: 'dbc-file',
  label: { one: 'DBC file', many: 'DBC files' },
  title: 'fileName',
  fields: {
    /** Name of the content (shared/domain/telemetry/dbc/hash.ts). */
    hash: text({ label: 'Content', max: 80, mandatory: 'always', unique: 'exact', fixed: true }),
    fileName: text({ label: 'File name', max: 200, mandatory: 'always', searchable: true }),
    /** The bytes in base64: a file may not be UTF-8, and its hash is that of its bytes. */
    content: json({ label: 'Content of the file', schema: z.base64().max(Math.ceil(DBC_FILE_LIMIT / 3) * 4), mandatory: 'always', withheld: true, fixed: true }),
    note: text({ label: 'Note', max: 500 }),
  },
  scope: 'none',
  permissions: { read: 'admin.read', write: 'admin.write' },
  sort: { column: 'fileName', direction: 'asc' },
  history: 'fields',
});

export type DbcFileRow = RowOf<typeof dbcFile.fields>;
