import type { Principal } from '../../domain/access/principal.ts';
import { AppError } from '../../kernel/error.ts';
import { groupMember } from '../../resources/group-member.ts';
import { sale } from '../../resources/sale.ts';
import { resourceMutators } from '../resource-mutators.ts';
import type { Tx } from '../tx.ts';
import { vehicleName } from './rules.ts';

/**
 * Refuses a phone number that is the primary user's of another vehicle: a number belongs to one vehicle across Sales and Group
 * Members, and the refusal names the one that has it to those who may see it.
 */
export async function refusePhoneOfSale(tx: Tx, principal: Principal, phone: string, productId: string): Promise<void> {
  const owner = await tx.findUnique(sale, 'phone', phone);
  if (owner !== undefined && owner.productId !== productId) await refusePhone(tx, principal, phone, owner.productId);
}

/** The same for a number of a further user of another vehicle. */
export async function refusePhoneOfMember(tx: Tx, principal: Principal, phone: string, productId: string): Promise<void> {
  const owner = await tx.findUnique(groupMember, 'phone', phone);
  if (owner !== undefined && owner.productId !== productId) await refusePhone(tx, principal, phone, owner.productId);
}

async function refusePhone(tx: Tx, principal: Principal, phone: string, productId: string): Promise<never> {
  const name = await vehicleName(tx, principal, productId);
  if (name === undefined) throw new AppError('not-unique', `Phone number ${phone} already belongs to another vehicle. Enter another.`, { field: 'phone' });
  throw new AppError('not-unique', `Phone number ${phone} already belongs to ${name}. Enter another, or change ${name} first.`, { field: 'phone', ownerId: productId, owner: name });
}

export const GROUP_MEMBER_MUTATORS = resourceMutators('group-member', groupMember, {
  check: (tx, row, { principal }) => refusePhoneOfSale(tx, principal, row.phone, row.productId),
});
