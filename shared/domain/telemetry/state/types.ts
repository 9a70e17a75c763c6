import type { LiveColumns, LiveRow } from '../../fleet/live.ts';
import type { VehicleStatus } from '../../fleet/status.ts';
import type { ParameterCatalogue } from '../catalogue/index.ts';
import type { DecodedMessage, TextValue } from '../processor/decoded-message.ts';

export interface VehicleOptions {
  /** Vehicle model id: vehicles of one model share a layout of parameters. */
  readonly model: string;
  /** A position leg or an odometer step faster than this is not believed, km/h: 120 for two-wheelers (default), 90 for three-wheelers. */
  readonly speedLimit?: number;
}

export interface FleetStateOptions {
  readonly catalogue: ParameterCatalogue;
  /** Name of this numbering of slots; goes into every frame. */
  readonly epoch: string;
  /** Vehicles to make room for; grows on demand. */
  readonly capacity?: number;
  /** Told of every change of a status, by message or by time alone; `asOf` in epoch ms. */
  readonly onStatus?: (slot: number, from: VehicleStatus, to: VehicleStatus, asOf: number) => void;
}

/** The last value of every parameter of one vehicle; columns are parallel. */
export interface ParameterValues {
  readonly parameter: Uint16Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
  /** Event time, epoch ms. */
  readonly time: Float64Array<ArrayBuffer>;
  readonly texts: readonly (TextValue & { readonly time: number })[];
}

export interface FrameSince {
  readonly frame: LiveColumns;
  /** Pass it to the next `buildFrame` of the same subscriber. */
  readonly revision: number;
}

export interface StateMemory {
  readonly vehicles: number;
  /** Bytes of dashboard state per vehicle. */
  readonly dashboardBytes: number;
  /** Bytes of last values per vehicle, mean over the fleet. */
  readonly parameterBytes: number;
  readonly totalBytes: number;
}

/**
 * Live state of a fleet. Every value is the one with the greatest (event time, sequence, value) of all messages applied, so the
 * order in which messages are applied, and applying one twice, make no difference; statuses and shown values are pure
 * functions of those and of `asOf` (domain rules: docs/domain.md, Status).
 */
export interface FleetState {
  readonly epoch: string;
  /** Slots in use run from 0 to size − 1; slots of removed vehicles are not used again in this epoch. */
  readonly size: number;
  readonly asOf: number;
  /** The slot of this vehicle, new or known. */
  addVehicle(key: string, options: VehicleOptions): number;
  removeVehicle(slot: number): void;
  slotOf(key: string): number | undefined;
  keyOf(slot: number): string | undefined;
  /** Forgets everything the vehicle has reported: another unit is bound to it. */
  clear(slot: number): void;
  /** Takes in a message; rejected ones only mark the vehicle. */
  apply(slot: number, message: DecodedMessage): void;
  /** Evaluates statuses and ages for `asOf`, epoch ms. Call it a few times a second; costs a pass over one column. */
  advance(asOf: number): void;
  /** Rows that changed since `revision`, or all of them for 0. `visible[slot] = 0` leaves a vehicle out. */
  buildFrame(revision: number, visible?: Uint8Array): FrameSince;
  row(slot: number): LiveRow;
  /** Grows with every change of any last value of the vehicle. */
  parameterRevision(slot: number): number;
  parameters(slot: number): ParameterValues;
  /** The last number of one parameter; undefined where it was never reported. */
  parameter(slot: number, parameter: number): { readonly value: number; readonly time: number } | undefined;
  /** Drops values stamped after `instant`: for a computer whose clock was ahead and has been put right. */
  forgetAfter(instant: number): void;
  /** Everything as bytes, for `restore`. */
  save(): Uint8Array;
  /** Takes over the vehicles of `save`, into an empty state. False where the bytes are damaged or of another version; nothing is changed then. */
  restore(bytes: Uint8Array): boolean;
  memory(): StateMemory;
}
