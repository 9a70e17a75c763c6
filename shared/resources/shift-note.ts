import { defineResource, type RowOf } from './define-resource.ts';
import { text } from './field.ts';

/** What one shift leaves to the next beside the lists of alerts. */
export const shiftNote = defineResource({
  name: 'shift-note',
  label: { one: 'Shift note', many: 'Shift notes' },
  title: 'text',
  fields: {
    author: text({ label: 'By', mandatory: 'always', fixed: true }),
    text: text({ label: 'Note', max: 4000, mandatory: 'always', fixed: true }),
  },
  scope: 'none',
  permissions: { read: 'admin.read', write: 'alerts.work' },
});

export type ShiftNoteRow = RowOf<typeof shiftNote.fields>;
