import { defineResource, type RowOf } from './define-resource.ts';
import { choice, identifier, reference, text } from './field.ts';

export const COMMUNICATION_TYPES = [
  { value: 'Cellular', label: 'Cellular' },
  { value: 'WiFi', label: 'WiFi' },
  { value: 'BLE', label: 'BLE' },
  { value: 'Cellular + BLE', label: 'Cellular + BLE' },
  { value: 'WiFi + BLE', label: 'WiFi + BLE' },
  { value: 'Cellular + WiFi', label: 'Cellular + WiFi' },
  { value: 'Cellular + WiFi + BLE', label: 'Cellular + WiFi + BLE' },
] as const;

export const LEASE_TYPES = [{ value: 'Rental', label: 'Rental' }] as const;

/** A Device ID is one level of an MQTT topic and the unit's client id: no separators, wildcards or spaces. */
export const DEVICE_ID_PATTERN = /^[^\s/+#$\p{Cc}][^\s/+#\p{Cc}]*$/u;

/** A vehicle with the numbers of its parts. Telematics ID and Device ID change by swapping the unit, never by an edit. */
export const product = defineResource({
  name: 'product',
  label: { one: 'Product', many: 'Products' },
  title: 'vin',
  hint: ['telematicsId', 'registration'],
  fields: {
    telematicsId: identifier({ label: 'Telematics ID', help: 'The VCU or VTS number.', mandatory: 'always', unique: 'identifier', searchable: true, fixed: true, merge: 'strict' }),
    deviceId: identifier({ label: 'Device ID', max: 100, pattern: DEVICE_ID_PATTERN, hint: 'No spaces and no / + #.', mandatory: 'always', unique: 'identifier', searchable: true, fixed: true, merge: 'strict' }),
    vin: identifier({ label: 'VIN No', mandatory: 'always', unique: 'identifier', searchable: true }),
    motorId: identifier({ label: 'Motor ID', mandatory: 'always', unique: 'identifier', searchable: true }),
    bmsId: identifier({ label: 'BMS ID', mandatory: 'always', unique: 'identifier', searchable: true }),
    registration: identifier({ label: 'Registration Number', max: 20, searchable: true }),
    simNumber: identifier({ label: 'VCU SIM Number', max: 22, searchable: true }),
    modelId: reference({ label: 'Model', to: 'vehicle-model', mandatory: 'always' }),
    batteryModel: text({ label: 'Battery Model', max: 60, mandatory: 'always', searchable: true }),
    communicationType: choice({ label: 'Communication Type', values: COMMUNICATION_TYPES, mandatory: 'always' }),
    leaseType: choice({ label: 'Lease Type', values: LEASE_TYPES, feature: 'subscription' }),
  },
  joined: {
    model: { resource: 'vehicle-model', field: 'name', through: 'modelId', label: 'Vehicle Model', searchable: true },
    productStatus: { resource: 'sale', field: 'productStatus', by: 'productId', label: 'Product (sold) Status' },
  },
  scope: { resource: 'sale', by: 'productId', field: 'customerId' },
  rows: 'many',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['telematicsId', 'deviceId', 'vin', 'motorId', 'bmsId', 'registration', 'simNumber', 'model', 'batteryModel', 'communicationType', 'productStatus'],
  form: {
    add: ['modelId', 'vin', 'motorId', 'telematicsId', 'deviceId', 'bmsId', 'communicationType', 'batteryModel', 'registration', 'simNumber', 'leaseType'],
    edit: ['modelId', 'vin', 'motorId', 'bmsId', 'communicationType', 'batteryModel', 'registration', 'simNumber', 'leaseType'],
    shown: ['telematicsId', 'deviceId'],
  },
  details: [
    { title: 'Vehicle', fields: ['vin', 'registration', 'model', 'productStatus', 'leaseType'] },
    { title: 'Telematics', fields: ['telematicsId', 'deviceId', 'simNumber', 'communicationType'] },
    { title: 'Battery and motor', fields: ['bmsId', 'batteryModel', 'motorId'] },
  ],
  filters: ['modelId', 'communicationType', 'productStatus'],
  sort: { column: 'vin', direction: 'asc' },
  exchange: { vin: 'VIN No', telematicsId: 'VCU ID', registration: 'Registration Number' },
});

export type ProductRow = RowOf<typeof product.fields>;
