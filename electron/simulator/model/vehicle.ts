import type { DemoVehicle } from '../fleet/types.ts';
import type { Random } from '../random.ts';
import type { Fix } from '../roads/geometry.ts';
import type { Door, Leg, Network } from '../roads/network.ts';
import type { Battery } from './battery.ts';
import type { Injection } from './injection.ts';
import type { Powertrain } from './powertrain.ts';
import type { VehicleSpec } from './specs.ts';

/** `wait` stands with the ignition on, at a signal or in front of a door; `park` with it off; `charge` is plugged in. */
export type Activity = 'drive' | 'wait' | 'park' | 'charge';

/** Codes of the parameter `chargingState`. */
export const CHARGING_STATE = { no: 0, preCharge: 1, constantCurrent: 2, constantVoltage: 3, full: 4, suspended: 5 } as const;
export const IMMOBILIZER = { released: 0, immobilized: 2 } as const;

/** Something that happened to the vehicle, for the unit to report. */
export interface VehicleEvent {
  readonly t: number;
  readonly name: 'ignition-on' | 'ignition-off' | 'plugged-in' | 'unplugged' | 'charge-complete';
}

/** What survives a restart of the simulator, so that odometers never run backwards. Kilometres, shares 0 … 1. */
export interface VehicleMemory {
  readonly odometer: number;
  readonly soc: number;
  readonly cycles: number;
  readonly boot: number;
  /** Where it was left, degrees. */
  readonly lat: number;
  readonly lon: number;
}

/** A vehicle with everything physics and driver need; plain data, changed in place. */
export interface Vehicle {
  readonly info: DemoVehicle;
  readonly spec: VehicleSpec;
  readonly network: Network;
  readonly random: Random;
  readonly battery: Battery;
  readonly train: Powertrain;
  readonly base: Door;
  /** Offsets of the cells in V at mid charge; their sum is 0. */
  readonly cellOffsets: Float64Array;
  /** Offsets of the temperature sensors in K. */
  readonly sensorOffsets: Float64Array;
  /** Instant the state holds for, epoch ms. */
  time: number;
  activity: Activity;
  /** When waiting or parking ends, epoch ms. */
  until: number;
  /** What follows parking. */
  next: 'depart' | 'plug-in';
  legs: readonly Leg[] | undefined;
  leg: number;
  /** Metres driven on the present leg. */
  along: number;
  /** m/s to have at the end of the leg, and ms to stand there. */
  endSpeed: number;
  endWait: number;
  destination: Door;
  here: Door;
  purpose: 'trip' | 'charge';
  /** m/s */
  speed: number;
  /** Metres since new. */
  odometer: number;
  ignition: boolean;
  plugged: boolean;
  chargingState: number;
  chargeTarget: number;
  chargeBelow: number;
  chargingSince: number;
  suspended: boolean;
  /** Share of the flowing speed this driver keeps at the moment. */
  mood: number;
  readonly pace: number;
  load: number;
  /** Wh/km of the last kilometres. */
  consumption: number;
  measuredEnergy: number;
  measuredDistance: number;
  /** Volts of the 12 V supply. */
  auxVoltage: number;
  readonly auxWeakness: number;
  chargerTemp: number;
  immobilizer: number;
  regenEnabled: boolean;
  limp: boolean;
  /** Alarm and fault bits in the order of `faults.ts`. */
  alarms: number;
  mcuFaults: number;
  chargerFaults: number;
  vcuFaults: number;
  /** A fault that somebody put in for a demonstration. */
  injected: Injection | undefined;
  readonly events: VehicleEvent[];
  readonly fix: Fix;
}

/** Speed in km/h. */
export function speedOf(vehicle: Vehicle): number {
  return vehicle.speed * 3.6;
}

/** Remaining distance in km at the consumption of the last kilometres. */
export function rangeOf(vehicle: Vehicle): number {
  const { battery, spec } = vehicle;
  const nominal = spec.cells * (spec.chemistry === 'NMC' ? 3.65 : 3.2);
  return (Math.max(0, battery.soc - 0.02) * spec.capacityAh * battery.soh * nominal) / vehicle.consumption;
}

/** True where satellites are hidden: inside a tunnel. */
export function underground(vehicle: Vehicle): boolean {
  return vehicle.legs?.[vehicle.leg]?.edge.tunnel === true;
}
