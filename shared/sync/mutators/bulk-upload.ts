import { z } from 'zod';
import { bulkUpload } from '../../resources/bulk-upload.ts';
import { defineMutator } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';

const { template, title, fileName, rows, passed, failed, status, note } = bulkUpload.fields;

/** The rows of a file begin to be applied. */
export const beginBulkUpload = defineMutator({
  name: 'bulk-upload.begin',
  args: z.strictObject({ template: template.schema, title: title.schema, fileName: fileName.schema, rows: rows.schema, passed: passed.schema, failed: failed.schema }),
  access: 'admin.write',
  label: 'Began a bulk upload',
  async run(tx, args, { principal, newId }) {
    const row = await tx.insert(bulkUpload, newId(), { ...args, status: 'RUNNING', userId: principal.userId, updatedBy: principal.email === '' ? principal.name : principal.email });
    return { id: row.id };
  },
});

/** How far a bulk upload has come; only its author's own goes on. */
export const noteBulkUpload = defineMutator({
  name: 'bulk-upload.note',
  args: z.strictObject({ id: z.uuid(), passed: passed.schema, failed: failed.schema, status: status.schema, note: note.schema.optional() }),
  access: 'admin.write',
  label: 'Went on with a bulk upload',
  audited: false,
  async run(tx, { id, ...values }, { principal }) {
    const row = await tx.need(bulkUpload, id);
    if (principal.role !== 'system' && row.userId !== principal.userId) throw notFound(bulkUpload, id);
    await tx.update(bulkUpload, id, values);
    return { id };
  },
});
