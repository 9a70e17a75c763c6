import { NO_YES, entriesOf } from './builders.ts';
import type { ParameterEntry } from './entry.ts';

const { measure, state, flag, alarm, text } = entriesOf('BMS');

const PACK = 'Vehicle.Powertrain.TractionBattery';

/** Largest numbers of cells and temperature sensors that have parameters of their own. */
export const CELL_COUNT = 64;
export const BATTERY_TEMPERATURE_COUNT = 16;

/** 256–383: the pack. */
const PACK_ENTRIES: readonly ParameterEntry[] = [
  measure(256, 'packVoltage', 'Pack voltage', 'V', 1, { limits: [0, 1_000], deadBand: 0.2, neverZero: true, vss: `${PACK}.CurrentVoltage` }),
  measure(257, 'packCurrent', 'Pack current', 'A', 1, { limits: [-2_000, 2_000], deadBand: 0.5, storagePeriod: 10_000, vss: `${PACK}.CurrentCurrent` }),
  measure(258, 'soc', 'State of charge', '%', 0, { limits: [0, 110], min: 15, max: 100, deadBand: 0.5, vss: `${PACK}.StateOfCharge.Displayed` }),
  measure(259, 'soh', 'State of health', '%', 0, { limits: [0, 110], min: 70, max: 100, deadBand: 0.5, neverZero: true, vss: `${PACK}.StateOfHealth` }),
  measure(260, 'remainingCapacity', 'Remaining capacity', 'Ah', 1, { limits: [0, 10_000], deadBand: 0.1 }),
  measure(261, 'nominalCapacity', 'Nominal capacity', 'Ah', 1, { limits: [0, 10_000], deadBand: 0.1, neverZero: true }),
  measure(262, 'cycleCount', 'Charge cycles', '', 0, { limits: [0, 100_000], max: 2_000, deadBand: 0 }),
  measure(263, 'cellCount', 'Cells in series', '', 0, { limits: [0, 1_000], deadBand: 0, neverZero: true }),
  measure(264, 'packPower', 'Pack power', 'W', 0, { deadBand: 20, storagePeriod: 10_000, vss: `${PACK}.CurrentPower` }),
  measure(265, 'timeToFull', 'Time to full', 'min', 0, { limits: [0, 10_000], deadBand: 1, vss: `${PACK}.Charging.TimeToComplete` }),
  measure(266, 'insulationResistance', 'Insulation resistance', 'kΩ', 0, { min: 100, deadBand: 10 }),
  state(272, 'bmsState', 'BMS state', { 0: 'Initialising', 1: 'Standby', 2: 'Driving', 3: 'Charging', 4: 'Balancing', 5: 'Fault', 6: 'Sleep' }),
  state(273, 'chargingState', 'Charging status', { 0: 'Not charging', 1: 'Pre-charge', 2: 'Constant current', 3: 'Constant voltage', 4: 'Full', 5: 'Suspended' }),
  flag(274, 'contactor', 'Contactor', { 0: 'Open', 1: 'Closed' }),
  flag(275, 'balancing', 'Balancing', NO_YES),
  measure(280, 'packSerial', 'Pack serial number', '', 0, { neverZero: true, vss: `${PACK}.Id` }),
  measure(281, 'bmsSoftware', 'BMS software', '', 0, { neverZero: true }),
  text(282, 'bmsId', 'BMS ID as reported'),
  measure(288, 'cellVoltageMin', 'Lowest cell voltage', 'V', 3, { limits: [0, 6], min: 2.8, max: 4.25, deadBand: 0.005, neverZero: true, vss: `${PACK}.CellVoltage.Min` }),
  measure(289, 'cellVoltageMax', 'Highest cell voltage', 'V', 3, { limits: [0, 6], min: 2.8, max: 4.25, deadBand: 0.005, neverZero: true, vss: `${PACK}.CellVoltage.Max` }),
  measure(290, 'cellVoltageSpread', 'Cell voltage spread', 'mV', 0, { limits: [0, 6_000], max: 100, deadBand: 5 }),
  measure(291, 'cellVoltageMinIndex', 'Cell with the lowest voltage', '', 0),
  measure(292, 'cellVoltageMaxIndex', 'Cell with the highest voltage', '', 0),
  measure(293, 'cellVoltageMean', 'Mean cell voltage', 'V', 3, { limits: [0, 6], min: 2.8, max: 4.25, deadBand: 0.005, neverZero: true }),
  measure(304, 'batteryTempMin', 'Lowest battery temperature', '°C', 0, { limits: [-100, 300], min: -10, max: 55, deadBand: 1, vss: `${PACK}.Temperature.Min` }),
  measure(305, 'batteryTempMax', 'Highest battery temperature', '°C', 0, { limits: [-100, 300], min: -10, max: 55, deadBand: 1, vss: `${PACK}.Temperature.Max` }),
  measure(306, 'batteryTempSpread', 'Battery temperature spread', '°C', 0, { limits: [0, 400], max: 10, deadBand: 1 }),
  measure(307, 'bmsBoardTemp', 'BMS board temperature', '°C', 0, { limits: [-100, 300], min: -10, max: 85, deadBand: 1 }),
  measure(308, 'batteryTempMean', 'Mean battery temperature', '°C', 0, { limits: [-100, 300], min: -10, max: 55, deadBand: 1, vss: `${PACK}.Temperature.Average` }),
];

