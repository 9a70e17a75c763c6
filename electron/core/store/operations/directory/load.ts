import type { DirectoryBinding, DirectoryUnit } from '#shared/domain/fleet/directory.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { ProductPart, SalePart } from './entry.ts';

type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? NonNullable<T[K]> | null : T[K] };

/** The row with `undefined` for SQL's nulls; it is a fresh object of its own. */
function present<T extends object>(row: Nullable<T>): T {
  const values = row as Record<string, unknown>;
  for (const key in values) if (values[key] === null) values[key] = undefined;
  return row as T;
}

/** Every vehicle with its sale, in the order of ids; only the columns the directory keeps. */
export function* loadVehicles(database: SqliteDatabase): IterableIterator<ProductPart & SalePart> {
  const query = database.prepare<[], Nullable<ProductPart & SalePart>>(`
    SELECT p.id AS vehicleId, p.vin, p.registration, p.model_id AS modelId, p.battery_model AS batteryModel, p.communication_type AS communicationType,
      p.telematics_id AS telematicsId, p.device_id AS deviceId, p.bms_id AS bmsId, p.motor_id AS motorId, p.sim_number AS simNumber,
      s.customer_id AS customerId, s.location_id AS cityId, s.user_name AS userName, s.phone, s.purchase_date AS purchaseDate, s.warranty_end AS warrantyEnd,
      s.service_date AS serviceDate, s.manufacturing_date AS manufacturingDate, s.product_status AS productStatus
    FROM product p LEFT JOIN sale s ON s.product_id = p.id ORDER BY p.id`);
  for (const row of query.iterate()) yield present<ProductPart & SalePart>(row);
}

/** Every known unit. */
export function* loadUnits(database: SqliteDatabase): IterableIterator<DirectoryUnit> {
  const query = database.prepare<[], Nullable<DirectoryUnit>>('SELECT id AS unitId, device_id AS deviceId, telematics_id AS telematicsId, kind, source FROM unit');
  for (const row of query.iterate()) yield present<DirectoryUnit>(row);
}

/** Every binding, past ones included, oldest first. */
export function* loadBindings(database: SqliteDatabase): IterableIterator<DirectoryBinding> {
  const query = database.prepare<[], Nullable<DirectoryBinding>>('SELECT id, unit_id AS unitId, vehicle_id AS vehicleId, valid_from AS validFrom, valid_to AS validTo FROM binding ORDER BY valid_from');
  for (const row of query.iterate()) yield present<DirectoryBinding>(row);
}
