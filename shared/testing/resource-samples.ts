import { batteryModel } from '../resources/battery-model.ts';
import { customer } from '../resources/customer.ts';
import type { Resource } from '../resources/define-resource.ts';
import { groupMember } from '../resources/group-member.ts';
import { lease } from '../resources/lease.ts';
import { location } from '../resources/location.ts';
import { product } from '../resources/product.ts';
import { sale } from '../resources/sale.ts';
import { station, stationSlot } from '../resources/station.ts';
import { vehicleModel } from '../resources/vehicle-model.ts';
import { idOf, LOCATION_ID, MODEL_ID } from './master-data.ts';

type Values = Readonly<Record<string, unknown>>;

/** How the contract of resources makes and changes rows of one of them. Vehicles `vehicle 1` … `vehicle 9` and a station are there. */
export interface ResourceSample {
  readonly resource: Resource;
  /** The values of the add form for row `n` (from 1); no two rows clash. Missing: rows come with others, and this is row `n` of them. */
  readonly values?: (n: number) => Values;
  /** An edit of row `n`, and one of another field. */
  readonly edit: (n: number) => Values;
  readonly otherEdit: (n: number) => Values;
  /** A field that must not have been changed by somebody else, with an edit of it. */
  readonly strict?: (n: number) => Values;
}

export const STATION_ID = idOf('Koramangala station');

/** One for every resource of which rows are written by hand. */
export const RESOURCE_SAMPLES: readonly ResourceSample[] = [
  {
    resource: location,
    values: (n) => ({ city: `Village ${n}`, district: 'Mysuru', state: n % 2 === 0 ? 'Karnataka' : 'Kerala', country: 'India', zone: 'South', latitude: 12.3 + n / 100, longitude: 76.6 }),
    edit: () => ({ zone: 'West' }),
    otherEdit: () => ({ district: 'Hassan' }),
  },
  {
    resource: customer,
    values: (n) => ({ name: `Élite Riders ${n}`, address: `${n} Lake View Road`, locationId: LOCATION_ID, pinCode: `56000${n}`, phone: `98450 5000${n}`, email: `fleet${n}@elite.example` }),
    edit: () => ({ address: '1 New Road' }),
    otherEdit: () => ({ pinCode: '570001' }),
  },
  {
    resource: vehicleModel,
    values: (n) => ({ name: `Blackbuck ${n}`, wheels: '3W', batteryModels: ['52-AH - Urban'], dbc: [], firmwareLine: '3W-VCU' }),
    edit: () => ({ firmwareLine: '3W-VCU-2' }),
    otherEdit: () => ({ wheels: '2W' }),
  },
  {
    resource: product,
    values: (n) => ({ modelId: MODEL_ID, vin: `MY${n}00`, motorId: `KF${n}`, telematicsId: `CEV0${n}`, deviceId: `unit-${n}`, bmsId: `Pack${n}`, communicationType: 'Cellular', batteryModel: '52-AH - Urban' }),
    edit: (n) => ({ registration: `KA01EV${n}` }),
    otherEdit: () => ({ communicationType: 'BLE' }),
  },
  {
    resource: sale,
    edit: () => ({ userName: 'Ravi Kumar' }),
    otherEdit: () => ({ productStatus: 'Demo' }),
  },
  {
    resource: batteryModel,
    values: (n) => ({ name: `60-AH - ${n}`, chemistry: 'LFP', capacity: 60 + n }),
    edit: () => ({ chemistry: 'NMC' }),
    otherEdit: () => ({ cells: 16 }),
  },
  {
    resource: groupMember,
    values: (n) => ({ phone: `98860 1000${n}`, userName: `Friend ${n}`, productId: idOf(`vehicle ${n}`) }),
    edit: () => ({ userName: 'Neha' }),
    otherEdit: (n) => ({ phone: `98860 2000${n}` }),
  },
  {
    resource: lease,
    values: (n) => ({ productId: idOf(`vehicle ${n}`), expiryDate: '2030-06-30', lastRenewal: '2030-01-01', duration: '180', leaseType: 'Rental', description: `Lease ${n}`, orderStatus: 'Success', paymentStatus: 'Pending' }),
    edit: () => ({ paymentStatus: 'Success' }),
    otherEdit: () => ({ description: 'Renewed' }),
  },
  {
    resource: station,
    values: (n) => ({ name: `Stop ${n}`, locationId: LOCATION_ID, address: `${n} Ring Road`, latitude: 12.9, longitude: 77.6, slots: 12, status: 'Open' }),
    edit: () => ({ status: 'Closed' }),
    otherEdit: () => ({ address: '2 Ring Road' }),
  },
  {
    resource: stationSlot,
    values: (n) => ({ stationId: STATION_ID, slot: n + 1, bmsId: `Spare${n}`, soc: 50 + n, state: 'Charging' }),
    edit: () => ({ state: 'Ready' }),
    otherEdit: () => ({ soc: 99 }),
  },
];
