import { NO_YES, OFF_ON, entriesOf } from './builders.ts';
import type { ParameterEntry } from './entry.ts';

const { measure, state, flag, alarm, text } = entriesOf('VCU');
const other = entriesOf('Other');

/** 1–127: the telematics unit itself, its position and radio. */
export const UNIT_ENTRIES: readonly ParameterEntry[] = [
  measure(1, 'lat', 'Latitude', '°', 5, { limits: [-90, 90], deadBand: 0.00002, storagePeriod: 10_000, vss: 'Vehicle.CurrentLocation.Latitude', aliases: ['latitude'] }),
  measure(2, 'lon', 'Longitude', '°', 5, { limits: [-180, 180], deadBand: 0.00002, storagePeriod: 10_000, vss: 'Vehicle.CurrentLocation.Longitude', aliases: ['lng', 'longitude'] }),
  measure(3, 'gpsSpeed', 'GPS speed', 'km/h', 1, { limits: [0, 400], max: 100, deadBand: 1, storagePeriod: 10_000 }),
  measure(4, 'heading', 'Heading', '°', 0, { limits: [0, 360], deadBand: 5, storagePeriod: 10_000, vss: 'Vehicle.CurrentLocation.Heading' }),
  measure(5, 'satellites', 'Satellites', '', 0, { limits: [0, 64], min: 4, deadBand: 1 }),
  measure(6, 'hdop', 'HDOP', '', 1, { limits: [0, 99], max: 5, deadBand: 0.5, notAvailable: [99, 99.9, 99.99] }),
  measure(7, 'altitude', 'Altitude', 'm', 0, { limits: [-500, 10_000], deadBand: 5, vss: 'Vehicle.CurrentLocation.Altitude' }),
  measure(10, 'gsmSignal', 'Signal strength', '', 0, { limits: [0, 31], min: 5, deadBand: 2, aliases: ['csq'] }),
  measure(11, 'supplyVoltage', 'Unit supply voltage', 'V', 2, { limits: [0, 120], deadBand: 0.2, neverZero: true, aliases: ['unitVoltage'] }),
  measure(12, 'unitTemp', 'Unit temperature', '°C', 0, { limits: [-60, 150], min: -20, max: 75, deadBand: 2 }),
  text(13, 'firmwareVersion', 'Firmware version', { aliases: ['firmware'] }),
  text(14, 'hardwareVersion', 'Hardware version'),
  text(15, 'simNumber', 'SIM number', { aliases: ['iccid'] }),
  text(16, 'networkOperator', 'Network operator'),
];

/** 128–255: the vehicle as its control unit sees it. */
export const VEHICLE_ENTRIES: readonly ParameterEntry[] = [
  measure(128, 'speed', 'Speed', 'km/h', 1, { min: 0, max: 100, deadBand: 0.5, storagePeriod: 10_000, vss: 'Vehicle.Speed', aliases: ['wheelSpeed'] }),
  measure(129, 'odometer', 'Odometer', 'km', 1, { limits: [0, 10_000_000], deadBand: 0.05, vss: 'Vehicle.TraveledDistance' }),
  measure(130, 'range', 'Range', 'km', 0, { limits: [0, 2_000], deadBand: 1, vss: 'Vehicle.Powertrain.Range' }),
  flag(131, 'ignition', 'Ignition', OFF_ON),
  flag(132, 'sideStand', 'Side stand', { 0: 'Up', 1: 'Down' }),
  state(133, 'gear', 'Gear', { 0: 'Neutral', 1: 'Drive', 2: 'Reverse', 3: 'Park' }, { vss: 'Vehicle.Powertrain.Transmission.CurrentGear' }),
  state(134, 'immobilizer', 'Immobilizer', { 0: 'Released', 1: 'Pending', 2: 'Immobilized' }),
  flag(135, 'regenEnabled', 'Regeneration enabled', OFF_ON),
  measure(136, 'auxVoltage', '12 V supply', 'V', 2, { min: 11.5, max: 14.8, deadBand: 0.1, neverZero: true, vss: 'Vehicle.LowVoltageBattery.CurrentVoltage' }),
  flag(137, 'parkingBrake', 'Parking brake', { 0: 'Released', 1: 'Set' }, { vss: 'Vehicle.Chassis.ParkingBrake.IsEngaged' }),
  measure(138, 'tripDistance', 'Trip distance', 'km', 1, { limits: [0, 100_000], deadBand: 0.05 }),
  measure(139, 'ambientTemp', 'Ambient temperature', '°C', 0, { limits: [-60, 90], min: -20, max: 55, deadBand: 1, vss: 'Vehicle.Exterior.AirTemperature' }),
  text(140, 'vin', 'VIN as reported', { vss: 'Vehicle.VehicleIdentification.VIN' }),
  state(141, 'vehicleState', 'Vehicle state', { 0: 'Off', 1: 'Ready', 2: 'Driving', 3: 'Charging', 4: 'Fault' }),
  measure(142, 'consumption', 'Consumption', 'Wh/km', 0, { limits: [-1_000, 1_000], deadBand: 2 }),
  alarm(192, 'vcuFaultAuxLow', '12 V supply low'),
  alarm(193, 'vcuFaultBmsLost', 'BMS not heard'),
  alarm(194, 'vcuFaultMcuLost', 'MCU not heard'),
  alarm(195, 'vcuFaultThermalWarning', 'Thermal warning'),
  alarm(196, 'vcuFaultTipOver', 'Tip-over'),
  alarm(197, 'vcuFaultInternal', 'VCU internal fault'),
];

/** 1536–1599: what belongs to no unit of the vehicle, such as the counters of the CAN bus. */
export const OTHER_ENTRIES: readonly ParameterEntry[] = [
  other.measure(1536, 'canLoad', 'CAN bus load', '%', 1, { limits: [0, 100], max: 70, deadBand: 2 }),
  other.measure(1537, 'canErrors', 'CAN error frames', '', 0, { deadBand: 10 }),
  other.measure(1538, 'canLost', 'CAN frames lost', '', 0, { deadBand: 10 }),
  other.measure(1539, 'unitQueue', 'Messages waiting in the unit', '', 0, { max: 100, deadBand: 5 }),
  other.state(1540, 'canState', 'CAN bus state', { 0: 'Active', 1: 'Warning', 2: 'Passive', 3: 'Bus off' }, { min: 0, max: 0 }),
  other.flag(1541, 'doorOpen', 'Door open', NO_YES),
];
