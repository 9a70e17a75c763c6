import type { AlertRuleValues, AlertSeverity, AlertTab } from '../rule.ts';

/** An alarm or fault bit that a unit of the vehicle reports, and what a control room does about it. */
export interface BitRule {
  /** Key of the parameter, and of the rule. */
  readonly key: string;
  /** Where the parameter's own would not tell it from another rule. */
  readonly name?: string;
  readonly tab: AlertTab;
  readonly severity: AlertSeverity;
  readonly action: string;
  /** Parameter of the graph and those kept with the alert. */
  readonly graph: string;
  readonly insights: readonly string[];
  readonly over?: Partial<Pick<AlertRuleValues, 'latched' | 'inhibition' | 'shelvable' | 'onDelay' | 'offDelay'>>;
}

/** Fire is close: never muted, never shelved. */
const THERMAL = { latched: true, inhibition: 'none', shelvable: false } as const;
const BATTERY = ['packVoltage', 'packCurrent', 'soc', 'batteryTempMax'] as const;
const CELLS = ['cellVoltageMin', 'cellVoltageMax', 'cellVoltageSpread', 'soc', 'packCurrent'] as const;
const MOTOR = ['motorRpm', 'motorTorque', 'phaseCurrent', 'controllerTemp', 'motorTemp', 'dcVoltage', 'speed'] as const;
const CHARGER = ['chargerVoltage', 'chargerCurrent', 'chargerTemp', 'chargingState', 'packVoltage', 'soc'] as const;

/** Alarm bits of the BMS. */
const BMS: readonly BitRule[] = [
  { key: 'alarmCellOverVoltage', tab: 'bms', severity: 'high', action: 'If it is charging, ask the rider to unplug. Take the vehicle in when it comes back: the charger or the BMS does not stop in time.', graph: 'cellVoltageMax', insights: CELLS },
  { key: 'alarmCellUnderVoltage', tab: 'bms', severity: 'high', action: 'Ask the rider to stop and charge. If SoC is above 15 %, one cell is weak: book a workshop visit.', graph: 'cellVoltageMin', insights: CELLS },
  { key: 'alarmBatteryOverTemp', tab: 'bms', severity: 'high', action: 'Ask the rider to stop in the open, away from buildings, and not to charge until it has cooled below 45 °C. Watch the temperature until it falls.', graph: 'batteryTempMax', insights: BATTERY },
  { key: 'alarmBatteryUnderTemp', tab: 'bms', severity: 'low', action: 'The battery must not be charged below its limit. It warms up with driving or indoors.', graph: 'batteryTempMin', insights: BATTERY },
  { key: 'alarmOverCurrentCharge', tab: 'bms', severity: 'high', action: 'Ask the rider to unplug and to use the charger that came with the vehicle. Have the charger checked if it happens again.', graph: 'packCurrent', insights: CHARGER },
  { key: 'alarmOverCurrentDischarge', tab: 'bms', severity: 'low', action: 'Overload or hard acceleration. If it repeats on one vehicle, have motor and controller checked.', graph: 'packCurrent', insights: [...BATTERY, 'throttle', 'speed'] },
  { key: 'alarmShortCircuit', tab: 'bms', severity: 'critical', action: 'Call the rider at once: stop, switch off, step away. Send roadside assistance; do not switch on or charge again before the pack has been checked.', graph: 'packCurrent', insights: BATTERY, over: { latched: true } },
  { key: 'alarmThermalRunaway', tab: 'bms', severity: 'critical', action: 'Call the rider at once: stop, leave the vehicle, keep people 15 m away, call the fire service. Never move or charge the vehicle.', graph: 'batteryTempMax', insights: [...BATTERY, 'cellVoltageMin', 'cellVoltageMax'], over: THERMAL },
  { key: 'alarmCellImbalance', tab: 'bms', severity: 'low', action: 'Have it charged to 100 % and left plugged in overnight to balance. If the spread stays, book a battery check.', graph: 'cellVoltageSpread', insights: CELLS },
  { key: 'alarmBmsCommFault', tab: 'bms', severity: 'high', action: 'Battery values are as last known. Ask the rider to switch off and on; if it stays, have the battery connector checked.', graph: 'packVoltage', insights: ['ignition', 'auxVoltage', 'canState'] },
  { key: 'alarmPackOverVoltage', tab: 'bms', severity: 'high', action: 'If it is charging, ask the rider to unplug. Have the charger checked before the next charge.', graph: 'packVoltage', insights: CELLS },
  { key: 'alarmPackUnderVoltage', tab: 'bms', severity: 'high', action: 'Ask the rider to stop and charge; the vehicle will cut out soon.', graph: 'packVoltage', insights: CELLS },
  { key: 'alarmInsulation', tab: 'bms', severity: 'high', action: 'Take the vehicle out of service: the high-voltage side touches the frame. Nobody opens it but the workshop.', graph: 'insulationResistance', insights: BATTERY, over: { latched: true } },
  { key: 'alarmContactorFault', tab: 'bms', severity: 'high', action: 'A contactor may be welded. Take the vehicle to the workshop; do not work on the battery under the assumption that it is disconnected.', graph: 'packVoltage', insights: ['contactor', ...BATTERY] },
  { key: 'alarmPreChargeFault', tab: 'bms', severity: 'high', action: 'The vehicle will not start. Ask the rider to switch off, wait a minute and try again; else send roadside assistance.', graph: 'packVoltage', insights: ['contactor', 'dcVoltage'] },
  { key: 'alarmLowSoc', name: 'Low state of charge, by the BMS', tab: 'bms', severity: 'low', action: 'Tell the rider where the next charging point is.', graph: 'soc', insights: ['range', 'packVoltage'], over: { onDelay: 60, offDelay: 300 } },
];

