import { defineResource, type RowOf } from './define-resource.ts';
import { choice, identifier, instant } from './field.ts';
import { DEVICE_ID_PATTERN } from './product.ts';

/**
 * A telematics unit; its id is UUIDv5 of the Device ID, so every node knows it before any table does. Device IDs are compared
 * exactly, as MQTT topics are.
 */
export const unit = defineResource({
  name: 'unit',
  label: { one: 'Unit', many: 'Units' },
  title: 'deviceId',
  fields: {
    deviceId: identifier({ label: 'Device ID', max: 100, pattern: DEVICE_ID_PATTERN, mandatory: 'always', unique: 'exact', searchable: true, fixed: true }),
    telematicsId: identifier({ label: 'Telematics ID', unique: 'identifier', searchable: true }),
    kind: choice({ label: 'Type', values: [{ value: 'VCU', label: 'VCU' }, { value: 'VTS', label: 'VTS' }], mandatory: 'always' }),
    source: choice({ label: 'Known from', values: [{ value: 'registered', label: 'Registered' }, { value: 'seen', label: 'Seen on the broker' }], mandatory: 'always' }),
    firstSeenAt: instant({ label: 'First seen' }),
  },
  scope: 'none',
  permissions: { read: 'admin.read' },
  grid: ['deviceId', 'telematicsId', 'kind', 'source', 'firstSeenAt'],
  filters: ['kind', 'source'],
  sort: { column: 'deviceId', direction: 'asc' },
});

export type UnitRow = RowOf<typeof unit.fields>;
