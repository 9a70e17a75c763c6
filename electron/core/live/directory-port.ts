import type { DirectoryVehicle, directoryCity, directoryCustomer } from '#shared/contract/fleet.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { z } from 'zod';

/** A vehicle's master data as the dashboard needs it; the unit is the one bound to it now. */
export interface DirectoryEntry extends Omit<DirectoryVehicle, 'slot'> {
  readonly unitId?: string | undefined;
  readonly phone?: string | undefined;
  readonly userName?: string | undefined;
  readonly purchaseDate?: string | undefined;
  readonly productStatus?: string | undefined;
  /** Fastest believable travel, km/h (two-wheelers 120, three-wheelers 90). */
  readonly speedLimit?: number | undefined;
}

export interface DetailField {
  readonly key: string;
  readonly label: string;
  readonly value?: string | number | undefined;
  readonly type: 'text' | 'number' | 'date' | 'instant';
  readonly unit?: string | undefined;
}

export interface DetailGroup {
  readonly title: string;
  readonly fields: readonly DetailField[];
}

/** A unit in a vehicle, for this time (epoch ms). */
export interface BoundUnit {
  readonly unitId: string;
  /** −Infinity where the unit was in no other vehicle before: what it said on the bench belongs to this one. */
  readonly from: number;
  /** Infinity: until now. */
  readonly to: number;
}

/** Master data of the fleet, held in memory and kept by the change feed. */
export interface FleetDirectory {
  /** Grows with every change. */
  readonly revision: number;
  vehicles(): readonly DirectoryEntry[];
  cities(): readonly z.output<typeof directoryCity>[];
  customers(): readonly z.output<typeof directoryCustomer>[];
  /** Groups of fields as the details of a vehicle show them. */
  details(vehicleId: string): readonly DetailGroup[];
  /** The units a vehicle has had, oldest first. */
  boundUnits(vehicleId: string): readonly BoundUnit[];
  onChange(listener: () => void): Disposable;
}
