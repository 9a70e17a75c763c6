import { defineResource, type RowOf } from './define-resource.ts';
import { email, phone, reference, text } from './field.ts';

/** An organisation that owns vehicles; the unit of access scope. Names are unique because bulk upload names customers. */
export const customer = defineResource({
  name: 'customer',
  label: { one: 'Customer', many: 'Customers' },
  title: 'name',
  fields: {
    name: text({ label: 'Customer Name', max: 120, mandatory: 'always', unique: 'text', searchable: true }),
    address: text({ label: 'Address', max: 300, mandatory: 'always', searchable: true }),
    locationId: reference({ label: 'City', to: 'location', mandatory: 'always' }),
    pinCode: text({ label: 'Pin Code', max: 10, pattern: /^[0-9A-Za-z][0-9A-Za-z -]{3,9}$/, hint: 'Enter 4 to 10 letters or digits.', mandatory: 'always', searchable: true }),
    phone: phone({ label: 'Mobile Number', mandatory: 'always', searchable: true }),
    email: email({ label: 'Email Id', mandatory: 'always', searchable: true }),
  },
  joined: {
    city: { resource: 'location', field: 'city', through: 'locationId', searchable: true },
    state: { resource: 'location', field: 'state', through: 'locationId', label: 'Location', searchable: true },
  },
  scope: { field: 'id' },
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['name', 'address', 'city', 'pinCode', 'phone', 'email', 'state'],
  form: { add: ['name', 'address', 'locationId', 'pinCode', 'phone', 'email'], edit: ['name', 'address', 'locationId', 'pinCode', 'phone', 'email'] },
  details: [{ title: 'Customer', fields: ['name', 'address', 'city', 'state', 'pinCode', 'phone', 'email'] }],
  filters: ['locationId'],
  sort: { column: 'name', direction: 'asc' },
  exchange: { name: 'Customer Name' },
});

export type CustomerRow = RowOf<typeof customer.fields>;
