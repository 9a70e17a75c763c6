import { defineResource, type RowOf } from './define-resource.ts';
import { choice, identifier, instant, reference, text } from './field.ts';
import { COMMUNICATION_TYPES } from './product.ts';

/** That a vehicle got another unit, another communication type or another model: who, when, from what to what, and why. Never changed. */
export const swap = defineResource({
  name: 'swap',
  label: { one: 'Swap', many: 'Swaps' },
  title: 'vin',
  fields: {
    productId: reference({ label: 'Vehicle', to: 'product', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    at: instant({ label: 'When', mandatory: 'always', fixed: true }),
    author: text({ label: 'By', mandatory: 'always', fixed: true, searchable: true }),
    vin: identifier({ label: 'VIN No', mandatory: 'always', fixed: true, searchable: true }),
    fromTelematicsId: identifier({ label: 'Old VCU ID', mandatory: 'always', fixed: true, searchable: true }),
    toTelematicsId: identifier({ label: 'New VCU ID', mandatory: 'always', fixed: true, searchable: true }),
    fromDeviceId: identifier({ label: 'Old Device ID', max: 100, pattern: /^\S+$/u, mandatory: 'always', fixed: true, searchable: true }),
    toDeviceId: identifier({ label: 'New Device ID', max: 100, pattern: /^\S+$/u, mandatory: 'always', fixed: true, searchable: true }),
    fromCommunication: choice({ label: 'Old Communication Type', values: COMMUNICATION_TYPES, mandatory: 'always', fixed: true }),
    toCommunication: choice({ label: 'New Communication Type', values: COMMUNICATION_TYPES, mandatory: 'always', fixed: true }),
    fromModel: text({ label: 'Old Model', mandatory: 'always', fixed: true, searchable: true }),
    toModel: text({ label: 'New Model', mandatory: 'always', fixed: true, searchable: true }),
    reason: text({ label: 'Reason', max: 500, mandatory: 'always', fixed: true, searchable: true }),
  },
  scope: { resource: 'sale', by: 'productId', on: 'productId', field: 'customerId' },
  permissions: { read: 'admin.read' },
  grid: ['at', 'vin', 'fromTelematicsId', 'toTelematicsId', 'fromDeviceId', 'toDeviceId', 'fromCommunication', 'toCommunication', 'fromModel', 'toModel', 'author', 'reason'],
  details: [
    { title: 'Swap', fields: ['at', 'author', 'vin', 'reason'] },
    { title: 'Before', fields: ['fromTelematicsId', 'fromDeviceId', 'fromCommunication', 'fromModel'] },
    { title: 'After', fields: ['toTelematicsId', 'toDeviceId', 'toCommunication', 'toModel'] },
  ],
  sort: { column: 'at', direction: 'desc' },
});

export type SwapRow = RowOf<typeof swap.fields>;