/** 384–511: alarm bits of the BMS. */
const ALARM_ENTRIES: readonly ParameterEntry[] = [
  alarm(384, 'alarmCellOverVoltage', 'Cell over-voltage'),
  alarm(385, 'alarmCellUnderVoltage', 'Cell under-voltage'),
  alarm(386, 'alarmBatteryOverTemp', 'Battery over-temperature'),
  alarm(387, 'alarmBatteryUnderTemp', 'Battery under-temperature'),
  alarm(388, 'alarmOverCurrentCharge', 'Over-current while charging'),
  alarm(389, 'alarmOverCurrentDischarge', 'Over-current while discharging'),
  alarm(390, 'alarmShortCircuit', 'Short circuit'),
  alarm(391, 'alarmThermalRunaway', 'Thermal runaway'),
  alarm(392, 'alarmCellImbalance', 'Cell imbalance'),
  alarm(393, 'alarmBmsCommFault', 'BMS communication fault'),
  alarm(394, 'alarmPackOverVoltage', 'Pack over-voltage'),
  alarm(395, 'alarmPackUnderVoltage', 'Pack under-voltage'),
  alarm(396, 'alarmInsulation', 'Insulation fault'),
  alarm(397, 'alarmContactorFault', 'Contactor fault'),
  alarm(398, 'alarmPreChargeFault', 'Pre-charge fault'),
  alarm(399, 'alarmLowSoc', 'Low state of charge'),
];

const twoDigits = (index: number): string => String(index).padStart(2, '0');

/** 512 + n: voltage of cell n. */
const CELL_ENTRIES: readonly ParameterEntry[] = Array.from({ length: CELL_COUNT }, (_, i) =>
  measure(513 + i, `cellVoltage${twoDigits(i + 1)}`, `Cell ${i + 1} voltage`, 'V', 3, { limits: [0, 6], min: 2.8, max: 4.25, deadBand: 0.005, neverZero: true }),
);

/** 768 + n: battery temperature sensor n. */
const TEMPERATURE_ENTRIES: readonly ParameterEntry[] = Array.from({ length: BATTERY_TEMPERATURE_COUNT }, (_, i) =>
  measure(769 + i, `batteryTemp${i + 1}`, `Battery temperature ${i + 1}`, '°C', 0, { limits: [-100, 300], min: -10, max: 55, deadBand: 1 }),
);

/** 256–1023: the battery and its management system. */
export const BATTERY_ENTRIES: readonly ParameterEntry[] = [...PACK_ENTRIES, ...ALARM_ENTRIES, ...CELL_ENTRIES, ...TEMPERATURE_ENTRIES];
