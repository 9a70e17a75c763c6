import type { DirectoryEntry } from '#shared/domain/fleet/directory.ts';
import type { CustomerRow } from '#shared/resources/customer.ts';
import type { LocationRow } from '#shared/resources/location.ts';
import { phoneKey, searchText } from '#shared/resources/normalise.ts';
import type { ProductRow } from '#shared/resources/product.ts';
import type { SaleRow } from '#shared/resources/sale.ts';
import type { VehicleModelRow } from '#shared/resources/vehicle-model.ts';

/** What an entry has from its product's row. */
export type ProductPart = Pick<
  DirectoryEntry,
  'vehicleId' | 'vin' | 'registration' | 'modelId' | 'batteryModel' | 'communicationType' | 'telematicsId' | 'deviceId' | 'bmsId' | 'motorId' | 'simNumber'
>;
/** What an entry has from its sale's row. */
export type SalePart = Pick<DirectoryEntry, 'customerId' | 'cityId' | 'userName' | 'phone' | 'purchaseDate' | 'warrantyEnd' | 'serviceDate' | 'manufacturingDate' | 'productStatus'>;

/** Fastest believable travel by category, km/h (two-wheelers, three-wheelers). */
const SPEED_LIMIT = { '2W': 120, '3W': 90 } as const;

export const NO_SALE: SalePart = {
  customerId: undefined, cityId: undefined, userName: undefined, phone: undefined, purchaseDate: undefined, warrantyEnd: undefined, serviceDate: undefined, manufacturingDate: undefined, productStatus: undefined,
};

export function productPart(row: ProductRow): ProductPart {
  const { id, vin, registration, modelId, batteryModel, communicationType, telematicsId, deviceId, bmsId, motorId, simNumber } = row;
  return { vehicleId: id, vin, registration, modelId, batteryModel, communicationType, telematicsId, deviceId, bmsId, motorId, simNumber };
}

export function salePart(row: SaleRow): SalePart {
  const { customerId, locationId, userName, phone, purchaseDate, warrantyEnd, serviceDate, manufacturingDate, productStatus } = row;
  return { customerId, cityId: locationId, userName, phone, purchaseDate, warrantyEnd, serviceDate, manufacturingDate, productStatus };
}

export interface EntryParts {
  readonly product: ProductPart;
  readonly sale: SalePart;
  readonly model: VehicleModelRow | undefined;
  readonly customer: CustomerRow | undefined;
  readonly location: LocationRow | undefined;
  readonly unitId: string | undefined;
}

/** Joins the parts of one vehicle. */
export function entryOf(parts: EntryParts): DirectoryEntry {
  const { product, sale, model, customer, location } = parts;
  const found = [
    product.vin, product.registration, product.telematicsId, product.deviceId, product.bmsId, product.motorId, product.simNumber, product.batteryModel,
    model?.name, customer?.name, location?.city, location?.state, sale.userName,
  ];
  const lines = found.filter((value) => value !== undefined).map(searchText);
  if (sale.phone !== undefined) lines.push(phoneKey(sale.phone), searchText(sale.phone));
  return {
    vehicleId: product.vehicleId,
    vin: product.vin,
    registration: product.registration,
    modelId: model?.id ?? product.modelId,
    model: model?.name ?? '',
    speedLimit: model === undefined ? undefined : SPEED_LIMIT[model.wheels],
    batteryModel: product.batteryModel,
    communicationType: product.communicationType,
    telematicsId: product.telematicsId,
    deviceId: product.deviceId,
    bmsId: product.bmsId,
    motorId: product.motorId,
    simNumber: product.simNumber,
    unitId: parts.unitId,
    // Ids are taken from the rows they name, so that ten thousand vehicles share a few strings.
    customerId: customer?.id ?? sale.customerId,
    customer: customer?.name,
    cityId: location?.id ?? sale.cityId,
    city: location?.city,
    state: location?.state,
    zone: location?.zone,
    userName: sale.userName,
    phone: sale.phone,
    purchaseDate: sale.purchaseDate,
    warrantyEnd: sale.warrantyEnd,
    serviceDate: sale.serviceDate,
    manufacturingDate: sale.manufacturingDate,
    productStatus: sale.productStatus,
    searchText: lines.join('\n'),
  };
}
