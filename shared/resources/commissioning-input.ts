import { z } from 'zod';
import { benchResult } from './commissioning-record.ts';
import { product } from './product.ts';
import { sale } from './sale.ts';

const values = product.fields;
const sold = sale.fields;

/** What the wizard asks for: the numbers, and the sale that comes with them. */
export const commissioningInput = z.strictObject({
  telematicsId: values.telematicsId.schema,
  bmsId: values.bmsId.schema,
  motorId: values.motorId.schema,
  vin: values.vin.schema,
  modelId: values.modelId.schema,
  batteryModel: values.batteryModel.schema,
  communicationType: values.communicationType.schema,
  registration: values.registration.schema.optional(),
  simNumber: values.simNumber.schema.optional(),
  customerId: sold.customerId.schema,
  locationId: sold.locationId.schema,
  userName: sold.userName.schema,
  phone: sold.phone.schema,
  address1: sold.address1.schema.optional(),
  address2: sold.address2.schema.optional(),
  address3: sold.address3.schema.optional(),
  purchaseDate: sold.purchaseDate.schema.optional(),
  warrantyEnd: sold.warrantyEnd.schema.optional(),
  productStatus: sold.productStatus.schema,
});
export type CommissioningInput = z.infer<typeof commissioningInput>;

/** How the bench check ended. An override and a skip are facts of the record; an override says why. */
export const benchOutcome = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('passed'), checks: z.array(benchResult).min(1).max(20), checkedAt: z.number().int() }),
  z.strictObject({ result: z.literal('overridden'), checks: z.array(benchResult).min(1).max(20), checkedAt: z.number().int(), reason: z.string().trim().min(3, 'Say why the failures are accepted.').max(500) }),
  z.strictObject({ result: z.literal('skipped'), reason: z.string().trim().min(3, 'Say why the check is skipped.').max(500) }),
]);
export type BenchOutcome = z.infer<typeof benchOutcome>;
