import { z } from 'zod';
import { shiftNote } from '../../resources/shift-note.ts';
import { defineMutator } from '../mutator.ts';
import { requireFullScope } from './rules.ts';

/** Keeps a note for the next shift. */
export const addShiftNote = defineMutator({
  name: 'shift-note.add',
  args: z.strictObject({ text: z.string().trim().min(1).max(4000) }),
  access: 'alerts.work',
  label: 'Left a note for the next shift',
  async run(tx, { text }, { principal, newId }) {
    requireFullScope(principal);
    const { id } = await tx.insert(shiftNote, newId(), { author: principal.name, text });
    return { noteId: id };
  },
});
