import { NO_YES, entriesOf } from './builders.ts';
import type { ParameterEntry } from './entry.ts';

const motor = entriesOf('MCU');
const charger = entriesOf('Charger');

/** 1024–1279: motor and its controller. */
export const MOTOR_ENTRIES: readonly ParameterEntry[] = [
  motor.measure(1024, 'motorRpm', 'Motor speed', 'rpm', 0, { limits: [-50_000, 50_000], max: 12_000, deadBand: 20, storagePeriod: 10_000, vss: 'Vehicle.Powertrain.ElectricMotor.Speed' }),
  motor.measure(1025, 'motorTorque', 'Motor torque', 'Nm', 1, { limits: [-5_000, 5_000], deadBand: 0.5, vss: 'Vehicle.Powertrain.ElectricMotor.Torque' }),
  motor.measure(1026, 'phaseCurrent', 'Phase current', 'A', 1, { limits: [-3_000, 3_000], deadBand: 2 }),
  motor.measure(1027, 'dcVoltage', 'Controller input voltage', 'V', 1, { limits: [0, 1_000], deadBand: 0.5, neverZero: true }),
  motor.measure(1028, 'controllerTemp', 'Controller temperature', '°C', 0, { limits: [-100, 300], min: -20, max: 85, deadBand: 1 }),
  motor.measure(1029, 'motorTemp', 'Motor temperature', '°C', 0, { limits: [-100, 400], min: -20, max: 120, deadBand: 1, vss: 'Vehicle.Powertrain.ElectricMotor.Temperature' }),
  motor.measure(1030, 'throttle', 'Throttle', '%', 0, { limits: [0, 110], deadBand: 2, vss: 'Vehicle.Chassis.Accelerator.PedalPosition' }),
  motor.measure(1031, 'motorPower', 'Motor power', 'W', 0, { deadBand: 50, vss: 'Vehicle.Powertrain.ElectricMotor.Power' }),
  motor.state(1040, 'driveMode', 'Drive mode', { 0: 'Off', 1: 'Eco', 2: 'City', 3: 'Sport', 4: 'Limp home' }),
  motor.flag(1041, 'brake', 'Brake', { 0: 'Released', 1: 'Pressed' }),
  motor.flag(1042, 'regenActive', 'Regenerating', NO_YES),
  motor.text(1048, 'mcuSoftware', 'MCU software'),
  motor.alarm(1088, 'mcuFaultOverTemp', 'Controller over-temperature'),
  motor.alarm(1089, 'mcuFaultMotorOverTemp', 'Motor over-temperature'),
  motor.alarm(1090, 'mcuFaultOverCurrent', 'Motor over-current'),
  motor.alarm(1091, 'mcuFaultOverVoltage', 'Controller over-voltage'),
  motor.alarm(1092, 'mcuFaultUnderVoltage', 'Controller under-voltage'),
  motor.alarm(1093, 'mcuFaultRotorSensor', 'Rotor position sensor'),
  motor.alarm(1094, 'mcuFaultThrottle', 'Throttle fault'),
  motor.alarm(1095, 'mcuFaultComm', 'MCU communication fault'),
  motor.alarm(1096, 'mcuFaultPhase', 'Motor phase fault'),
];

/** 1280–1535: charger. */
export const CHARGER_ENTRIES: readonly ParameterEntry[] = [
  charger.measure(1280, 'chargerVoltage', 'Charger voltage', 'V', 1, { limits: [0, 1_000], deadBand: 0.5 }),
  charger.measure(1281, 'chargerCurrent', 'Charger current', 'A', 1, { limits: [-500, 500], deadBand: 0.2 }),
  charger.measure(1282, 'chargerTemp', 'Charger temperature', '°C', 0, { limits: [-100, 300], min: -20, max: 75, deadBand: 1 }),
  charger.measure(1283, 'chargerInputVoltage', 'Charger input voltage', 'V', 0, { limits: [0, 1_000], deadBand: 2 }),
  charger.state(1296, 'chargerState', 'Charger state', { 0: 'Idle', 1: 'Handshake', 2: 'Charging', 3: 'Complete', 4: 'Fault' }),
  charger.flag(1297, 'chargerPlugged', 'Charger plugged in', NO_YES, { vss: 'Vehicle.Powertrain.TractionBattery.Charging.IsChargingCableConnected' }),
  charger.alarm(1344, 'chargerFaultHardware', 'Charger hardware fault'),
  charger.alarm(1345, 'chargerFaultOverTemp', 'Charger over-temperature'),
  charger.alarm(1346, 'chargerFaultInput', 'Charger input fault'),
  charger.alarm(1347, 'chargerFaultOutput', 'Charger output fault'),
  charger.alarm(1348, 'chargerFaultComm', 'Charger communication fault'),
];
