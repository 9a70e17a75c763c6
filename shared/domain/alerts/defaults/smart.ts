import type { AlertCondition, AlertRuleValues, Comparison } from '../rule.ts';

type SmartRule = Pick<AlertRuleValues, 'name' | 'severity' | 'condition' | 'onDelay' | 'offDelay' | 'action' | 'insightParameters'> & { readonly key: string; readonly graphParameter?: string } & Partial<Pick<AlertRuleValues, 'inhibition' | 'shelvable' | 'latched'>>;

/** Limits that differ between the categories: two-wheelers with NMC cells, three-wheelers with LFP cells. */
export interface CategoryLimits {
  /** km/h */
  readonly speed: number;
  /** V */
  readonly cellLow: number;
  readonly cellHigh: number;
}
export const CATEGORY_LIMITS = { '2W': { speed: 65, cellLow: 2.95, cellHigh: 4.22 }, '3W': { speed: 55, cellLow: 2.5, cellHigh: 3.63 } } as const satisfies Record<string, CategoryLimits>;

const HOUR = 3600;
const DAY = 24 * HOUR;
/** A current below this, A, is rest: what lamps and electronics draw. */
const REST_CURRENT = 2;
const compare = (parameter: string, op: Comparison, value: number, deadBand?: number): AlertCondition => ({ kind: 'compare', parameter, op, value, ...(deadBand === undefined ? {} : { deadBand }) });
const all = (...of: AlertCondition[]): AlertCondition => ({ kind: 'all', of });
/** Neither driven nor charged. */
const AT_REST = [compare('ignition', '=', 0), compare('packCurrent', '<', REST_CURRENT), compare('packCurrent', '>', -REST_CURRENT)] as const;

