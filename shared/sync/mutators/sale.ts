import { z } from 'zod';
import { inScope } from '../../domain/access/principal.ts';
import { sale, type SaleRow } from '../../resources/sale.ts';
import { editSchema, patchOf } from '../../resources/schemas.ts';
import { defineMutator } from '../mutator.ts';
import { refusePhoneOfMember } from './group-member.ts';
import { notFound } from '../tracked-tx.ts';
import { fieldError, requireReferences } from './rules.ts';

/** Refuses a warranty that ends before the purchase and a purchase before the manufacture. */
export function checkSaleDates(values: Partial<Pick<SaleRow, 'purchaseDate' | 'warrantyEnd' | 'manufacturingDate'>>): void {
  const { purchaseDate, warrantyEnd, manufacturingDate } = values;
  if (purchaseDate !== undefined && warrantyEnd !== undefined && warrantyEnd < purchaseDate) throw fieldError('warrantyEnd', 'The warranty cannot end before the purchase date.');
  if (purchaseDate !== undefined && manufacturingDate !== undefined && purchaseDate < manufacturingDate) throw fieldError('purchaseDate', 'The purchase cannot be before the manufacturing date.');
}

export const updateSale = defineMutator({
  name: 'sale.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(sale) }),
  access: 'admin.write',
  label: 'Changed a sale',
  async run(tx, { id, edit }, { principal }) {
    const before = await tx.get(sale, id);
    if (before === undefined || !inScope(principal.scope, before.customerId)) throw notFound(sale, id);
    await requireReferences(tx, principal, sale, edit.set);
    const row = await tx.update(sale, id, patchOf<typeof sale.fields>(edit));
    if (!inScope(principal.scope, row.customerId)) throw fieldError('customerId', 'You cannot hand a vehicle to a customer whom you do not see.');
    if (edit.set.phone !== undefined) await refusePhoneOfMember(tx, principal, edit.set.phone, row.productId);
    checkSaleDates(row);
    return { id, revision: row.revision };
  },
});
