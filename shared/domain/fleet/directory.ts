/**
 * One vehicle with the master data that live views, lists and details need, joined from product, sale, customer, location,
 * model and the binding that holds now.
 */
export interface DirectoryEntry {
  readonly vehicleId: string;
  readonly vin: string;
  readonly registration: string | undefined;
  readonly modelId: string;
  readonly model: string;
  /** Fastest believable travel of its category, km/h; a faster leg between two fixes is a spike. */
  readonly speedLimit: number | undefined;
  readonly batteryModel: string;
  readonly communicationType: string;
  readonly telematicsId: string;
  readonly deviceId: string;
  readonly bmsId: string;
  readonly motorId: string;
  readonly simNumber: string | undefined;
  /** Unit bound now. */
  readonly unitId: string | undefined;
  readonly customerId: string | undefined;
  readonly customer: string | undefined;
  /** Location of the sale. */
  readonly cityId: string | undefined;
  readonly city: string | undefined;
  readonly state: string | undefined;
  readonly zone: string | undefined;
  readonly userName: string | undefined;
  readonly phone: string | undefined;
  /** Calendar dates, YYYY-MM-DD. */
  readonly purchaseDate: string | undefined;
  readonly warrantyEnd: string | undefined;
  readonly serviceDate: string | undefined;
  readonly manufacturingDate: string | undefined;
  readonly productStatus: string | undefined;
  /** Every searchable value in its normal form, one a line; `matchesSearch` looks into it. */
  readonly searchText: string;
}

/** A binding as the history of a vehicle needs it; `validTo` is excluded, absent: still. Epoch ms. */
export interface DirectoryBinding {
  readonly id: string;
  readonly unitId: string;
  readonly vehicleId: string;
  readonly validFrom: number;
  readonly validTo: number | undefined;
}

/** A telematics unit, in a vehicle or not. */
export interface DirectoryUnit {
  readonly unitId: string;
  readonly deviceId: string;
  readonly telematicsId: string | undefined;
  readonly kind: 'VCU' | 'VTS';
  /** `seen`: the broker heard it and nobody has registered it. */
  readonly source: 'registered' | 'seen';
}

/** What a commit changed in the directory. */
export interface DirectoryChange {
  readonly revision: number;
  /** Vehicles that are new or different. */
  readonly changed: readonly DirectoryEntry[];
  /** Ids of vehicles that are gone. */
  readonly removed: readonly string[];
}

/** Whether a vehicle is found by a normalised search term (shared/resources/normalise.ts); an empty one finds all. */
export function matchesSearch(entry: Pick<DirectoryEntry, 'searchText'>, term: string): boolean {
  return term === '' || entry.searchText.includes(term);
}

/** The binding of `bindings` that holds at an instant. */
export function bindingAt(bindings: readonly DirectoryBinding[], at: number): DirectoryBinding | undefined {
  return bindings.find((binding) => binding.validFrom <= at && (binding.validTo === undefined || at < binding.validTo));
}
