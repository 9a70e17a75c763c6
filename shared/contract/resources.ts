import { z } from 'zod';
import { batteryModel } from '../resources/battery-model.ts';
import { commissioningRecord } from '../resources/commissioning-record.ts';
import { customer } from '../resources/customer.ts';
import type { Resource } from '../resources/define-resource.ts';
import { groupMember } from '../resources/group-member.ts';
import { lease } from '../resources/lease.ts';
import { location } from '../resources/location.ts';
import { product } from '../resources/product.ts';
import { sale } from '../resources/sale.ts';
import { batterySwap, station, stationSlot } from '../resources/station.ts';
import { swap } from '../resources/swap.ts';
import { vehicleModel } from '../resources/vehicle-model.ts';
import { stream } from '../rpc/definition.ts';
import { resourceContract } from './resource.ts';

/** Resources that have procedures of their own. A new one gets a line here and one in the contract below. */
export const CONTRACT_RESOURCES: readonly Resource[] = [location, customer, vehicleModel, product, sale, batteryModel, groupMember, lease, station, stationSlot, batterySwap, commissioningRecord, swap];

const ALL = ['create', 'update', 'delete'] as const;

export const resourcesContract = {
  ...resourceContract('location', location, ALL),
  ...resourceContract('customer', customer, ALL),
  ...resourceContract('vehicleModel', vehicleModel, ALL),
  ...resourceContract('product', product, ALL),
  // A sale comes with its product and goes with it.
  ...resourceContract('sale', sale, ['update']),
  ...resourceContract('batteryModel', batteryModel, ALL),
  ...resourceContract('groupMember', groupMember, ALL),
  ...resourceContract('lease', lease, ALL),
  ...resourceContract('station', station, ALL),
  ...resourceContract('stationSlot', stationSlot, ALL),
  ...resourceContract('batterySwap', batterySwap, []),
  ...resourceContract('commissioningRecord', commissioningRecord, []),
  ...resourceContract('swap', swap, []),
  'resources.changes': stream({
    input: z.object({ resources: z.array(z.string().max(60)).min(1).max(20) }),
    /** By resource: rows that changed or went since the item before. `more`: others too, beyond the bound. */
    item: z.object({ changes: z.array(z.object({ resource: z.string(), ids: z.array(z.string()), more: z.boolean() })) }),
    access: 'signed-in',
    coalesce: { mode: 'merge' },
    doc: 'Which rows of these resources changed, as far as the user may see them: ask for them again.',
  }),
};
