import { defineResource, type RowOf } from './define-resource.ts';
import { phone, reference, text } from './field.ts';

/** A further user of a vehicle; the primary one is in its sale. A phone number belongs to one vehicle across both. */
export const groupMember = defineResource({
  name: 'group-member',
  label: { one: 'Group member', many: 'Group members' },
  title: 'userName',
  fields: {
    phone: phone({ label: 'Mobile Number', mandatory: 'always', unique: 'phone', searchable: true }),
    userName: text({ label: 'User Name', max: 100, mandatory: 'always', searchable: true }),
    productId: reference({ label: 'VIN No', to: 'product', mandatory: 'always' }),
  },
  joined: {
    vin: { resource: 'product', field: 'vin', through: 'productId', label: 'VIN No', searchable: true },
  },
  scope: { resource: 'sale', by: 'productId', on: 'productId', field: 'customerId' },
  rows: 'many',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['vin', 'userName', 'phone'],
  form: { add: ['phone', 'userName', 'productId'], edit: ['phone', 'userName', 'productId'] },
  details: [{ title: 'Group member details', fields: ['phone', 'userName', 'vin'] }],
  sort: { column: 'vin', direction: 'asc' },
  exchange: { vin: 'VIN No', userName: 'User Name', phone: 'Mobile Number' },
});

export type GroupMemberRow = RowOf<typeof groupMember.fields>;
