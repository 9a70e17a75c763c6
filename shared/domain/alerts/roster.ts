import type { AlertSnapshot } from './api.ts';
import type { AlertPlan } from './plan.ts';
import { SnapshotWriter, type EngineState, type RestoredState, type StoredVehicle } from './snapshot.ts';
import type { WatchedVehicle } from './vehicle.ts';

/** A vehicle that waits to be read from a snapshot, and what has become known of it meanwhile. It has no tracks. */
export interface Dormant {
  readonly stored: StoredVehicle;
  modes: number;
  /** When it was heard, epoch ms. */
  contact: number;
}

export interface RosterOptions {
  readonly planOf: (modelId: string) => AlertPlan;
  /** A vehicle has been read from a snapshot. */
  readonly onWoken: (vehicle: WatchedVehicle) => void;
}

/**
 * The vehicles under watch by slot. Those of a snapshot are read when they are asked for; and whoever asks for one may change it, so
 * a snapshot that is being written takes it first.
 */
export class Roster {
  readonly #options: RosterOptions;
  /** By slot; undefined: removed, or not read yet. */
  readonly #vehicles: (WatchedVehicle | undefined)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #dormant = new Map<number, Dormant>();
  #restored: RestoredState | undefined;
  #snapshot: SnapshotWriter | undefined;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** Vehicles that have been read. */
  get awake(): readonly (WatchedVehicle | undefined)[] {
    return this.#vehicles;
  }

  get ids(): readonly string[] {
    return [...this.#slots.keys()];
  }

  slotOf(vehicleId: string): number | undefined {
    return this.#slots.get(vehicleId);
  }

  /** The vehicle of a slot, about to change. */
  at(slot: number): WatchedVehicle | undefined {
    const vehicle = this.#vehicles[slot];
    if (!vehicle) return this.#dormant.size === 0 ? undefined : this.#wake(slot);
    this.#snapshot?.before(vehicle);
    return vehicle;
  }

  /** The vehicle of a slot while it waits to be read. */
  dormant(slot: number): Dormant | undefined {
    return this.#dormant.size === 0 ? undefined : this.#dormant.get(slot);
  }

  /** A vehicle that was not asked for by its slot is about to change. */
  before(vehicle: WatchedVehicle): void {
    this.#snapshot?.before(vehicle);
  }

  add(vehicle: WatchedVehicle): number {
    const slot = this.#vehicles.push(vehicle) - 1;
    this.#slots.set(vehicle.vehicleId, slot);
    return slot;
  }

  remove(slot: number, vehicleId: string): void {
    this.#slots.delete(vehicleId);
    this.#vehicles[slot] = undefined;
  }

  /** Takes the vehicles of a snapshot; those with tracks are read at once. */
  restore(restored: RestoredState): void {
    this.#restored = restored;
    const withTracks: number[] = [];
    for (const stored of restored.vehicles) {
      const slot = this.#vehicles.push(undefined) - 1;
      this.#slots.set(stored.vehicleId, slot);
      this.#dormant.set(slot, { stored, modes: stored.modes, contact: Number.NEGATIVE_INFINITY });
      if (stored.tracks) withTracks.push(slot);
    }
    for (const slot of withTracks) this.#wake(slot);
  }

  /** Reads up to `count` vehicles; returns whether all have been. */
  wake(count: number): boolean {
    let left = count;
    for (const slot of this.#dormant.keys()) {
      if (left-- <= 0) break;
      this.#wake(slot);
    }
    return this.#dormant.size === 0;
  }

  beginSnapshot(state: Omit<EngineState, 'vehicles'>): AlertSnapshot {
    this.wake(Number.POSITIVE_INFINITY);
    const writer = new SnapshotWriter({ ...state, vehicles: this.#vehicles.filter((vehicle) => vehicle !== undefined) });
    this.#snapshot = writer;
    return {
      step: (count) => writer.step(count),
      bytes: () => {
        if (this.#snapshot === writer) this.#snapshot = undefined;
        return writer.bytes();
      },
    };
  }

  #wake(slot: number): WatchedVehicle | undefined {
    const dormant = this.#dormant.get(slot);
    if (!dormant || !this.#restored) return undefined;
    const { stored, modes, contact } = dormant;
    const vehicle = this.#restored.read(stored, this.#options.planOf(stored.modelId));
    vehicle.modes = modes;
    if (contact > Number.NEGATIVE_INFINITY && !(vehicle.heardAt >= contact)) vehicle.heardAt = contact;
    this.#dormant.delete(slot);
    this.#vehicles[slot] = vehicle;
    if (this.#dormant.size === 0) this.#restored = undefined;
    this.#options.onWoken(vehicle);
    return vehicle;
  }
}
