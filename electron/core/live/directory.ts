import type { Operations } from '#core/store/operations/operations.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import { binding, type BindingRow } from '#shared/resources/binding.ts';
import { customer, type CustomerRow } from '#shared/resources/customer.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { location, type LocationRow } from '#shared/resources/location.ts';
import { product, type ProductRow } from '#shared/resources/product.ts';
import { sale, type SaleRow } from '#shared/resources/sale.ts';
import { unit, type UnitRow } from '#shared/resources/unit.ts';
import { vehicleModel, type VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import type { DetailField, DetailGroup, DirectoryEntry, FleetDirectory } from './directory-port.ts';

/** Changes that come within this time are one new revision, ms: a bulk import is not thousands. */
const GATHER = 200;
/** Fastest believable travel by category, km/h. */
const SPEED_LIMIT = { '2W': 120, '3W': 90 } as const;

interface Rows {
  readonly product: Map<string, ProductRow>;
  readonly sale: Map<string, SaleRow>;
  readonly customer: Map<string, CustomerRow>;
  readonly location: Map<string, LocationRow>;
  readonly 'vehicle-model': Map<string, VehicleModelRow>;
  readonly unit: Map<string, UnitRow>;
  readonly binding: Map<string, BindingRow>;
}

const RESOURCES = { product, sale, customer, location, 'vehicle-model': vehicleModel, unit, binding } as const;

/** Where a unit's messages belong: the model whose DBC files decode it. */
export interface UnitInfo {
  readonly unitId: string;
  readonly deviceId: string;
  readonly modelId: string | undefined;
  readonly vehicleId: string | undefined;
}

/** The fleet's master data in memory: read once, kept by the change feed of the operations store. */
export class OperationsDirectory implements FleetDirectory, Disposable {
  readonly #rows: Rows;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  #revision = 1;
  #entries: DirectoryEntry[] | undefined;
  #byUnit: Map<string, DirectoryEntry> | undefined;
  #waiting: Disposable | undefined;

  constructor(operations: Operations, clock: Clock, scheduler: Scheduler) {
    this.#clock = clock;
    const all = <R extends { readonly id: string }>(rows: readonly R[]): Map<string, R> => new Map(rows.map((row) => [row.id, row]));
    const { read } = operations;
    this.#rows = {
      product: all(read.all(product)),
      sale: all(read.all(sale)),
      customer: all(read.all(customer)),
      location: all(read.all(location)),
      'vehicle-model': all(read.all(vehicleModel)),
      unit: all(read.all(unit)),
      binding: all(read.all(binding)),
    };
    this.#store.add(
      operations.onChange(({ changes }) => {
        let relevant = false;
        for (const change of changes) {
          if (!(change.resource in RESOURCES)) continue;
          relevant = true;
          const rows = this.#rows[change.resource as keyof Rows] as Map<string, unknown>;
          if (change.row === undefined) rows.delete(change.rowId);
          else rows.set(change.rowId, change.row);
        }
        if (!relevant) return;
        this.#entries = undefined;
        this.#byUnit = undefined;
        this.#waiting ??= scheduler.after(GATHER, () => {
          this.#waiting = undefined;
          this.#revision++;
          this.#changed.emit();
        });
      }),
    );
    this.#store.add({ dispose: () => this.#waiting?.dispose() });
  }

  get revision(): number {
    return this.#revision;
  }

  onChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  vehicles(): readonly DirectoryEntry[] {
    return (this.#entries ??= this.#build());
  }

  /** The unit with this id, with the vehicle it is bound to now; undefined where it was never registered. */
  unit(unitId: string): UnitInfo | undefined {
    const row = this.#rows.unit.get(unitId);
    if (!row) return undefined;
    this.#byUnit ??= new Map(this.vehicles().flatMap((entry) => (entry.unitId === undefined ? [] : [[entry.unitId, entry] as const])));
    const entry = this.#byUnit.get(unitId);
    return { unitId, deviceId: row.deviceId, modelId: entry?.modelId, vehicleId: entry?.vehicleId };
  }

  model(modelId: string): VehicleModelRow | undefined {
    return this.#rows['vehicle-model'].get(modelId);
  }

  models(): readonly VehicleModelRow[] {
    return [...this.#rows['vehicle-model'].values()];
  }

  cities(): { cityId: string; city: string; state: string; zone: string; lat: number; lon: number }[] {
    return [...this.#rows.location.values()].map((row) => ({ cityId: row.id, city: row.city, state: row.state, zone: row.zone, lat: row.latitude, lon: row.longitude }));
  }

  customers(): { customerId: string; name: string }[] {
    return [...this.#rows.customer.values()].map((row) => ({ customerId: row.id, name: row.name }));
  }

  details(vehicleId: string): readonly DetailGroup[] {
    const vehicle = this.#rows.product.get(vehicleId);
    if (!vehicle) return [];
    const sold = this.#saleOf(vehicleId);
    return [...this.#groups(product, vehicle), ...(sold ? this.#groups(sale, sold).filter((group) => group.title !== 'Component details') : [])];
  }

  dispose(): void {
    this.#store.dispose();
  }

  #saleOf(vehicleId: string): SaleRow | undefined {
    for (const row of this.#rows.sale.values()) if (row.productId === vehicleId) return row;
    return undefined;
  }

  /** The details groups of a resource with their values, as its definition has them. */
  #groups(resource: Resource, row: { readonly id: string }): DetailGroup[] {
    return (resource.details ?? []).map((group) => ({ title: group.title, fields: group.fields.flatMap((key) => this.#field(resource, row, key)) }));
  }

  #field(resource: Resource, row: { readonly id: string }, key: string): DetailField[] {
    const joined = resource.joined[key];
    if (joined) {
      const target = RESOURCES[joined.resource as keyof Rows] as Resource | undefined;
      const rows = this.#rows[joined.resource as keyof Rows] as Map<string, { readonly id: string }> | undefined;
      if (!target || !rows) return [];
      const reference = joined.through === undefined ? undefined : (row as Record<string, unknown>)[joined.through];
      const other = typeof reference === 'string' ? rows.get(reference) : joined.by === undefined ? undefined : [...rows.values()].find((candidate) => (candidate as Record<string, unknown>)[joined.by!] === row.id);
      const found = other ? this.#field(target, other, joined.field)[0] : undefined;
      const label = joined.label ?? target.fields[joined.field]?.label ?? key;
      return [{ key, label, type: found?.type ?? 'text', ...(found?.value === undefined ? {} : { value: found.value }), ...(found?.unit === undefined ? {} : { unit: found.unit }) }];
    }
    const field = resource.fields[key];
    if (!field) return [];
    const value = (row as Record<string, unknown>)[key];
    const type = field.type === 'date' || field.type === 'instant' ? field.type : typeof value === 'number' ? 'number' : 'text';
    const shown = typeof value === 'string' || typeof value === 'number' ? value : value === undefined ? undefined : JSON.stringify(value);
    return [{ key, label: field.label, type, ...(shown === undefined ? {} : { value: shown }), ...(field.unit === undefined ? {} : { unit: field.unit }) }];
  }

  #build(): DirectoryEntry[] {
    const now = this.#clock.now();
    const unitOf = new Map<string, string>();
    for (const row of this.#rows.binding.values()) if (row.validFrom <= now && (row.validTo === undefined || row.validTo > now)) unitOf.set(row.vehicleId, row.unitId);
    const saleOf = new Map([...this.#rows.sale.values()].map((row) => [row.productId, row]));
    return [...this.#rows.product.values()]
      .map((row) => this.#entry(row, saleOf.get(row.id), unitOf.get(row.id)))
      .sort((a, b) => (a.vin < b.vin ? -1 : a.vin > b.vin ? 1 : 0));
  }

  #entry(row: ProductRow, sold: SaleRow | undefined, unitId: string | undefined): DirectoryEntry {
    const model = this.#rows['vehicle-model'].get(row.modelId);
    const owner = sold?.customerId === undefined ? undefined : this.#rows.customer.get(sold.customerId);
    const city = sold?.locationId === undefined ? undefined : this.#rows.location.get(sold.locationId);
    return {
      vehicleId: row.id,
      unitId,
      vin: row.vin,
      registration: row.registration,
      model: model?.name ?? '',
      modelId: row.modelId,
      speedLimit: model === undefined ? undefined : SPEED_LIMIT[model.wheels],
      telematicsId: row.telematicsId,
      deviceId: row.deviceId,
      bmsId: row.bmsId,
      motorId: row.motorId,
      customerId: owner?.id,
      customer: owner?.name,
      cityId: city?.id,
      city: city?.city,
      state: city?.state,
      zone: city?.zone,
      phone: sold?.phone,
      userName: sold?.userName,
      purchaseDate: sold?.purchaseDate,
      productStatus: sold?.productStatus,
    };
  }
}
