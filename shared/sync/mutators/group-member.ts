import { AppError } from '../../kernel/error.ts';
import { groupMember } from '../../resources/group-member.ts';
import { product } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { resourceMutators } from '../resource-mutators.ts';
import type { Tx } from '../tx.ts';

/**
 * Refuses a phone number that is the primary user's of another vehicle: a number belongs to one vehicle across Sales and Group
 * Members, and the refusal names the one that has it.
 */
export async function refusePhoneOfSale(tx: Tx, phone: string, productId: string): Promise<void> {
  const owner = await tx.findUnique(sale, 'phone', phone);
  if (owner !== undefined && owner.productId !== productId) await refusePhone(tx, phone, owner.productId);
}

/** The same for a number of a further user of another vehicle. */
export async function refusePhoneOfMember(tx: Tx, phone: string, productId: string): Promise<void> {
  const owner = await tx.findUnique(groupMember, 'phone', phone);
  if (owner !== undefined && owner.productId !== productId) await refusePhone(tx, phone, owner.productId);
}

async function refusePhone(tx: Tx, phone: string, productId: string): Promise<never> {
  const vehicle = await tx.get(product, productId);
  const name = vehicle === undefined ? 'another vehicle' : `VIN No ${vehicle.vin}`;
  throw new AppError('not-unique', `Phone number ${phone} already belongs to ${name}. Enter another, or change ${name} first.`, { field: 'phone', ownerId: productId, owner: name });
}

export const GROUP_MEMBER_MUTATORS = resourceMutators('group-member', groupMember, {
  check: (tx, row) => refusePhoneOfSale(tx, row.phone, row.productId),
});
