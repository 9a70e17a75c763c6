import type { Principal } from '#shared/domain/access/principal.ts';
import { inScope } from '#shared/domain/access/principal.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { DEFAULT_SPEED_LIMIT } from '#shared/domain/telemetry/state/index.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import type { DirectoryEntry, FleetDirectory } from './directory-port.ts';

/** Joins the live fleet (by unit) with its master data (by vehicle): which slot is which vehicle, and who may see it. */
export class LiveFleet implements Disposable {
  readonly state: FleetState;
  readonly directory: FleetDirectory;
  /** Slots are valid within one run of the core. */
  readonly epoch: string;
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  #entries: (DirectoryEntry | undefined)[] = [];
  #slotOfVehicle = new Map<string, number>();
  /** By slot: since when the unit is in its vehicle, as far as the state has been told. */
  readonly #since = new Map<number, number>();
  #revision = 0;

  constructor(state: FleetState, directory: FleetDirectory, epoch: string) {
    this.state = state;
    this.directory = directory;
    this.epoch = epoch;
    this.#store.add(directory.onChange(() => this.#index()));
    this.#index();
  }

  /** Grows whenever vehicles, their master data or their slots change. */
  get revision(): number {
    return this.#revision;
  }

  /** Calls back when the revision has grown. */
  onChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  entry(slot: number): DirectoryEntry | undefined {
    return this.#entries[slot];
  }

  slotOf(vehicleId: string): number | undefined {
    return this.#slotOfVehicle.get(vehicleId);
  }

  /** The vehicle if it exists and is within the principal's scope. */
  find(principal: Principal, vehicleId: string): { slot: number; entry: DirectoryEntry } | undefined {
    const slot = this.#slotOfVehicle.get(vehicleId);
    const entry = slot === undefined ? undefined : this.#entries[slot];
    return slot !== undefined && entry && inScope(principal.scope, entry.customerId) ? { slot, entry } : undefined;
  }

  /** Slots of the vehicles in the principal's scope, in directory order. */
  slots(principal: Principal): number[] {
    const slots: number[] = [];
    for (const [, slot] of this.#slotOfVehicle) if (this.visible(principal, slot)) slots.push(slot);
    return slots;
  }

  visible(principal: Principal, slot: number): boolean {
    const entry = this.#entries[slot];
    return entry !== undefined && inScope(principal.scope, entry.customerId);
  }

  /** To be called when the state was restored: what units said in vehicles they were in before is not these vehicles'. */
  forgetFormer(): void {
    for (const [slot, since] of this.#since) this.state.forgetBefore(slot, since);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** A vehicle without a unit has a slot of its own, so that it is counted as not communicating. */
  #index(): void {
    const entries: (DirectoryEntry | undefined)[] = [];
    const slotOfVehicle = new Map<string, number>();
    for (const entry of this.directory.vehicles()) {
      const slot = this.state.ensureSlot(entry.unitId ?? `vehicle:${entry.vehicleId}`, entry.modelId ?? '', entry.speedLimit ?? DEFAULT_SPEED_LIMIT);
      this.state.setSpeedLimit(slot, entry.speedLimit ?? DEFAULT_SPEED_LIMIT);
      if (entry.unitId !== undefined) this.#hold(slot, this.directory.boundUnits(entry.vehicleId).at(-1)?.from);
      entries[slot] = entry;
      slotOfVehicle.set(entry.vehicleId, slot);
    }
    this.#entries = entries;
    this.#slotOfVehicle = slotOfVehicle;
    this.#revision++;
    this.#changed.emit();
  }

  #hold(slot: number, since: number | undefined): void {
    if (since === undefined || since === Number.NEGATIVE_INFINITY || this.#since.get(slot) === since) return;
    this.#since.set(slot, since);
    this.state.forgetBefore(slot, since);
  }
}
