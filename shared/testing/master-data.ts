import { permissionsOf, type Role } from '../domain/access/permissions.ts';
import { systemPrincipal, type CustomerScope, type Principal } from '../domain/access/principal.ts';
import { uuidv5 } from '../kernel/ids.ts';
import type { MutationRecord } from '../sync/mutation.ts';
import type { ArgsOf } from '../sync/mutator.ts';
import type { MutationName, Mutators } from '../sync/mutators/index.ts';

export const NODE_ID = '0190b3f0-0000-7000-8000-00000000000a';
export const SYSTEM = systemPrincipal(NODE_ID);
/** 1 January 2030, 00:00 UTC. */
export const NOW = 1_893_456_000_000;

/** A fixed id for a name, to be read in a failing test. */
export const idOf = (name: string): string => uuidv5(`test:${name}`);

/** A signed-in user of a role preset. */
export function principalOf(role: Role, options: { readonly scope?: CustomerScope; readonly userId?: string } = {}): Principal {
  return { userId: options.userId ?? idOf(role), email: `${role}@example.com`, name: role, role, permissions: permissionsOf(role, 'ADMIN'), scope: options.scope ?? 'all', sessionId: idOf(`session ${role}`), nodeId: NODE_ID };
}

let counter = 0;

/** A mutation as a client sends it; each call has an id of its own. */
export function mutation<N extends MutationName>(name: N, args: ArgsOf<Mutators[N]>, options: Partial<MutationRecord> = {}): MutationRecord {
  counter += 1;
  return { id: uuidv5(`test mutation ${counter}`), name, args, userId: 'test', nodeId: NODE_ID, at: NOW, basedOn: {}, ...options };
}

export const LOCATION_ID = idOf('Bengaluru');
export const CUSTOMER_ID = idOf('Nilgai Riders');
export const OTHER_CUSTOMER_ID = idOf('Saral Delivery');
export const MODEL_ID = idOf('Nilgai Sprint');

/** The rows that vehicles refer to: a city, two customers, a model. */
export function groundMutations(): MutationRecord[] {
  return [
    mutation('location.create', { id: LOCATION_ID, values: { city: 'Bengaluru', district: 'Bengaluru Urban', state: 'Karnataka', country: 'India', zone: 'South', latitude: 12.97, longitude: 77.59 } }),
    mutation('customer.create', { id: CUSTOMER_ID, values: { name: 'Nilgai Riders', address: '14 Ashoka Pillar Road', locationId: LOCATION_ID, pinCode: '560011', phone: '6000099900', email: 'care@nilgai.example' } }),
    mutation('customer.create', { id: OTHER_CUSTOMER_ID, values: { name: 'Saral Delivery', address: '3 Madhuban Towers', locationId: LOCATION_ID, pinCode: '400001', phone: '6000099901', email: 'fleet@saral.example' } }),
    mutation('vehicle-model.create', { id: MODEL_ID, values: { name: 'Nilgai Sprint', wheels: '2W', batteryModels: ['52-AH - Urban'], dbc: [], firmwareLine: '2W-VCU' } }),
  ];
}

type ProductArgs = ArgsOf<Mutators['product.create']>;

/** Arguments for vehicle number `n`; every number on it is its own. */
export function productArgs(n: number, options: { readonly values?: Partial<ProductArgs['values']>; readonly sale?: ProductArgs['sale']; readonly boundFrom?: number } = {}): ProductArgs {
  return {
    id: idOf(`vehicle ${n}`),
    values: {
      modelId: MODEL_ID, vin: `MX${String(n).padStart(6, '0')}`, motorId: `KE${n}`, telematicsId: `CEH0${n}`, deviceId: `tcu-${n}`, bmsId: `Bms${n}`, communicationType: 'Cellular', batteryModel: '52-AH - Urban', ...options.values,
    },
    sale: { customerId: CUSTOMER_ID, locationId: LOCATION_ID, userName: `Rider ${n}`, phone: `60000${String(n).padStart(5, '0')}`, productStatus: 'Sold', ...options.sale },
    ...(options.boundFrom === undefined ? {} : { boundFrom: options.boundFrom }),
  };
}
