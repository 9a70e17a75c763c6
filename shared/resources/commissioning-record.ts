import { z } from 'zod';
import { BENCH_CHECKS } from '../domain/commissioning/bench.ts';
import { defineResource, type RowOf } from './define-resource.ts';
import { choice, identifier, instant, json, reference, text } from './field.ts';
import { product } from './product.ts';
import { sale } from './sale.ts';

export const benchResult = z.object({
  check: z.enum(BENCH_CHECKS),
  state: z.enum(['pass', 'fail', 'wait', 'note']),
  reason: z.enum(['ok', 'silent', 'stale', 'no-dbc', 'missing', 'too-often', 'listening', 'out-of-range', 'no-values', 'not-reported', 'other-battery', 'open', 'no-fix', 'weak-fix', 'not-set', 'other-version']),
  measured: z.string().max(200).optional(),
  expected: z.string().max(200).optional(),
  items: z.array(z.string().max(200)).max(20).optional(),
});

/** One row as it was before a commissioning: what an undo writes back, and the revision it has to find. */
const rowBefore = z.object({
  resource: z.enum(['product', 'sale']),
  id: z.string(),
  /** Revision after the commissioning. */
  revision: z.number().int(),
  /** Fields that the commissioning changed; absent: it made the row. */
  changed: z.array(z.string()).max(40).optional(),
  /** Values of these fields before it; a field that is not here was empty. */
  before: z.record(z.string(), z.string()).optional(),
});

/** What a person reads in a commissioning record, and what undoes it. */
export const commissioningDetail = z.object({
  /** The bench check as it stood when it was accepted; absent where it was skipped. */
  checks: z.array(benchResult).max(20).optional(),
  /** When the check was accepted, epoch ms. */
  checkedAt: z.number().int().optional(),
  /** Number of parts that were taken from stand-in frames, with the frame. */
  released: z.array(z.object({ part: z.enum(['vcu', 'battery', 'motor']), vin: z.string() })).max(3),
  city: z.string().optional(),
  address: z.array(z.string()).max(3).optional(),
  purchaseDate: z.string().optional(),
  warrantyEnd: z.string().optional(),
  rows: z.array(rowBefore).max(8),
  /** The binding that the commissioning made. */
  bindingId: z.string().optional(),
});
export type CommissioningDetail = z.infer<typeof commissioningDetail>;

/**
 * That a vehicle was commissioned, or that this was undone. Never changed: an undo is a record of its own. The numbers are those of
 * that day, whatever becomes of the vehicle.
 */
export const commissioningRecord = defineResource({
  name: 'commissioning-record',
  label: { one: 'Commissioning record', many: 'Commissioning records' },
  title: 'vin',
  fields: {
    productId: reference({ label: 'Vehicle', to: 'product', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    customerId: reference({ label: 'Customer at the time', to: 'customer', fixed: true, whenDeleted: 'keep' }),
    kind: choice({ label: 'What', values: [{ value: 'commissioned', label: 'Commissioned' }, { value: 'undone', label: 'Undone' }], mandatory: 'always', fixed: true }),
    at: instant({ label: 'When', mandatory: 'always', fixed: true }),
    technician: text({ label: 'By', mandatory: 'always', fixed: true, searchable: true }),
    vin: identifier({ label: 'VIN No', mandatory: 'always', fixed: true, searchable: true }),
    telematicsId: identifier({ label: 'VCU ID', mandatory: 'always', fixed: true, searchable: true }),
    deviceId: identifier({ label: 'Device ID', max: 100, pattern: /^\S+$/u, mandatory: 'always', fixed: true }),
    bmsId: identifier({ label: 'BMS ID', mandatory: 'always', fixed: true, searchable: true }),
    motorId: identifier({ label: 'Motor ID', mandatory: 'always', fixed: true, searchable: true }),
    model: text({ label: 'Vehicle Model', mandatory: 'always', fixed: true, searchable: true }),
    batteryModel: text({ label: 'Battery Model', max: 60, mandatory: 'always', fixed: true }),
    communicationType: product.fields.communicationType,
    customer: text({ label: 'Customer Name', fixed: true, searchable: true }),
    userName: text({ label: 'User Name', max: 100, fixed: true }),
    phone: text({ label: 'Phone Number', max: 30, fixed: true }),
    productStatus: sale.fields.productStatus,
    bench: choice({ label: 'Bench check', values: [{ value: 'passed', label: 'Passed' }, { value: 'overridden', label: 'Accepted in spite of failures' }, { value: 'skipped', label: 'Skipped' }], mandatory: 'always', fixed: true }),
    reason: text({ label: 'Reason', max: 500, fixed: true, searchable: true }),
    detail: json({ label: 'Details', schema: commissioningDetail, mandatory: 'always', fixed: true }),
    undoes: reference({ label: 'Undoes', to: 'commissioning-record', unique: 'exact', fixed: true, whenDeleted: 'keep' }),
  },
  // The customer of that day: the record names its people, who are nothing to whom the vehicle went later.
  scope: { field: 'customerId' },
  permissions: { read: 'admin.read' },
  grid: ['at', 'vin', 'kind', 'telematicsId', 'bmsId', 'motorId', 'model', 'customer', 'bench', 'technician', 'reason'],
  details: [
    { title: 'Commissioning', fields: ['kind', 'at', 'technician', 'bench', 'reason'] },
    { title: 'Vehicle', fields: ['vin', 'telematicsId', 'deviceId', 'bmsId', 'motorId', 'model', 'batteryModel', 'communicationType'] },
    { title: 'Customer details', fields: ['customer', 'userName', 'phone', 'productStatus'] },
  ],
  filters: ['kind', 'bench'],
  sort: { column: 'at', direction: 'desc' },
});

export type CommissioningRecordRow = RowOf<typeof commissioningRecord.fields>;
