import { defineResource, type RowOf } from './define-resource.ts';
import { choice, identifier, instant, integer, number, reference, text } from './field.ts';

export const STATION_STATES = [
  { value: 'Open', label: 'Open' },
  { value: 'Closed', label: 'Closed' },
  { value: 'Maintenance', label: 'Maintenance' },
] as const;

/** A station where riders change an empty battery for a full one. */
export const station = defineResource({
  name: 'station',
  label: { one: 'Swapping station', many: 'Swapping stations' },
  title: 'name',
  fields: {
    name: text({ label: 'Station', max: 100, mandatory: 'always', unique: 'text', searchable: true }),
    locationId: reference({ label: 'City', to: 'location', mandatory: 'always' }),
    address: text({ label: 'Address', max: 300, mandatory: 'always', searchable: true }),
    latitude: number({ label: 'Latitude', unit: '°', min: -90, max: 90, mandatory: 'always' }),
    longitude: number({ label: 'Longitude', unit: '°', min: -180, max: 180, mandatory: 'always' }),
    slots: integer({ label: 'Slots', min: 1, max: 200, mandatory: 'always' }),
    status: choice({ label: 'Status', values: STATION_STATES, mandatory: 'always' }),
  },
  joined: {
    city: { resource: 'location', field: 'city', through: 'locationId', searchable: true },
  },
  scope: 'all',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['name', 'city', 'address', 'slots', 'status', 'latitude', 'longitude'],
  form: { add: ['name', 'locationId', 'address', 'latitude', 'longitude', 'slots', 'status'], edit: ['name', 'locationId', 'address', 'latitude', 'longitude', 'slots', 'status'] },
  details: [{ title: 'Station', fields: ['name', 'city', 'address', 'latitude', 'longitude', 'slots', 'status'] }],
  filters: ['status', 'locationId'],
  sort: { column: 'name', direction: 'asc' },
  exchange: { name: 'Station', city: 'City', address: 'Address', latitude: 'Latitude', longitude: 'Longitude', slots: 'Slots', status: 'Status' },
});

export type StationRow = RowOf<typeof station.fields>;

export const SLOT_STATES = [
  { value: 'Charging', label: 'Charging' },
  { value: 'Ready', label: 'Ready' },
  { value: 'Faulty', label: 'Faulty' },
] as const;

/** A battery in a slot of a station; a slot without a row is empty. */
export const stationSlot = defineResource({
  name: 'station-slot',
  label: { one: 'Slot', many: 'Slots' },
  title: 'bmsId',
  fields: {
    stationId: reference({ label: 'Station', to: 'station', mandatory: 'always', fixed: true }),
    slot: integer({ label: 'Slot', min: 1, max: 200, mandatory: 'always' }),
    bmsId: identifier({ label: 'BMS ID', mandatory: 'always', unique: 'identifier', searchable: true }),
    soc: number({ label: 'SoC', unit: '%', min: 0, max: 100 }),
    state: choice({ label: 'State', values: SLOT_STATES, mandatory: 'always' }),
  },
  uniqueTogether: { key: 'place', fields: ['stationId', 'slot'] },
  joined: {
    station: { resource: 'station', field: 'name', through: 'stationId', searchable: true },
  },
  scope: 'all',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['station', 'slot', 'bmsId', 'soc', 'state'],
  form: { add: ['stationId', 'slot', 'bmsId', 'soc', 'state'], edit: ['slot', 'bmsId', 'soc', 'state'] },
  details: [{ title: 'Slot', fields: ['station', 'slot', 'bmsId', 'soc', 'state'] }],
  filters: ['stationId', 'state'],
  sort: { column: 'slot', direction: 'asc' },
});

export type StationSlotRow = RowOf<typeof stationSlot.fields>;

/** A battery that went out of a vehicle at a station, and the one that went in. Never changed. */
export const batterySwap = defineResource({
  name: 'battery-swap',
  label: { one: 'Battery swap', many: 'Battery swaps' },
  title: 'batteryIn',
  fields: {
    stationId: reference({ label: 'Station', to: 'station', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    productId: reference({ label: 'VIN No', to: 'product', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    slot: integer({ label: 'Slot', min: 1, max: 200, mandatory: 'always', fixed: true }),
    batteryOut: identifier({ label: 'Battery out', mandatory: 'always', searchable: true, fixed: true }),
    batteryIn: identifier({ label: 'Battery in', mandatory: 'always', searchable: true, fixed: true }),
    at: instant({ label: 'Time', mandatory: 'always', fixed: true }),
    by: text({ label: 'By', max: 254, mandatory: 'always', searchable: true, fixed: true }),
  },
  joined: {
    station: { resource: 'station', field: 'name', through: 'stationId', searchable: true },
    vin: { resource: 'product', field: 'vin', through: 'productId', label: 'VIN No', searchable: true },
  },
  scope: { resource: 'sale', by: 'productId', on: 'productId', field: 'customerId' },
  rows: 'many',
  permissions: { read: 'admin.read' },
  grid: ['at', 'station', 'vin', 'batteryOut', 'batteryIn', 'slot', 'by'],
  details: [{ title: 'Swap', fields: ['at', 'station', 'vin', 'slot', 'batteryOut', 'batteryIn', 'by'] }],
  filters: ['stationId', 'productId', 'at'],
  sort: { column: 'at', direction: 'desc' },
});

export type BatterySwapRow = RowOf<typeof batterySwap.fields>;
