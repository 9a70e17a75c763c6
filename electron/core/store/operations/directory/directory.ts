import type { DirectoryBinding, DirectoryChange, DirectoryEntry, DirectoryUnit } from '#shared/domain/fleet/directory.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import type { Clock, Log } from '#shared/kernel/ports.ts';
import type { BindingRow } from '#shared/resources/binding.ts';
import { customer, type CustomerRow } from '#shared/resources/customer.ts';
import { location, type LocationRow } from '#shared/resources/location.ts';
import type { ProductRow } from '#shared/resources/product.ts';
import type { SaleRow } from '#shared/resources/sale.ts';
import type { UnitRow } from '#shared/resources/unit.ts';
import { vehicleModel, type VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { Operations } from '../operations.ts';
import { BindingIndex } from './bindings.ts';
import { entryOf, NO_SALE, productPart, salePart, type ProductPart, type SalePart } from './entry.ts';
import { loadBindings, loadUnits, loadVehicles } from './load.ts';

export interface DirectoryOptions {
  readonly operations: Pick<Operations, 'read' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Vehicles that one commit touches, and the parts of them that are new. */
interface Touched {
  readonly product?: ProductPart | 'gone';
  readonly sale?: SalePart;
}

/**
 * The fleet's master data in memory, loaded once and kept by the change feed: what resolves a device to its vehicle for every
 * message, and what lists, map and search join with live values.
 */
export class FleetDirectory implements Disposable {
  readonly #clock: Clock;
  readonly #changes: Emitter<DirectoryChange>;
  readonly #subscription: Disposable;
  readonly #customers = new Map<string, CustomerRow>();
  readonly #locations = new Map<string, LocationRow>();
  readonly #models = new Map<string, VehicleModelRow>();
  readonly #units = new Map<string, DirectoryUnit>();
  readonly #unitsByDevice = new Map<string, DirectoryUnit>();
  readonly #bindings = new BindingIndex();
  readonly #entries = new Map<string, DirectoryEntry>();
  #revision = 1;

  constructor(options: DirectoryOptions) {
    this.#clock = options.clock;
    this.#changes = new Emitter((error) => options.log.write('error', 'a listener of the directory failed', { error }));
    const { read } = options.operations;
    for (const row of read.all(customer)) this.#customers.set(row.id, row);
    for (const row of read.all(location)) this.#locations.set(row.id, row);
    for (const row of read.all(vehicleModel)) this.#models.set(row.id, row);
    for (const row of loadUnits(read.database)) this.#setUnit(row);
    for (const row of loadBindings(read.database)) this.#bindings.set(row);
    for (const row of loadVehicles(read.database)) this.#place(row, row);
    this.#subscription = options.operations.onChange((event) => this.#apply(event.changes));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** Grows by one with every commit that changed a vehicle, a customer, a city or a model. */
  get revision(): number {
    return this.#revision;
  }

  /** Number of vehicles. */
  get size(): number {
    return this.#entries.size;
  }

  /** Every vehicle, in no particular order. */
  vehicles(): IterableIterator<DirectoryEntry> {
    return this.#entries.values();
  }

  vehicle(vehicleId: string): DirectoryEntry | undefined {
    return this.#entries.get(vehicleId);
  }

  customers(): readonly CustomerRow[] {
    return [...this.#customers.values()];
  }

  locations(): readonly LocationRow[] {
    return [...this.#locations.values()];
  }

  models(): readonly VehicleModelRow[] {
    return [...this.#models.values()];
  }

  model(modelId: string): VehicleModelRow | undefined {
    return this.#models.get(modelId);
  }

  unit(unitId: string): DirectoryUnit | undefined {
    return this.#units.get(unitId);
  }

  /** The id of a unit by its Device ID, known or not. */
  unitIdOf(deviceId: string): string {
    return this.#unitsByDevice.get(deviceId)?.unitId ?? unitIdOf(deviceId);
  }

  /** The vehicle in which a unit is at an instant (default: now). */
  vehicleOfUnit(unitId: string, at: number = this.#clock.now()): DirectoryEntry | undefined {
    const vehicleId = this.#bindings.vehicleIdAt(unitId, at);
    return vehicleId === undefined ? undefined : this.#entries.get(vehicleId);
  }

  /** The vehicle in which the unit with this Device ID is at an instant (default: now). */
  vehicleOfDevice(deviceId: string, at?: number): DirectoryEntry | undefined {
    return this.vehicleOfUnit(this.unitIdOf(deviceId), at);
  }

  /** The units a vehicle has had, oldest first: its history in the telemetry store. */
  bindingsOf(vehicleId: string): readonly DirectoryBinding[] {
    return this.#bindings.ofVehicle(vehicleId);
  }

  /** The vehicles a unit has been in, oldest first. */
  bindingsOfUnit(unitId: string): readonly DirectoryBinding[] {
    return this.#bindings.ofUnit(unitId);
  }

  /** Calls back after each commit that changed something here. */
  onChange(listener: (change: DirectoryChange) => void): Disposable {
    return this.#changes.on(listener);
  }

  #apply(changes: readonly LoggedChange[]): void {
    const touched = new Map<string, Touched>();
    let relevant = false;
    for (const change of changes) relevant = this.#take(change, touched) || relevant;
    if (!relevant) return;
    const changed: DirectoryEntry[] = [];
    const removed: string[] = [];
    for (const [vehicleId, parts] of touched) {
      const before = this.#entries.get(vehicleId);
      const product = parts.product ?? before;
      if (product === 'gone') {
        if (this.#entries.delete(vehicleId)) removed.push(vehicleId);
      } else if (product !== undefined) {
        changed.push(this.#place(product, parts.sale ?? before ?? NO_SALE));
      }
    }
    this.#revision += 1;
    this.#changes.emit({ revision: this.#revision, changed, removed });
  }

  /** Takes one row over and notes the vehicles it belongs to; false for rows that do not matter here. */
  #take(change: LoggedChange, touched: Map<string, Touched>): boolean {
    const { rowId } = change;
    const touch = (vehicleId: string, parts: Touched = {}): void => void touched.set(vehicleId, { ...touched.get(vehicleId), ...parts });
    const touchAll = (belongs: (entry: DirectoryEntry) => boolean): void => {
      for (const entry of this.#entries.values()) if (belongs(entry)) touch(entry.vehicleId);
    };
    // The feed carries rows of the resource that the change names.
    const row = change.row as unknown;
    switch (change.resource) {
      case 'product':
        touch(rowId, { product: row === undefined ? 'gone' : productPart(row as ProductRow) });
        return true;
      case 'sale':
        if (row !== undefined) touch((row as SaleRow).productId, { sale: salePart(row as SaleRow) });
        return true;
      case 'customer':
        put(this.#customers, rowId, row as CustomerRow | undefined);
        touchAll((entry) => entry.customerId === rowId);
        return true;
      case 'location':
        put(this.#locations, rowId, row as LocationRow | undefined);
        touchAll((entry) => entry.cityId === rowId);
        return true;
      case 'vehicle-model':
        put(this.#models, rowId, row as VehicleModelRow | undefined);
        touchAll((entry) => entry.modelId === rowId);
        return true;
      case 'unit':
        if (row !== undefined) this.#setUnit(unitOf(row as UnitRow));
        return false;
      case 'binding': {
        const before = this.#bindings.get(rowId);
        this.#bindings.delete(rowId);
        if (row !== undefined) this.#bindings.set(bindingOf(row as BindingRow));
        for (const one of [before, this.#bindings.get(rowId)]) if (one !== undefined) touch(one.vehicleId);
        return true;
      }
      default:
        return false;
    }
  }

  #setUnit(unit: DirectoryUnit): void {
    this.#units.set(unit.unitId, unit);
    this.#unitsByDevice.set(unit.deviceId, unit);
  }

  #place(product: ProductPart, sale: SalePart): DirectoryEntry {
    const entry = entryOf({
      product,
      sale,
      model: this.#models.get(product.modelId),
      customer: sale.customerId === undefined ? undefined : this.#customers.get(sale.customerId),
      location: sale.cityId === undefined ? undefined : this.#locations.get(sale.cityId),
      unitId: this.#bindings.unitIdAt(product.vehicleId, this.#clock.now()),
    });
    this.#entries.set(entry.vehicleId, entry);
    return entry;
  }
}

function unitOf(row: UnitRow): DirectoryUnit {
  return { unitId: row.id, deviceId: row.deviceId, telematicsId: row.telematicsId, kind: row.kind, source: row.source };
}

function bindingOf(row: BindingRow): DirectoryBinding {
  return { id: row.id, unitId: row.unitId, vehicleId: row.vehicleId, validFrom: row.validFrom, validTo: row.validTo };
}

function put<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
