import { defineResource, type RowOf } from './define-resource.ts';
import { choice, integer, text } from './field.ts';
import { IMPORT_ROWS } from './import-template.ts';

export const BULK_UPLOAD_STATUSES = [
  { value: 'RUNNING', label: 'RUNNING' },
  { value: 'COMPLETED', label: 'COMPLETED' },
  { value: 'STOPPED', label: 'STOPPED' },
  { value: 'INTERRUPTED', label: 'INTERRUPTED' },
] as const;

const rows = { min: 0, max: IMPORT_ROWS, mandatory: 'always' } as const;

/** A file whose rows were applied: the history of bulk uploads. Its failed rows are kept by the node that read the file. */
export const bulkUpload = defineResource({
  name: 'bulk-upload',
  label: { one: 'Bulk upload', many: 'Bulk uploads' },
  title: 'title',
  fields: {
    template: text({ label: 'Template', max: 100, mandatory: 'always', fixed: true }),
    title: text({ label: 'Template Name', max: 100, mandatory: 'always', fixed: true }),
    fileName: text({ label: 'File', max: 255, mandatory: 'always', fixed: true }),
    rows: integer({ label: 'Records', ...rows, fixed: true }),
    passed: integer({ label: 'Passed Records', ...rows }),
    failed: integer({ label: 'Failed Records', ...rows }),
    status: choice({ label: 'Status', values: BULK_UPLOAD_STATUSES, mandatory: 'always' }),
    note: text({ label: 'Note', max: 500 }),
    userId: text({ label: 'User', max: 100, mandatory: 'always', fixed: true }),
    updatedBy: text({ label: 'Updated By', max: 254, mandatory: 'always', fixed: true }),
  },
  scope: 'none',
  permissions: { read: 'admin.read' },
  sort: { column: 'title', direction: 'asc' },
});

export type BulkUploadRow = RowOf<typeof bulkUpload.fields>;
