import { dropListTables } from '#core/store/operations/list-tables.ts';
import { columnNames } from '#shared/store/sql.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { encodeRow } from '#shared/resources/columns.ts';
import { customer } from '#shared/resources/customer.ts';
import type { Fields, Resource, RowOf, ValuesOf } from '#shared/resources/define-resource.ts';
import { location } from '#shared/resources/location.ts';
import { COMMUNICATION_TYPES, product } from '#shared/resources/product.ts';
import { PRODUCT_STATUSES, sale } from '#shared/resources/sale.ts';
import { vehicleModel } from '#shared/resources/vehicle-model.ts';

/** What the store is filled with; one sale for every product. */
export interface FilledStore {
  readonly products: number;
  readonly customers: number;
  readonly locations: number;
}

/** An id in the form of one, by kind and number. */
export const idOf = (kind: number, n: number): string => `00000000-0000-5000-800${kind}-${n.toString(16).padStart(12, '0')}`;

const CITIES = ['Bengaluru', 'Hyderabad', 'Pune', 'Mumbai', 'Delhi', 'Chennai', 'Jaipur', 'Indore', 'Surat', 'Kochi'];
const NAMES = ['Asha Rao', 'Élodie Nair', 'Vikram Singh', 'Omkar Patil', 'Fatima Khan', 'Ravi Kumar', 'Meenu Das', 'Suresh Iyer'];
const STATES = ['Karnataka', 'Telangana', 'Maharashtra', 'Gujarat', 'Kerala'];
const MODELS = 6;
/** Another number below the prime for each number below it, so that neighbours by id are not neighbours by anything else. */
const PRIME = 1_000_003;
const mix = (n: number): number => ((n % PRIME) * 48_271) % PRIME;
const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;

/** Writes the rows straight into a migrated operations database: through mutations it would take many times what is measured. */
export function fillStore(path: string, { products, customers, locations }: FilledStore): void {
  const database = openDatabase(path);
  // Made when the store is opened next, at once instead of row by row.
  dropListTables(database);
  const write = <F extends Fields>(resource: Resource<F>, count: number, row: (n: number) => { readonly id: string } & ValuesOf<F>): void => {
    const names = columnNames(resource);
    const insert = database.prepare(`INSERT INTO ${resource.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
    for (let n = 0; n < count; n++) {
      const cells = encodeRow(resource, { revision: 1, createdAt: 1, updatedAt: 1, ...row(n) } as unknown as RowOf<F>);
      insert.run(...names.map((name) => cells[name] ?? null));
    }
  };
  database.transaction(() => {
    write(location, locations, (n) => ({ id: idOf(1, n), city: `${pick(CITIES, n)} ${n}`, district: `${pick(CITIES, n)} Urban`, state: pick(STATES, n), country: 'India', zone: pick(['South', 'West', 'North'], n), latitude: 12 + (n % 20), longitude: 72 + (n % 15) }));
    write(customer, customers, (n) => ({ id: idOf(2, n), name: `${pick(['Nilgai', 'Saral', 'Hariyali', 'Sahyog'], n)} Riders ${mix(n)}`, address: `${n} Ashoka Pillar Road`, locationId: idOf(1, mix(n) % locations), pinCode: String(560_000 + n), phone: `70000${String(n).padStart(5, '0')}`, email: `fleet${n}@riders.example` }));
    write(vehicleModel, MODELS, (n) => ({ id: idOf(3, n), name: `Nilgai ${pick(['Sprint', 'Courier', 'Cargo', 'Urban', 'Metro', 'Max'], n)}`, wheels: pick(['2W', '2W', '3W'] as const, n), batteryModels: ['52-AH - Urban'], dbc: [] }));
    write(product, products, (n) => {
      const m = mix(n);
      return { id: idOf(4, m), vin: `MXEV2WSN${String(m * 7 + n).padStart(9, '0')}`, motorId: `KE2W${mix(m)}${n}`, telematicsId: `CEH0${mix(m + 7)}${n}`, deviceId: `tcu-${m.toString(16)}${n.toString(36)}`, bmsId: `Bms2WS${mix(m + 3)}${n}`, registration: `KA${String(n % 60).padStart(2, '0')}EV${n}`, simNumber: `57548${String(n).padStart(8, '0')}`, modelId: idOf(3, m % MODELS), batteryModel: pick(['52-AH - Urban', '20-AH - Urban', '52-AH - Courier'], m), communicationType: pick(COMMUNICATION_TYPES, m).value };
    });
    write(sale, products, (n) => {
      const m = mix(n);
      const sold = n % 10 !== 9;
      return { id: idOf(5, mix(m)), productId: idOf(4, m), productStatus: sold ? 'Sold' : pick(PRODUCT_STATUSES, n).value, manufacturingDate: '2023-05-01', ...(sold ? { customerId: idOf(2, mix(m + 5) % customers), locationId: idOf(1, mix(m + 9) % locations), userName: `${pick(NAMES, m)} ${m % 500}`, phone: `60${String(10_000_000 + n)}`, address1: `${n} Lake View Road`, purchaseDate: `2024-${String((m % 12) + 1).padStart(2, '0')}-${String((m % 28) + 1).padStart(2, '0')}`, warrantyEnd: `2027-${String((m % 12) + 1).padStart(2, '0')}-15` } : {}) };
    });
  })();
  database.exec('ANALYZE');
  database.close();
}
