import { inScope, type Principal } from '../../domain/access/principal.ts';
import { AppError } from '../../kernel/error.ts';
import { fieldOf, type Fields, type Resource } from '../../resources/define-resource.ts';
import { product } from '../../resources/product.ts';
import { RESOURCES, resourceNamed } from '../../resources/registry.ts';
import { sale, type SaleRow } from '../../resources/sale.ts';
import { rowInScope } from '../scope.ts';
import { notFound } from '../tracked-tx.ts';
import type { Tx } from '../tx.ts';

export { requireFullScope } from '../scope.ts';

/** An error about one input of a form. */
export function fieldError(field: string, message: string): AppError {
  return new AppError('invalid-input', message, { issues: [{ path: field, message }] });
}

/** Whether the principal may see this row of a resource. */
export function isVisible(tx: Tx, principal: Principal, resource: Resource, row: object): Promise<boolean> {
  return rowInScope({ get: (of, id) => tx.get(of, id), find: (of, where) => tx.find(of, where, { limit: 1 }) }, resource, row, principal.scope);
}

/** What a refusal calls a vehicle; undefined for one that the principal may not see. */
export async function vehicleName(tx: Tx, principal: Principal, productId: string): Promise<string | undefined> {
  const vehicle = await tx.get(product, productId);
  return vehicle !== undefined && (await isVisible(tx, principal, product, vehicle)) ? `VIN No ${vehicle.vin}` : undefined;
}

/** The sale of a vehicle that the principal may see; a vehicle out of scope does not exist for him. */
export async function saleInScope(tx: Tx, principal: Principal, productId: string): Promise<SaleRow> {
  const [found] = await tx.find(sale, { productId }, { limit: 1 });
  if (found === undefined || !inScope(principal.scope, found.customerId)) throw notFound(product, productId);
  return found;
}

/** Refuses a reference to a row that does not exist. */
export async function requireReference<F extends Fields>(tx: Tx, field: string, resource: Resource<F>, id: string | undefined): Promise<void> {
  if (id !== undefined && (await tx.get(resource, id)) === undefined) throw missingReference(field, resource);
}

/** The error for a reference to a row that is not there, or not for this principal. */
export function missingReference(field: string, resource: Resource): AppError {
  return fieldError(field, missing(resource));
}

const missing = (resource: Resource): string => `This ${resource.label.one.toLowerCase()} does not exist any more. Choose another.`;

/** Refuses references among `values` to rows that do not exist; one that the principal may not see does not exist for him. */
export async function requireReferences(tx: Tx, principal: Principal, resource: Resource, values: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    const { type, to } = fieldOf(resource, key);
    if (type !== 'reference' || to === undefined || typeof value !== 'string') continue;
    const target = resourceNamed(to);
    const row = await tx.get(target, value);
    // What nobody limited to customers lists (units, settings) may still be referred to.
    if (row === undefined || (target.scope !== 'none' && !(await isVisible(tx, principal, target, row)))) throw fieldError(key, missing(target));
  }
}

/** Rows that refer to a row, with their number. */
export interface Referrer {
  readonly resource: string;
  readonly label: string;
  readonly count: number;
}

/** Who refers to this row by a reference that refuses its deletion (Field.whenDeleted). */
export async function referrersOf(tx: Tx, resource: Resource, id: string): Promise<readonly Referrer[]> {
  const found: Referrer[] = [];
  for (const other of RESOURCES) {
    for (const [key, field] of Object.entries(other.fields)) {
      if (field.to !== resource.name || field.whenDeleted === 'keep') continue;
      const count = await tx.count(other, { [key]: id });
      if (count > 0) found.push({ resource: other.name, label: (count === 1 ? other.label.one : other.label.many).toLowerCase(), count });
    }
  }
  return found;
}

/** Throws AppError refused for a row that others refer to: `details.referrers` counts them. `more` are those that no reference field shows. */
export async function refuseWhileReferred(tx: Tx, resource: Resource, id: string, more: readonly Referrer[] = []): Promise<void> {
  const referrers = [...(await referrersOf(tx, resource, id)), ...more];
  if (referrers.length === 0) return;
  const words = referrers.map(({ count, label }) => `${count.toLocaleString('en-GB')} ${label}`);
  const list = words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
  throw new AppError('refused', `This ${resource.label.one.toLowerCase()} is used by ${list}. Change those first.`, { resource: resource.name, id, referrers });
}
