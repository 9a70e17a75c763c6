import { z } from 'zod';
import { customer } from '../resources/customer.ts';
import type { Resource } from '../resources/define-resource.ts';
import { location } from '../resources/location.ts';
import { product } from '../resources/product.ts';
import { sale } from '../resources/sale.ts';
import { vehicleModel } from '../resources/vehicle-model.ts';
import { stream } from '../rpc/definition.ts';
import { resourceContract } from './resource.ts';

/** Resources that have procedures of their own. A new one gets a line here and one in the contract below. */
export const CONTRACT_RESOURCES: readonly Resource[] = [location, customer, vehicleModel, product, sale];

const ALL = ['create', 'update', 'delete'] as const;

export const resourcesContract = {
  ...resourceContract('location', location, ALL),
  ...resourceContract('customer', customer, ALL),
  ...resourceContract('vehicleModel', vehicleModel, ALL),
  ...resourceContract('product', product, ALL),
  // A sale comes with its product and goes with it.
  ...resourceContract('sale', sale, ['update']),
  'resources.changes': stream({
    input: z.object({ resources: z.array(z.string().max(60)).min(1).max(20) }),
    /** By resource: rows that changed or went since the item before. `more`: others too, beyond the bound. */
    item: z.object({ changes: z.array(z.object({ resource: z.string(), ids: z.array(z.string()), more: z.boolean() })) }),
    access: 'signed-in',
    coalesce: { mode: 'merge' },
    doc: 'Which rows of these resources changed, as far as the user may see them: ask for them again.',
  }),
};
