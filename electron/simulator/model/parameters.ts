import { ALARMS, CHARGER_FAULTS, MCU_FAULTS, VCU_FAULTS, bmsState, cellVoltage } from './faults.ts';
import { CHARGING_STATE, rangeOf, speedOf, type Vehicle } from './vehicle.ts';

/** Reads one parameter of a vehicle, in the unit of resources/demo/README.md; NaN where it has no value. */
export type Reader = (vehicle: Vehicle) => number;

const bit = (value: boolean): number => (value ? 1 : 0);

function extremeCell(vehicle: Vehicle, sign: 1 | -1): number {
  let best = 0;
  for (let i = 1; i < vehicle.spec.cells; i++) if (sign * cellVoltage(vehicle, i) > sign * cellVoltage(vehicle, best)) best = i;
  return best;
}

function temperature(vehicle: Vehicle, index: number): number {
  // One sensor in the fleet of fifty has a broken wire.
  if (vehicle.info.index % 50 === 31 && index === 2) return Number.NaN;
  return vehicle.battery.temperature + (vehicle.sensorOffsets[index] ?? Number.NaN);
}

function extremeTemperature(vehicle: Vehicle, pick: (a: number, b: number) => number): number {
  let best = Number.NaN;
  for (let i = 0; i < vehicle.spec.temperatures; i++) {
    const value = temperature(vehicle, i);
    if (!Number.isNaN(value)) best = Number.isNaN(best) ? value : pick(best, value);
  }
  return best;
}

const cellRange = (vehicle: Vehicle): number => (cellVoltage(vehicle, extremeCell(vehicle, 1)) - cellVoltage(vehicle, extremeCell(vehicle, -1))) * 1000;

const PLAIN: Readonly<Record<string, Reader>> = {
  packVoltage: (v) => v.battery.voltage,
  packCurrent: (v) => v.battery.current,
  soc: (v) => v.battery.soc * 100,
  soh: (v) => v.battery.soh * 100,
  remainingCapacity: (v) => v.battery.soc * v.spec.capacityAh * v.battery.soh,
  bmsState,
  chargingState: (v) => v.chargingState,
  contactor: (v) => bit(v.ignition || v.plugged),
  balancing: (v) => bit(v.chargingState === CHARGING_STATE.constantVoltage || v.chargingState === CHARGING_STATE.full),
  cycleCount: (v) => Math.floor(v.battery.cycles),
  cellCount: (v) => v.spec.cells,
  bmsBoardTemp: (v) => v.battery.temperature + 3,
  cellVoltageMin: (v) => cellVoltage(v, extremeCell(v, -1)),
  cellVoltageMax: (v) => cellVoltage(v, extremeCell(v, 1)),
  cellVoltageSpread: cellRange,
  cellVoltageMinIndex: (v) => extremeCell(v, -1) + 1,
  cellVoltageMaxIndex: (v) => extremeCell(v, 1) + 1,
  batteryTempMin: (v) => extremeTemperature(v, Math.min),
  batteryTempMax: (v) => extremeTemperature(v, Math.max),
  batteryTempSpread: (v) => extremeTemperature(v, Math.max) - extremeTemperature(v, Math.min),
  packSerial: (v) => v.info.packSerial,
  nominalCapacity: (v) => v.spec.capacityAh,
  bmsSoftware: (v) => 2.1 + (v.info.index % 3) / 10,
  motorRpm: (v) => v.train.rpm,
  motorTorque: (v) => v.train.torque,
  phaseCurrent: (v) => v.train.phaseCurrent,
  dcVoltage: (v) => v.battery.voltage - 0.2,
  controllerTemp: (v) => v.train.controllerTemp,
  motorTemp: (v) => v.train.motorTemp,
  throttle: (v) => v.train.throttle,
  driveMode: (v) => (v.ignition ? (v.limp ? 4 : v.battery.soc < 0.2 ? 1 : v.pace > 1.1 ? 3 : 2) : 0),
  brake: (v) => bit(v.train.braking || (v.ignition && v.activity === 'wait')),
  regenActive: (v) => bit(v.train.regenerating),
  chargerVoltage: (v) => (v.plugged ? v.battery.voltage + 0.3 : 0),
  chargerCurrent: (v) => (v.plugged ? v.battery.current : 0),
  chargerTemp: (v) => v.chargerTemp,
  chargerState: (v) => (!v.plugged ? 0 : v.chargingState === CHARGING_STATE.preCharge ? 1 : v.chargingState === CHARGING_STATE.full ? 3 : v.chargingState === CHARGING_STATE.suspended ? 0 : 2),
  chargerPlugged: (v) => bit(v.plugged),
  speed: speedOf,
  odometer: (v) => v.odometer / 1000,
  range: rangeOf,
  ignition: (v) => bit(v.ignition),
  sideStand: (v) => (v.info.modelKey.startsWith('airavat') ? Number.NaN : bit(!v.ignition)),
  parkingBrake: (v) => bit(!v.ignition),
  gear: (v) => (v.ignition ? (v.activity === 'drive' ? 1 : 0) : 3),
  immobilizer: (v) => v.immobilizer,
  regenEnabled: (v) => bit(v.regenEnabled),
  auxVoltage: (v) => v.auxVoltage,
};

function flags(keys: readonly string[], bits: (vehicle: Vehicle) => number): [string, Reader][] {
  return keys.map((key, position) => [key, (vehicle) => (bits(vehicle) >> position) & 1]);
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...Object.entries(PLAIN),
  ...flags(ALARMS, (v) => v.alarms),
  ...flags(MCU_FAULTS, (v) => v.mcuFaults),
  ...flags(CHARGER_FAULTS, (v) => v.chargerFaults),
  ...flags(VCU_FAULTS, (v) => v.vcuFaults),
  ...Array.from({ length: 20 }, (_, i): [string, Reader] => [`cellVoltage${String(i + 1).padStart(2, '0')}`, (v) => (i < v.spec.cells ? cellVoltage(v, i) : Number.NaN)]),
  ...Array.from({ length: 6 }, (_, i): [string, Reader] => [`batteryTemp${i + 1}`, (v) => (i < v.spec.temperatures ? temperature(v, i) : Number.NaN)]),
]);

/** How to read the parameter with this key; undefined for a key no demo vehicle has. */
export function readerOf(key: string): Reader | undefined {
  const read = READERS.get(key);
  return read && ((vehicle) => vehicle.injected?.values.get(key) ?? read(vehicle));
}
