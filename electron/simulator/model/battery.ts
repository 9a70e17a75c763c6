import { openCircuitVoltage, type VehicleSpec } from './specs.ts';

export interface Battery {
  /** State of charge, 0 … 1 of the present capacity. */
  soc: number;
  /** State of health, 0 … 1. */
  soh: number;
  /** Equivalent full cycles, with their fraction. */
  cycles: number;
  /** A, positive into the battery. */
  current: number;
  /** Terminal voltage, V. */
  voltage: number;
  /** Mean cell temperature, °C. */
  temperature: number;
  /** Factor on the specification's resistance: age and faults. */
  resistanceFactor: number;
  /** Factor on the specification's cooling. */
  coolingFactor: number;
  /** Ledgers since the start, Wh: taken out, put in, turned to heat inside. */
  out: number;
  in: number;
  lost: number;
}

/** Ah the pack can hold today. */
export function capacityOf(battery: Battery, spec: VehicleSpec): number {
  return spec.capacityAh * battery.soh;
}

export function packOpenCircuit(battery: Battery, spec: VehicleSpec): number {
  return spec.cells * openCircuitVoltage(spec.chemistry, battery.soc);
}

/** Ω at the present temperature: a third more at 0 °C than at 25 °C. */
export function resistanceOf(battery: Battery, spec: VehicleSpec): number {
  return spec.resistance * battery.resistanceFactor * Math.max(0.8, 1 + (25 - battery.temperature) * 0.013);
}

/**
 * Draws `power` (W, positive out of the battery) for `seconds`: solves P = V·I on the circuit OCV − I·R, counts coulombs and
 * heats the pack. Beyond the power the circuit can give, it gives its maximum. Returns the power that really flowed.
 */
export function drawPower(battery: Battery, spec: VehicleSpec, power: number, seconds: number, ambient: number): number {
  const open = packOpenCircuit(battery, spec);
  const resistance = resistanceOf(battery, spec);
  const possible = Math.min(power, (0.98 * open * open) / (4 * resistance));
  const out = (open - Math.sqrt(open * open - 4 * resistance * possible)) / (2 * resistance);
  flow(battery, spec, -out, open, resistance, seconds, ambient);
  return possible;
}

/** Charges with constant current, then constant voltage, for `seconds`; returns the phase, or `full` below 0.05 C. */
export function charge(battery: Battery, spec: VehicleSpec, limit: number, seconds: number, ambient: number): 'constant-current' | 'constant-voltage' | 'full' {
  const open = packOpenCircuit(battery, spec);
  const resistance = resistanceOf(battery, spec);
  const byVoltage = (spec.chargeVoltage - open) / resistance;
  const current = Math.max(0, Math.min(limit, byVoltage));
  flow(battery, spec, current, open, resistance, seconds, ambient);
  if (battery.soc >= 1 || (byVoltage < limit && current < 0.05 * spec.capacityAh)) return 'full';
  return byVoltage < limit ? 'constant-voltage' : 'constant-current';
}

/** Lets the pack rest: no current, heat goes to the surroundings. */
export function rest(battery: Battery, spec: VehicleSpec, seconds: number, ambient: number): void {
  flow(battery, spec, 0, packOpenCircuit(battery, spec), resistanceOf(battery, spec), seconds, ambient);
}

function flow(battery: Battery, spec: VehicleSpec, into: number, open: number, resistance: number, seconds: number, ambient: number): void {
  const hours = seconds / 3600;
  const capacity = capacityOf(battery, spec);
  const heat = into * into * resistance;
  battery.current = into;
  battery.voltage = open + into * resistance;
  battery.soc = Math.max(0, Math.min(1, battery.soc + (into * hours) / capacity));
  battery.lost += heat * hours;
  if (into >= 0) battery.in += into * battery.voltage * hours;
  else {
    battery.out -= into * battery.voltage * hours;
    battery.cycles -= (into * hours) / capacity;
  }
  const cooling = spec.packCooling * battery.coolingFactor;
  const target = ambient + heat / cooling;
  battery.temperature = target + (battery.temperature - target) * Math.exp((-seconds * cooling) / spec.packHeat);
}
