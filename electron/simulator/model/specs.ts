/** Physical data of a vehicle model. SI units unless the name says otherwise. */
export interface VehicleSpec {
  readonly chemistry: 'NMC' | 'LFP';
  readonly cells: number;
  readonly temperatures: number;
  readonly capacityAh: number;
  /** Direct-current resistance of the new pack at 25 °C, polarisation included, Ω. */
  readonly resistance: number;
  readonly chargeVoltage: number;
  readonly chargeCurrent: number;
  /** Heat capacity of the pack, J/K, and what it gives off, W/K. */
  readonly packHeat: number;
  readonly packCooling: number;
  /** Vehicle and driver, kg; load comes on top. */
  readonly mass: number;
  readonly dragArea: number;
  readonly rollingResistance: number;
  readonly wheelRadius: number;
  readonly gearRatio: number;
  readonly maximumTorque: number;
  readonly maximumPower: number;
  readonly topSpeedKmh: number;
  readonly acceleration: number;
  readonly efficiency: number;
  readonly regenEfficiency: number;
  /** Electrical limit of regeneration, W. */
  readonly regenPower: number;
  /** What lamps, cluster and telematics draw while the ignition is on, W. */
  readonly auxiliaryPower: number;
  /** Motor phase current at full torque, A. */
  readonly phaseCurrent: number;
  /** Wh/km that range is reckoned with before the first kilometres. */
  readonly usualConsumption: number;
}

const TWO_WHEELER: VehicleSpec = {
  chemistry: 'NMC', cells: 16, temperatures: 4, capacityAh: 52, resistance: 0.09, chargeVoltage: 16 * 4.17, chargeCurrent: 14, packHeat: 18_000, packCooling: 2.4,
  mass: 188, dragArea: 0.62, rollingResistance: 0.016, wheelRadius: 0.26, gearRatio: 7.5, maximumTorque: 22, maximumPower: 4600, topSpeedKmh: 62, acceleration: 1.5,
  efficiency: 0.81, regenEfficiency: 0.6, regenPower: 650, auxiliaryPower: 55, phaseCurrent: 190, usualConsumption: 25,
};

const THREE_WHEELER: VehicleSpec = {
  chemistry: 'LFP', cells: 20, temperatures: 6, capacityAh: 120, resistance: 0.06, chargeVoltage: 20 * 3.55, chargeCurrent: 32, packHeat: 60_000, packCooling: 5.5,
  mass: 560, dragArea: 1.6, rollingResistance: 0.014, wheelRadius: 0.23, gearRatio: 10.5, maximumTorque: 45, maximumPower: 9200, topSpeedKmh: 50, acceleration: 0.95,
  efficiency: 0.84, regenEfficiency: 0.55, regenPower: 1400, auxiliaryPower: 85, phaseCurrent: 330, usualConsumption: 55,
};

/** Specification by model key of `describeFleet`. */
export const SPECS: Readonly<Record<string, VehicleSpec>> = {
  'nilgai-sprint': TWO_WHEELER,
  'nilgai-courier': { ...TWO_WHEELER, mass: 212, topSpeedKmh: 58, usualConsumption: 28 },
  'airavat-savari': THREE_WHEELER,
  'airavat-maal': { ...THREE_WHEELER, mass: 640, dragArea: 1.8, usualConsumption: 62 },
};

/** Open-circuit voltage of one cell at 0, 5, 10, 20 … 90, 95, 100 % of charge: typical data-sheet curves. */
const CURVES: Readonly<Record<VehicleSpec['chemistry'], readonly number[]>> = {
  NMC: [3.0, 3.36, 3.46, 3.56, 3.61, 3.65, 3.71, 3.79, 3.88, 3.97, 4.06, 4.105, 4.15],
  LFP: [2.8, 3.06, 3.16, 3.22, 3.26, 3.29, 3.3, 3.31, 3.325, 3.335, 3.35, 3.37, 3.46],
};
const POINTS = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

/** Open-circuit voltage of one cell in V at `soc` (0 … 1), linear between the points of its curve. */
export function openCircuitVoltage(chemistry: VehicleSpec['chemistry'], soc: number): number {
  const curve = CURVES[chemistry];
  const at = Math.max(0, Math.min(1, soc));
  let i = 1;
  while (i < POINTS.length - 1 && (POINTS[i] as number) < at) i++;
  const from = POINTS[i - 1] as number;
  const share = (at - from) / ((POINTS[i] as number) - from);
  return (curve[i - 1] as number) * (1 - share) + (curve[i] as number) * share;
}

/** Voltage limits of one cell at which the BMS raises its alarms. */
export const CELL_LIMITS = { NMC: { over: 4.21, under: 3.05 }, LFP: { over: 3.62, under: 2.6 } } as const;
