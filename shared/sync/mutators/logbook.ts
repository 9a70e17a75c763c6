import { z } from 'zod';
import { AppError } from '../../kernel/error.ts';
import { logbookEntry } from '../../resources/logbook-entry.ts';
import { defineMutator } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';
import { saleInScope } from './rules.ts';

/** Clocks of several nodes differ by this at most, ms. */
const AHEAD = 5 * 60_000;
const fields = logbookEntry.fields;

/** Writes in a vehicle's logbook; nothing in it is ever changed, a correction names the entry that it corrects. */
export const addLogbookEntry = defineMutator({
  name: 'logbook.add',
  args: z.strictObject({
    productId: z.uuid(),
    /** When it was done, epoch ms; absent: now. */
    at: fields.at.schema.optional(),
    kind: fields.kind.schema,
    text: fields.text.schema,
    odometer: fields.odometer.schema.optional(),
    photos: fields.photos.schema,
    corrects: z.uuid().optional(),
  }),
  access: 'logbook.write',
  label: 'Wrote in a logbook',
  async run(tx, { productId, at = 0, ...values }, { now, newId, principal }) {
    await saleInScope(tx, principal, productId);
    const done = at === 0 ? now : at;
    if (done > now + AHEAD) throw new AppError('invalid-input', 'This is in the future. Enter when it was done.', { issues: [{ path: 'at', message: 'This is in the future.' }] });
    if (values.corrects !== undefined) {
      const wrong = await tx.get(logbookEntry, values.corrects);
      if (wrong === undefined || wrong.productId !== productId) throw notFound(logbookEntry, values.corrects);
    }
    const { id } = await tx.insert(logbookEntry, newId(), { productId, at: done, author: principal.name, ...values });
    return { entryId: id };
  },
});
