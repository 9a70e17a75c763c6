import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { shiftNote } from '#shared/resources/shift-note.ts';
import type { AlertServices } from './services.ts';

/** Notes shown; older ones stay stored. */
const SHOWN = 100;

/** Handlers of what one shift leaves to the next. Users limited to customers neither see nor leave notes. */
export function shiftNoteHandlers({ operations }: Pick<AlertServices, 'operations'>): Pick<Handlers<AppContract, Principal>, 'alerts.shiftNotes' | 'alerts.addShiftNote'> {
  return {
    'alerts.shiftNotes': (_input, context) => {
      if (principalOf(context).scope !== 'all') return { notes: [] };
      const rows = operations.read.all(shiftNote).toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      return { notes: rows.slice(0, SHOWN).map((row) => ({ noteId: row.id, at: row.createdAt, by: row.author, text: row.text })) };
    },
    'alerts.addShiftNote': ({ text }, context) => operations.mutate(principalOf(context), 'shift-note.add', { text }),
  };
}
