import { CELL_LIMITS } from './specs.ts';
import { CHARGING_STATE, type Vehicle } from './vehicle.ts';

/** Parameter keys of the alarm and fault bits, in the order of their bits in `Vehicle`. */
export const ALARMS = [
  'alarmCellOverVoltage', 'alarmCellUnderVoltage', 'alarmBatteryOverTemp', 'alarmBatteryUnderTemp', 'alarmOverCurrentCharge',
  'alarmOverCurrentDischarge', 'alarmShortCircuit', 'alarmThermalRunaway', 'alarmCellImbalance', 'alarmBmsCommFault',
] as const;
export const MCU_FAULTS = ['mcuFaultOverTemp', 'mcuFaultMotorOverTemp', 'mcuFaultOverCurrent', 'mcuFaultOverVoltage', 'mcuFaultUnderVoltage', 'mcuFaultRotorSensor', 'mcuFaultThrottle', 'mcuFaultComm'] as const;
export const CHARGER_FAULTS = ['chargerFaultHardware', 'chargerFaultOverTemp', 'chargerFaultInput', 'chargerFaultOutput', 'chargerFaultComm'] as const;
export const VCU_FAULTS = ['vcuFaultAuxLow', 'vcuFaultBmsLost', 'vcuFaultMcuLost', 'vcuFaultThermalWarning', 'vcuFaultTipOver', 'vcuFaultInternal'] as const;

/** J1939-style trouble code of each fault that the units report: [suspect parameter number, failure mode]. */
export const TROUBLE_CODES: Readonly<Record<string, readonly [spn: number, fmi: number]>> = {
  alarmCellOverVoltage: [520_192, 0], alarmCellUnderVoltage: [520_192, 1], alarmBatteryOverTemp: [520_193, 0], alarmBatteryUnderTemp: [520_193, 1],
  alarmOverCurrentDischarge: [520_194, 0], alarmCellImbalance: [520_195, 0], mcuFaultOverTemp: [520_200, 0], mcuFaultMotorOverTemp: [520_201, 0],
  mcuFaultRotorSensor: [520_202, 2], chargerFaultOverTemp: [520_210, 0], vcuFaultAuxLow: [168, 1], vcuFaultThermalWarning: [520_220, 15],
};

/** Volts of cell `index`: the pack's mean, plus how this cell differs; a weak cell sags further when the pack is low. */
export function cellVoltage(vehicle: Vehicle, index: number): number {
  const { battery, spec, cellOffsets } = vehicle;
  return battery.voltage / spec.cells + (cellOffsets[index] ?? 0) * (1.45 - 0.9 * battery.soc);
}

function set(bits: number, position: number, raise: boolean, keep: boolean): number {
  const mask = 1 << position;
  return raise || (keep && (bits & mask) !== 0) ? bits | mask : bits & ~mask;
}

/** Some vehicles have a rotor sensor that fails now and then: about one minute in nine while driving. */
function rotorSensorFails(vehicle: Vehicle): boolean {
  if (vehicle.info.quirk !== 'mcu-fault' || !vehicle.ignition) return false;
  return (vehicle.time / 60_000 + vehicle.info.index * 7) % 9 < 1.2;
}

/** Brings alarm and fault bits up to date, each with its hysteresis, as the units of the vehicle would. */
export function updateFaults(vehicle: Vehicle): void {
  const { battery, spec, train } = vehicle;
  const limits = CELL_LIMITS[spec.chemistry];
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < spec.cells; i++) {
    const volts = cellVoltage(vehicle, i);
    if (volts < least) least = volts;
    if (volts > most) most = volts;
  }
  const hottest = battery.temperature + 1.6;
  let bits = vehicle.alarms;
  bits = set(bits, 0, most > limits.over, most > limits.over - 0.03);
  bits = set(bits, 1, least < limits.under, least < limits.under + 0.1);
  bits = set(bits, 2, hottest > 55, hottest > 52);
  bits = set(bits, 3, battery.temperature < 2, battery.temperature < 4);
  bits = set(bits, 5, -battery.current > 2.2 * spec.capacityAh, -battery.current > 1.9 * spec.capacityAh);
  bits = set(bits, 8, most - least > 0.12, most - least > 0.09);
  vehicle.alarms = bits;
  let mcu = vehicle.mcuFaults;
  mcu = set(mcu, 0, train.controllerTemp > 85, train.controllerTemp > 78);
  mcu = set(mcu, 1, train.motorTemp > 120, train.motorTemp > 110);
  mcu = set(mcu, 5, rotorSensorFails(vehicle), false);
  vehicle.mcuFaults = mcu;
  vehicle.limp = (mcu & (1 << 5)) !== 0;
  vehicle.chargerFaults = set(vehicle.chargerFaults, 1, vehicle.chargerTemp > 85, vehicle.chargerTemp > 78);
  vehicle.vcuFaults = set(vehicle.vcuFaults, 0, vehicle.auxVoltage < 11, vehicle.auxVoltage < 11.6);
}

/** Parameter keys of the faults that are active now. */
export function activeFaults(vehicle: Vehicle): string[] {
  const names: string[] = [];
  const collect = (bits: number, keys: readonly string[]): void => keys.forEach((key, i) => void ((bits & (1 << i)) !== 0 && names.push(key)));
  collect(vehicle.alarms, ALARMS);
  collect(vehicle.mcuFaults, MCU_FAULTS);
  collect(vehicle.chargerFaults, CHARGER_FAULTS);
  collect(vehicle.vcuFaults, VCU_FAULTS);
  return names;
}

/** The state the BMS reports, coded as parameter `bmsState`. */
export function bmsState(vehicle: Vehicle): number {
  if ((vehicle.alarms & 0b11_0111) !== 0 && vehicle.chargingState !== CHARGING_STATE.suspended) return 5;
  if (vehicle.chargingState === CHARGING_STATE.constantVoltage || vehicle.chargingState === CHARGING_STATE.full) return 4;
  if (vehicle.plugged) return 3;
  return vehicle.ignition ? 2 : 6;
}
