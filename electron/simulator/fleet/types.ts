import type { VehicleStatus } from '#shared/domain/fleet/status.ts';
import type { CityData } from '../roads/cities.ts';

export type VehicleKind = '2W' | '3W';
export type Duty = 'commuter' | 'rental' | 'delivery' | 'auto' | 'cargo';
export type FleetStatus = VehicleStatus;
/** What is wrong with a demo vehicle or its unit; most have nothing. */
export type Quirk =
  | 'cell-imbalance' | 'hot-battery' | 'mcu-fault' | 'low-aux' | 'weak-pack'
  | 'wrong-clock' | 'duplicate-sender' | 'malformed-payload' | 'reboots' | 'patchy-network' | 'over-speed';

export interface DemoLocation {
  readonly key: string;
  readonly city: string;
  readonly district: string;
  readonly state: string;
  readonly country: string;
  readonly zone: string;
  readonly lat: number;
  readonly lon: number;
}

export interface DemoCustomer {
  readonly key: string;
  readonly name: string;
  readonly address: string;
  readonly city: string;
  readonly pinCode: string;
  readonly phone: string;
  readonly email: string;
  readonly locationKey: string;
}

export interface DemoModel {
  readonly key: string;
  readonly name: string;
  readonly kind: VehicleKind;
  readonly batteryModels: readonly string[];
  /** Name in resources/demo/signal-map.json and of the file in resources/dbc. */
  readonly signalMap: 'two-wheeler' | 'three-wheeler';
  readonly cells: number;
  readonly temperatures: number;
  readonly nominalVoltage: number;
  readonly capacityAh: number;
  readonly firmwareLine: string;
}

/** Why and since when a vehicle says nothing. */
export interface Silence {
  /** Time of the last message, epoch ms; undefined where it never sent one. */
  readonly lastContact: number | undefined;
}

export interface DemoVehicle {
  /** Position in the fleet, from 0; a vehicle is the same in fleets of any size. */
  readonly index: number;
  readonly vin: string;
  readonly deviceId: string;
  readonly telematicsId: string;
  readonly unitKind: 'VCU' | 'VTS';
  readonly motorId: string;
  readonly bmsId: string;
  /** The number in `bmsId`, as the battery sends it on the bus. */
  readonly packSerial: number;
  readonly registration: string;
  readonly simNumber: string;
  readonly modelKey: string;
  readonly batteryModel: string;
  readonly communicationType: string;
  readonly firmware: string;
  readonly customerKey: string;
  readonly locationKey: string;
  readonly city: string;
  /** Where it spends the night; WGS 84 degrees. */
  readonly lat: number;
  readonly lon: number;
  /** Calendar dates, YYYY-MM-DD. */
  readonly manufacturingDate: string;
  readonly purchaseDate: string;
  readonly warrantyEnd: string;
  readonly serviceDate: string;
  readonly userName: string;
  readonly phone: string;
  readonly addressLine1: string;
  readonly addressLine2: string;
  readonly productStatus: 'Sold' | 'Demo' | 'Factory' | 'Testing' | 'In Transit' | 'In Stock';
  readonly duty: Duty;
  /** Status at the start of the demo. */
  readonly initialStatus: FleetStatus;
  /** Set for vehicles that say nothing from the start: Offline and Not Communicating. */
  readonly silence: Silence | undefined;
  readonly quirk: Quirk | undefined;
}

/** A unit that has been shipped and belongs to no vehicle yet: for commissioning and swapping. */
export interface DemoUnit {
  readonly telematicsId: string;
  readonly deviceId: string;
  readonly unitKind: 'VCU' | 'VTS';
  readonly simNumber: string;
  readonly communicationType: string;
  readonly firmware: string;
  /** The factory's stand-in frame number, where the unit was shipped on one. */
  readonly placeholderVin: string | undefined;
}

export interface DemoGroupMember {
  readonly vin: string;
  readonly userName: string;
  readonly phone: string;
}

export interface FleetDescription {
  readonly seed: string;
  /** The instant it was described for, epoch ms. */
  readonly now: number;
  readonly customers: readonly DemoCustomer[];
  readonly locations: readonly DemoLocation[];
  readonly models: readonly DemoModel[];
  readonly vehicles: readonly DemoVehicle[];
  readonly spareUnits: readonly DemoUnit[];
  readonly groupMembers: readonly DemoGroupMember[];
}

export interface FleetOptions {
  readonly vehicles: number;
  readonly seed: string | number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A city of the fleet with its roads. */
export type City = CityData;
