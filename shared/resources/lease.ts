import { defineResource, type RowOf } from './define-resource.ts';
import { choice, date, reference, text, yesNo } from './field.ts';
import { LEASE_TYPES } from './product.ts';

export const LEASE_DURATIONS = [
  { value: '30', label: 'Monthly (30 days)' },
  { value: '180', label: '6 Months (180 days)' },
] as const;

export const PAYMENT_STATES = [
  { value: 'Success', label: 'Success' },
  { value: 'Pending', label: 'Pending' },
] as const;

/** Where a lease stands by its expiry date (shared/domain/lease/lease.ts). */
export const LEASE_STATES = [
  { value: 'Active', label: 'Active' },
  { value: 'Expiring', label: 'Expiring' },
  { value: 'Expired', label: 'Expired' },
] as const;

/** Whether the vehicle is, or is to be, immobilized for its lease. */
export const LOCK_STATES = [
  { value: 'Unlocked', label: 'Unlocked' },
  { value: 'Lock due', label: 'Lock due' },
  { value: 'Locked', label: 'Locked' },
  { value: 'Unlock due', label: 'Unlock due' },
] as const;

/** The lease of a vehicle, for installations with subscription. Its two states are kept by the product itself, day by day. */
export const lease = defineResource({
  name: 'lease',
  label: { one: 'Lease', many: 'Leases' },
  title: 'productId',
  fields: {
    productId: reference({ label: 'Vehicle Id', to: 'product', mandatory: 'always', unique: 'exact', fixed: true }),
    expiryDate: date({ label: 'Expiry Date', mandatory: 'always' }),
    lastRenewal: date({ label: 'Last Renewal', mandatory: 'always' }),
    duration: choice({ label: 'Lease Duration', values: LEASE_DURATIONS, mandatory: 'always' }),
    leaseType: choice({ label: 'Lease Type', values: LEASE_TYPES, mandatory: 'always' }),
    description: text({ label: 'Description', max: 500, mandatory: 'always', searchable: true }),
    orderStatus: choice({ label: 'Order Status', values: PAYMENT_STATES, mandatory: 'always' }),
    paymentStatus: choice({ label: 'Payment Status', values: PAYMENT_STATES, mandatory: 'always' }),
    paymentReference: text({ label: 'Payment Ref No', max: 80, searchable: true }),
    lockOnExpiry: yesNo({ label: 'Lock when expired and unpaid', help: 'An expired, unpaid lease is marked Lock due; paying or renewing it calls that off.' }),
    leaseStatus: choice({ label: 'Lease Status', values: LEASE_STATES }),
    lockStatus: choice({ label: 'Lock Status', values: LOCK_STATES }),
  },
  joined: {
    vin: { resource: 'product', field: 'vin', through: 'productId', label: 'VIN No', searchable: true },
    userName: { resource: 'sale', field: 'userName', by: 'productId', on: 'productId', label: 'User Name', searchable: true },
  },
  scope: { resource: 'sale', by: 'productId', on: 'productId', field: 'customerId' },
  rows: 'many',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['vin', 'expiryDate', 'lastRenewal', 'paymentStatus', 'orderStatus', 'duration', 'paymentReference', 'userName', 'lockStatus', 'leaseStatus'],
  form: {
    add: ['productId', 'expiryDate', 'lastRenewal', 'duration', 'leaseType', 'description', 'orderStatus', 'paymentStatus', 'paymentReference', 'lockOnExpiry'],
    edit: ['expiryDate', 'lastRenewal', 'duration', 'leaseType', 'description', 'orderStatus', 'paymentStatus', 'paymentReference', 'lockOnExpiry'],
  },
  details: [
    { title: 'Operation', fields: ['vin', 'lastRenewal', 'expiryDate', 'duration', 'userName', 'paymentReference'] },
    { title: 'Lease', fields: ['leaseType', 'description', 'orderStatus', 'paymentStatus', 'leaseStatus', 'lockStatus', 'lockOnExpiry'] },
  ],
  filters: ['leaseStatus', 'lockStatus', 'paymentStatus', 'orderStatus'],
  sort: { column: 'expiryDate', direction: 'asc' },
  exchange: { vin: 'VIN No', expiryDate: 'Expiry Date', lastRenewal: 'Last Renewal', duration: 'Lease Duration', leaseType: 'Lease Type', description: 'Description', orderStatus: 'Order Status', paymentStatus: 'Payment Status', paymentReference: 'Payment Ref No' },
});

export type LeaseRow = RowOf<typeof lease.fields>;
