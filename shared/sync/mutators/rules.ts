import { inScope, type Principal } from '../../domain/access/principal.ts';
import { AppError } from '../../kernel/error.ts';
import { product } from '../../resources/product.ts';
import type { Fields, Resource } from '../../resources/define-resource.ts';
import { sale, type SaleRow } from '../../resources/sale.ts';
import { notFound } from '../tracked-tx.ts';
import type { Tx } from '../tx.ts';

/** An error about one input of a form. */
export function fieldError(field: string, message: string): AppError {
  return new AppError('invalid-input', message, { issues: [{ path: field, message }] });
}

/** Master data that every customer shares is changed only by those who see every customer. */
export function requireFullScope(principal: Principal): void {
  if (principal.scope !== 'all') throw new AppError('forbidden', 'This change is open to users who see all customers. Ask an administrator.');
}

/** The sale of a vehicle that the principal may see; a vehicle out of scope does not exist for him. */
export async function saleInScope(tx: Tx, principal: Principal, productId: string): Promise<SaleRow> {
  const [found] = await tx.find(sale, { productId }, { limit: 1 });
  if (found === undefined || !inScope(principal.scope, found.customerId)) throw notFound(product, productId);
  return found;
}

/** Refuses a reference to a row that does not exist. */
export async function requireReference<F extends Fields>(tx: Tx, field: string, resource: Resource<F>, id: string | undefined): Promise<void> {
  if (id !== undefined && (await tx.get(resource, id)) === undefined) throw fieldError(field, `This ${resource.label.one.toLowerCase()} does not exist any more. Choose another.`);
}

/** Refuses to delete a row while rows of `by` refer to it. */
export async function refuseWhileUsed<F extends Fields>(tx: Tx, what: Resource, by: Resource<F>, where: Parameters<typeof tx.find<F>>[1]): Promise<void> {
  const [used] = await tx.find(by, where, { limit: 1 });
  if (used === undefined) return;
  throw new AppError('refused', `This ${what.label.one.toLowerCase()} is used by ${by.label.many.toLowerCase()}. Change those first.`, { resource: what.name, usedBy: by.name, usedById: used.id });
}