/** Fault bits of motor controller, charger and VCU. */
const OTHERS: readonly BitRule[] = [
  { key: 'mcuFaultOverTemp', tab: 'mcu', severity: 'high', action: 'Ask the rider to go slower, without load where possible, until it has cooled. If it repeats, have fan, paste and mounting checked.', graph: 'controllerTemp', insights: MOTOR },
  { key: 'mcuFaultMotorOverTemp', tab: 'mcu', severity: 'high', action: 'Ask the rider to stop for ten minutes. If it repeats, look for a dragging brake or overload.', graph: 'motorTemp', insights: MOTOR },
  { key: 'mcuFaultOverCurrent', tab: 'mcu', severity: 'high', action: 'Power is reduced. If it repeats, have motor phases and controller checked.', graph: 'phaseCurrent', insights: MOTOR },
  { key: 'mcuFaultOverVoltage', tab: 'mcu', severity: 'high', action: 'Regeneration into a full battery. Below 95 % SoC it is a wiring or contactor fault: book a workshop visit.', graph: 'dcVoltage', insights: ['packVoltage', 'soc', 'regenActive'] },
  { key: 'mcuFaultUnderVoltage', tab: 'mcu', severity: 'low', action: 'Voltage sags under load. Look at SoC and cell voltages; a weak cell or a loose connector.', graph: 'dcVoltage', insights: ['packVoltage', 'packCurrent', 'soc', 'cellVoltageMin'] },
  { key: 'mcuFaultRotorSensor', tab: 'mcu', severity: 'high', action: 'The vehicle is in limp home. Ask the rider to take the next safe stop; have the rotor sensor and its plug checked.', graph: 'motorRpm', insights: [...MOTOR, 'driveMode'], over: { offDelay: 120 } },
  { key: 'mcuFaultThrottle', tab: 'mcu', severity: 'high', action: 'Ask the rider to stop: the throttle may not respond. Have its sensor checked before the next ride.', graph: 'throttle', insights: [...MOTOR, 'brake'] },
  { key: 'mcuFaultComm', tab: 'mcu', severity: 'high', action: 'Motor values are as last known. Ask the rider to switch off and on; if it stays, have the CAN wiring checked.', graph: 'motorRpm', insights: ['ignition', 'canState', 'auxVoltage'] },
  { key: 'mcuFaultPhase', tab: 'mcu', severity: 'high', action: 'Take the vehicle to the workshop: a motor phase is open or shorted.', graph: 'phaseCurrent', insights: MOTOR },
  { key: 'chargerFaultHardware', tab: 'charger', severity: 'high', action: 'Ask the rider to unplug and not to use this charger again. Replace it.', graph: 'chargerVoltage', insights: CHARGER },
  { key: 'chargerFaultOverTemp', tab: 'charger', severity: 'high', action: 'Ask the rider to unplug and let the charger cool in a free, dry place. Replace it if it happens again.', graph: 'chargerTemp', insights: CHARGER },
  { key: 'chargerFaultInput', tab: 'charger', severity: 'low', action: 'Mains voltage is out of range. Try another socket.', graph: 'chargerInputVoltage', insights: CHARGER },
  { key: 'chargerFaultOutput', tab: 'charger', severity: 'high', action: 'Ask the rider to unplug. Have plug, cable and charger checked.', graph: 'chargerVoltage', insights: CHARGER },
  { key: 'chargerFaultComm', tab: 'charger', severity: 'low', action: 'Ask the rider to unplug and plug in again. If it stays, clean and check the plug.', graph: 'chargerCurrent', insights: CHARGER },
  { key: 'vcuFaultAuxLow', tab: 'vcu', severity: 'low', action: 'The 12 V battery is weak: lamps, horn and telematics may fail. Have battery and converter checked within days.', graph: 'auxVoltage', insights: ['supplyVoltage', 'ignition'], over: { onDelay: 60, offDelay: 300 } },
  { key: 'vcuFaultBmsLost', tab: 'vcu', severity: 'high', action: 'The VCU does not hear the BMS: battery values and alarms are as last known. Ask the rider to switch off and on; have the CAN wiring checked.', graph: 'packVoltage', insights: ['canState', 'auxVoltage', 'soc'], over: { onDelay: 5, offDelay: 5 } },
  { key: 'vcuFaultMcuLost', tab: 'vcu', severity: 'high', action: 'The VCU does not hear the motor controller. Ask the rider to switch off and on; have the CAN wiring checked.', graph: 'motorRpm', insights: ['canState', 'auxVoltage'], over: { onDelay: 5, offDelay: 5 } },
  { key: 'vcuFaultThermalWarning', tab: 'vcu', severity: 'critical', action: 'Call the rider at once: stop in the open, leave the vehicle, keep people 15 m away. If there is smoke, call the fire service. Never charge it.', graph: 'batteryTempMax', insights: [...BATTERY, 'cellVoltageMin'], over: THERMAL },
  { key: 'vcuFaultTipOver', tab: 'vcu', severity: 'critical', action: 'Call the rider; send help to the position if nobody answers.', graph: 'speed', insights: ['speed', 'ignition', 'sideStand'], over: { onDelay: 5, offDelay: 5 } },
  { key: 'vcuFaultInternal', tab: 'vcu', severity: 'high', action: 'Ask the rider to switch off and on. If it stays, book a workshop visit and note the trouble codes.', graph: 'auxVoltage', insights: ['supplyVoltage', 'canState'] },
];

export const BIT_RULES: readonly BitRule[] = [...BMS, ...OTHERS];
