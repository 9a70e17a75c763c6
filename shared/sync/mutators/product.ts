import { z } from 'zod';
import { product } from '../../resources/product.ts';
import { customer } from '../../resources/customer.ts';
import { location } from '../../resources/location.ts';
import { sale } from '../../resources/sale.ts';
import { createSchema, editSchema, patchOf } from '../../resources/schemas.ts';
import { vehicleModel } from '../../resources/vehicle-model.ts';
import { defineMutator } from '../mutator.ts';
import type { Tx } from '../tx.ts';
import { refusePhoneOfMember } from './group-member.ts';
import { bindUnit, releaseUnit } from './binding.ts';
import { fieldError, refuseWhileReferred, requireFullScope, requireReference, saleInScope } from './rules.ts';
import { checkSaleDates } from './sale.ts';
import { refuseBatteryOfSlot } from './station.ts';
import { registerUnit } from './unit.ts';

/** Refuses a battery model that the vehicle model does not take. */
export async function checkBattery(tx: Tx, modelId: string, batteryModel: string): Promise<void> {
  const model = await tx.get(vehicleModel, modelId);
  if (model === undefined) throw fieldError('modelId', 'This vehicle model does not exist any more. Choose another.');
  if (model.batteryModels.length > 0 && !model.batteryModels.includes(batteryModel)) {
    throw fieldError('batteryModel', `${model.name} takes ${model.batteryModels.join(', ')}. Choose one of these.`);
  }
}

/** Sale values that may come with a new product; what is missing is filled in on the Sales page. */
const initialSale = z
  .strictObject({
    customerId: sale.fields.customerId.schema.optional(),
    locationId: sale.fields.locationId.schema.optional(),
    userName: sale.fields.userName.schema.optional(),
    phone: sale.fields.phone.schema.optional(),
    address1: sale.fields.address1.schema.optional(),
    address2: sale.fields.address2.schema.optional(),
    address3: sale.fields.address3.schema.optional(),
    purchaseDate: sale.fields.purchaseDate.schema.optional(),
    warrantyEnd: sale.fields.warrantyEnd.schema.optional(),
    serviceDate: sale.fields.serviceDate.schema.optional(),
    manufacturingDate: sale.fields.manufacturingDate.schema.optional(),
    productStatus: sale.fields.productStatus.schema.default('In Stock'),
  })
  .default({ productStatus: 'In Stock' });

/** A vehicle with its sale, its unit and the binding between them, as one change. */
export const createProduct = defineMutator({
  name: 'product.create',
  args: z.strictObject({
    id: z.uuid().optional(),
    values: createSchema(product),
    sale: initialSale,
    unitKind: z.enum(['VCU', 'VTS']).default('VCU'),
    /** Since when the unit has been in the vehicle, epoch ms. */
    boundFrom: z.number().int().min(0).optional(),
  }),
  access: 'admin.write',
  label: 'Added a product',
  async run(tx, args, context) {
    requireFullScope(context.principal);
    await checkBattery(tx, args.values.modelId, args.values.batteryModel);
    await requireReference(tx, 'customerId', customer, args.sale.customerId);
    await requireReference(tx, 'locationId', location, args.sale.locationId);
    checkSaleDates(args.sale);
    await refuseBatteryOfSlot(tx, args.values.bmsId);
    const row = await tx.insert(product, args.id ?? context.newId(), args.values);
    if (args.sale.phone !== undefined) await refusePhoneOfMember(tx, context.principal, args.sale.phone, row.id);
    await tx.insert(sale, context.newId(), { productId: row.id, ...args.sale });
    const unit = await registerUnit(tx, { deviceId: row.deviceId, telematicsId: row.telematicsId, kind: args.unitKind });
    await bindUnit(tx, context, unit, row.id, args.boundFrom);
    return { id: row.id };
  },
});

/** Changes a vehicle's own fields; Telematics ID and Device ID change by swapping the unit. */
export const updateProduct = defineMutator({
  name: 'product.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(product) }),
  access: 'admin.write',
  label: 'Changed a product',
  async run(tx, { id, edit }, { principal }) {
    await saleInScope(tx, principal, id);
    if (edit.set.bmsId !== undefined) await refuseBatteryOfSlot(tx, edit.set.bmsId);
    const row = await tx.update(product, id, patchOf<typeof product.fields>(edit));
    if (edit.set.modelId !== undefined || edit.set.batteryModel !== undefined) await checkBattery(tx, row.modelId, row.batteryModel);
    return { id, revision: row.revision };
  },
});

/** Deletes a vehicle with its sale and ends its binding; unit, telemetry and history stay. */
export const deleteProduct = defineMutator({
  name: 'product.delete',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Deleted a product',
  async run(tx, { id }, context) {
    const sold = await saleInScope(tx, context.principal, id);
    await releaseUnit(tx, context, id);
    await tx.delete(sale, sold.id);
    await refuseWhileReferred(tx, product, id);
    await tx.delete(product, id);
    return { id };
  },
});
