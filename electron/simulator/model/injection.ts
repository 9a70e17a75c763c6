import type { DemoFault } from '#shared/contract/demo.ts';
import { ALARMS, CHARGER_FAULTS, MCU_FAULTS, VCU_FAULTS } from './faults.ts';

/** Values that stand in for what the vehicle would measure, by parameter key, until `until` (epoch ms of the simulation). */
export interface Injection {
  readonly values: Map<string, number>;
  until: number;
}

const LOST = undefined;

/** What a fault makes a vehicle's units say; undefined where it is the network that fails. */
const FAULT_VALUES: Readonly<Record<DemoFault, Readonly<Record<string, number>> | undefined>> = {
  'cell-over-temperature': { batteryTempMax: 63, batteryTemp1: 63, batteryTempSpread: 14, alarmBatteryOverTemp: 1 },
  'thermal-runaway': { batteryTempMax: 92, batteryTemp1: 92, batteryTempSpread: 40, alarmBatteryOverTemp: 1, alarmThermalRunaway: 1, vcuFaultThermalWarning: 1 },
  'low-soc': { soc: 4, range: 3 },
  'over-speed': { ignition: 1, speed: 104, motorRpm: 7200, gear: 1 },
  'mcu-fault': { mcuFaultOverTemp: 1, controllerTemp: 97 },
  'network-lost': LOST,
  'cell-imbalance': { cellVoltageSpread: 185, alarmCellImbalance: 1 },
};

export function faultValues(fault: DemoFault): Readonly<Record<string, number>> | undefined {
  return FAULT_VALUES[fault];
}

/** Alarm and fault bits that a flood raises, one alert each where a rule looks at each; the ones that stop a vehicle's bus last. */
export const FLOOD_BITS: readonly string[] = [...ALARMS, ...MCU_FAULTS, ...CHARGER_FAULTS, ...VCU_FAULTS].filter((key) => key !== 'alarmThermalRunaway' && key !== 'vcuFaultBmsLost');