/** Rules of the console itself that hold for every vehicle. Delays, dead-bands: the usual anti-nuisance settings. */
export const SMART_RULES: readonly SmartRule[] = [
  { key: 'low-soc', name: 'Low state of charge', severity: 'low', condition: compare('soc', '<', 15, 3), onDelay: 60, offDelay: 300, action: 'Tell the rider where the next charging point is, or plan a swap.', graphParameter: 'soc', insightParameters: ['range', 'packVoltage', 'odometer'] },
  { key: 'cell-temperature', name: 'Battery temperature high', severity: 'high', condition: compare('batteryTempMax', '>', 55, 2), onDelay: 10, offDelay: 60, action: 'Ask the rider to stop in the open and not to charge until it has cooled below 45 °C. Watch the temperature until it falls.', graphParameter: 'batteryTempMax', insightParameters: ['batteryTempMin', 'packCurrent', 'soc', 'chargingState'] },
  { key: 'self-heating', name: 'Battery heats up at rest', severity: 'high', latched: true, condition: all({ kind: 'rate', parameter: 'batteryTempMax', op: '>=', perMinute: 1, window: 180 }, ...AT_REST), onDelay: 0, offDelay: 300, action: 'A battery that warms without current may be about to burn. Have it watched from a distance, away from people and buildings; no charging. Call the fire service if it goes on.', graphParameter: 'batteryTempMax', insightParameters: ['batteryTempMin', 'packCurrent', 'soc', 'cellVoltageMin', 'cellVoltageSpread'] },
  { key: 'cell-spread', name: 'Cells out of balance at rest', severity: 'low', condition: all(compare('cellVoltageSpread', '>', 80, 10), ...AT_REST), onDelay: 300, offDelay: 600, action: 'Have it charged to 100 % and left plugged in overnight. If the spread stays, book a battery check.', graphParameter: 'cellVoltageSpread', insightParameters: ['cellVoltageMin', 'cellVoltageMax', 'cellVoltageMinIndex', 'soc'] },
  { key: 'spread-growing', name: 'Cell spread grows day by day', severity: 'low', condition: all({ kind: 'rate', parameter: 'cellVoltageSpread', op: '>=', perMinute: 15 / (24 * 60), window: 3 * DAY }, compare('cellVoltageSpread', '>', 50, 10)), onDelay: 600, offDelay: 6 * HOUR, action: 'A cell loses charge by itself: an early sign of an internal short. Book a battery check this week.', graphParameter: 'cellVoltageSpread', insightParameters: ['cellVoltageMinIndex', 'cellVoltageMin', 'soh', 'cycleCount'] },
  { key: 'often-hot', name: 'Battery runs hot again and again', severity: 'low', condition: { kind: 'repeat', condition: compare('batteryTempMax', '>', 50, 5), count: 3, within: DAY }, onDelay: 0, offDelay: HOUR, action: 'Compare load, charger and cooling with vehicles of the same model. Book a check if it stands out.', graphParameter: 'batteryTempMax', insightParameters: ['batteryTempMin', 'packCurrent', 'soh'] },
  { key: 'controller-temperature', name: 'Controller temperature high', severity: 'high', condition: compare('controllerTemp', '>', 82, 3), onDelay: 15, offDelay: 60, action: 'Ask the rider to go slower until it has cooled. If it repeats, have cooling and mounting checked.', graphParameter: 'controllerTemp', insightParameters: ['motorTemp', 'phaseCurrent', 'speed', 'driveMode'] },
  { key: 'idle-drain', name: 'Battery drains while parked', severity: 'low', condition: all({ kind: 'rate', parameter: 'soc', op: '<=', perMinute: -1 / 60, window: 3 * HOUR }, compare('ignition', '=', 0), compare('chargerPlugged', '=', 0)), onDelay: 3 * HOUR, offDelay: HOUR, action: 'Something draws current while it is parked: an accessory, a contactor that stays closed. Ask the rider; else book a check.', graphParameter: 'soc', insightParameters: ['packCurrent', 'contactor', 'bmsState'] },
  { key: 'not-communicating', name: 'Vehicle does not report', severity: 'low', inhibition: 'communication', condition: { kind: 'no-data', after: 2 * HOUR }, onDelay: 0, offDelay: 0, action: 'Look at its last position and signal. Call the rider if it should be on the road; else check the SIM and the unit’s supply.', graphParameter: 'gsmSignal', insightParameters: ['gsmSignal', 'supplyVoltage', 'soc'] },
  { key: 'moved', name: 'Moved without ignition', severity: 'high', condition: { kind: 'moved', metres: 200 }, onDelay: 0, offDelay: 60, action: 'Call the rider or customer: towed, carried or stolen? Follow the position; immobilise it on their word.', graphParameter: 'gpsSpeed', insightParameters: ['gpsSpeed', 'ignition', 'supplyVoltage'] },
  { key: 'unit-supply', name: 'Telematics supply low', severity: 'low', condition: compare('supplyVoltage', '<', 11, 0.5), onDelay: 60, offDelay: 300, action: 'The unit will soon fall silent. Have the 12 V battery and its converter checked within days.', graphParameter: 'supplyVoltage', insightParameters: ['auxVoltage', 'ignition'] },
  { key: 'can-errors', name: 'CAN bus disturbed', severity: 'low', condition: compare('canState', '>=', 2), onDelay: 60, offDelay: 300, action: 'Values of this vehicle may be missing. Have connectors, terminating resistors and wiring checked.', graphParameter: 'canErrors', insightParameters: ['canErrors', 'canLoad', 'canLost', 'canState'] },
  { key: 'signal-lost', name: 'Battery signals lost', severity: 'low', condition: all({ kind: 'no-data', parameter: 'packVoltage', after: 60 }, compare('ignition', '=', 1)), onDelay: 5, offDelay: 5, action: 'The unit reports but no longer hears the battery. Ask the rider to switch off and on; have the CAN wiring checked.', graphParameter: 'packVoltage', insightParameters: ['canState', 'canErrors', 'auxVoltage'] },
];

/** Rules whose limits depend on the category of the model. */
export function categoryRules(limits: CategoryLimits): readonly SmartRule[] {
  return [
    { key: 'over-speed', name: 'Over-speed', severity: 'low', condition: compare('speed', '>', limits.speed, 3), onDelay: 5, offDelay: 10, action: 'Speak to the rider or the customer if it repeats.', graphParameter: 'speed', insightParameters: ['gpsSpeed', 'driveMode', 'throttle'] },
    { key: 'cell-voltage-low', name: 'Cell voltage low', severity: 'high', condition: compare('cellVoltageMin', '<', limits.cellLow, 0.02), onDelay: 2, offDelay: 30, action: 'Ask the rider to stop and charge. If SoC is above 15 %, one cell is weak: book a workshop visit.', graphParameter: 'cellVoltageMin', insightParameters: ['cellVoltageMinIndex', 'cellVoltageSpread', 'packCurrent', 'soc'] },
    { key: 'cell-voltage-high', name: 'Cell voltage high', severity: 'high', condition: compare('cellVoltageMax', '>', limits.cellHigh, 0.02), onDelay: 2, offDelay: 30, action: 'Ask the rider to unplug. Have charger and BMS checked before the next charge.', graphParameter: 'cellVoltageMax', insightParameters: ['cellVoltageMaxIndex', 'chargerVoltage', 'packCurrent', 'soc'] },
  ];
}

export type { SmartRule };
