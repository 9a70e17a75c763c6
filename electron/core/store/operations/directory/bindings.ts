import { bindingAt, type DirectoryBinding } from '#shared/domain/fleet/directory.ts';

const NONE: readonly DirectoryBinding[] = [];

/** Bindings by unit and by vehicle, each list oldest first. */
export class BindingIndex {
  readonly #all = new Map<string, DirectoryBinding>();
  readonly #byUnit = new Map<string, readonly DirectoryBinding[]>();
  readonly #byVehicle = new Map<string, readonly DirectoryBinding[]>();

  get(id: string): DirectoryBinding | undefined {
    return this.#all.get(id);
  }

  ofUnit(unitId: string): readonly DirectoryBinding[] {
    return this.#byUnit.get(unitId) ?? NONE;
  }

  ofVehicle(vehicleId: string): readonly DirectoryBinding[] {
    return this.#byVehicle.get(vehicleId) ?? NONE;
  }

  /** The vehicle that a unit is in at an instant. */
  vehicleIdAt(unitId: string, at: number): string | undefined {
    return bindingAt(this.ofUnit(unitId), at)?.vehicleId;
  }

  /** The unit that a vehicle has at an instant. */
  unitIdAt(vehicleId: string, at: number): string | undefined {
    return bindingAt(this.ofVehicle(vehicleId), at)?.unitId;
  }

  set(binding: DirectoryBinding): void {
    this.delete(binding.id);
    this.#all.set(binding.id, binding);
    insert(this.#byUnit, binding.unitId, binding);
    insert(this.#byVehicle, binding.vehicleId, binding);
  }

  delete(id: string): void {
    const known = this.#all.get(id);
    if (known === undefined) return;
    this.#all.delete(id);
    remove(this.#byUnit, known.unitId, id);
    remove(this.#byVehicle, known.vehicleId, id);
  }
}

function insert(map: Map<string, readonly DirectoryBinding[]>, key: string, binding: DirectoryBinding): void {
  const list = map.get(key);
  map.set(key, list === undefined ? [binding] : [...list, binding].sort((a, b) => a.validFrom - b.validFrom));
}

function remove(map: Map<string, readonly DirectoryBinding[]>, key: string, id: string): void {
  const left = (map.get(key) ?? NONE).filter((binding) => binding.id !== id);
  if (left.length === 0) map.delete(key);
  else map.set(key, left);
}
