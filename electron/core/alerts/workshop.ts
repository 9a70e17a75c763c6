import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { workshopStay, type WorkshopStay } from '#shared/resources/workshop-stay.ts';
import type { Operations } from '../store/operations/operations.ts';

/** Which vehicles are in workshop mode; each stay ends by itself. `onMode` is called when one begins, for those that last at the start, and when one ends. */
export class WorkshopStays implements Disposable {
  readonly #stays = new Map<string, WorkshopStay>();
  readonly #store = new DisposableStore();
  readonly #onMode: (vehicleId: string, on: boolean) => void;

  constructor(operations: Pick<Operations, 'read' | 'onChange'>, now: () => number, onMode: (vehicleId: string, on: boolean) => void) {
    this.#onMode = onMode;
    for (const stay of operations.read.all(workshopStay)) this.#put(stay, now());
    this.#store.add(
      operations.onChange(({ changes }) => {
        for (const change of changes) {
          if (change.resource !== workshopStay.name) continue;
          if (change.row) this.#put(change.row as unknown as WorkshopStay, now());
          else for (const stay of this.#stays.values()) if (stay.id === change.rowId) this.#end(stay.vehicleId);
        }
      }),
    );
  }

  /** The stay that lasts, or undefined. */
  of(vehicleId: string, now: number): WorkshopStay | undefined {
    const stay = this.#stays.get(vehicleId);
    return stay && stay.until > now ? stay : undefined;
  }

  /** Vehicles whose time is over leave. */
  tick(now: number): void {
    for (const { vehicleId, until } of this.#stays.values()) if (until <= now) this.#end(vehicleId);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #put(stay: WorkshopStay, now: number): void {
    if (stay.until <= now) return this.#end(stay.vehicleId);
    this.#stays.set(stay.vehicleId, stay);
    this.#onMode(stay.vehicleId, true);
  }

  #end(vehicleId: string): void {
    this.#stays.delete(vehicleId);
    this.#onMode(vehicleId, false);
  }
}
