import { defineResource, type RowOf } from './define-resource.ts';
import { choice, date, phone, reference, text } from './field.ts';

export const PRODUCT_STATUSES = [
  { value: 'Sold', label: 'Sold' },
  { value: 'Demo', label: 'Demo' },
  { value: 'Factory', label: 'Factory' },
  { value: 'Testing', label: 'Testing' },
  { value: 'In Transit', label: 'In Transit' },
  { value: 'In Stock', label: 'In Stock' },
] as const;

/** The sale of one vehicle: who owns and rides it, and since when. Comes with its product and goes with it. */
export const sale = defineResource({
  name: 'sale',
  label: { one: 'Sale', many: 'Sales' },
  title: 'productId',
  fields: {
    productId: reference({ label: 'VIN No', to: 'product', mandatory: 'always', unique: 'exact', fixed: true }),
    customerId: reference({ label: 'Customer', to: 'customer', mandatory: 'form' }),
    locationId: reference({ label: 'City', to: 'location', mandatory: 'form' }),
    userName: text({ label: 'User Name', max: 100, mandatory: 'form', searchable: true }),
    phone: phone({ label: 'Phone Number', mandatory: 'form', unique: 'phone', searchable: true }),
    address1: text({ label: 'User Address Line 1' }),
    address2: text({ label: 'User Address Line 2' }),
    address3: text({ label: 'User Address Line 3' }),
    purchaseDate: date({ label: 'Purchase Date' }),
    warrantyEnd: date({ label: 'Warranty End Date' }),
    serviceDate: date({ label: 'Service Date' }),
    manufacturingDate: date({ label: 'Manufacturing Date' }),
    productStatus: choice({ label: 'Product Status', values: PRODUCT_STATUSES, mandatory: 'always' }),
  },
  joined: {
    vin: { resource: 'product', field: 'vin', through: 'productId', searchable: true },
    customer: { resource: 'customer', field: 'name', through: 'customerId', label: 'Customer Name', searchable: true },
    bmsId: { resource: 'product', field: 'bmsId', through: 'productId', label: 'BMS ID', searchable: true },
    telematicsId: { resource: 'product', field: 'telematicsId', through: 'productId', label: 'VCU ID', searchable: true },
    deviceId: { resource: 'product', field: 'deviceId', through: 'productId', searchable: true },
    motorId: { resource: 'product', field: 'motorId', through: 'productId', searchable: true },
    communicationType: { resource: 'product', field: 'communicationType', through: 'productId' },
    city: { resource: 'location', field: 'city', through: 'locationId', searchable: true },
  },
  scope: { field: 'customerId' },
  rows: 'many',
  permissions: { read: 'sales.read', write: 'admin.write' },
  grid: ['vin', 'customer', 'bmsId', 'telematicsId', 'deviceId', 'motorId', 'warrantyEnd', 'userName'],
  form: { edit: ['customerId', 'locationId', 'userName', 'phone', 'address1', 'address2', 'address3', 'purchaseDate', 'warrantyEnd', 'serviceDate', 'manufacturingDate', 'productStatus'], shown: ['vin'] },
  details: [
    { title: 'Component details', fields: ['vin', 'bmsId', 'telematicsId', 'deviceId', 'communicationType', 'motorId'] },
    { title: 'Customer details', fields: ['customer', 'userName', 'phone', 'city', 'address1', 'address2', 'address3', 'purchaseDate', 'warrantyEnd'] },
    { title: 'Sales info', fields: ['productStatus', 'manufacturingDate', 'serviceDate'] },
  ],
  filters: ['productStatus', 'customerId', 'locationId'],
  sort: { column: 'vin', direction: 'asc' },
  exchange: { vin: 'VIN No', telematicsId: 'VCU ID', productStatus: 'Product Status', city: 'Vehicle Location', customer: 'Customer Name', userName: 'User Name', phone: 'User Mobile Number' },
});

export type SaleRow = RowOf<typeof sale.fields>;
