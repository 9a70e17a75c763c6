import { z } from 'zod';
import { isPlaceholder } from '../../domain/commissioning/index.ts';
import { AppError } from '../../kernel/error.ts';
import { COMMISSIONING_SETTING, readCommissioningSettings } from '../../resources/commissioning-settings.ts';
import { product, type ProductRow } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { setting } from '../../resources/setting.ts';
import { swap } from '../../resources/swap.ts';
import { unit, type UnitRow } from '../../resources/unit.ts';
import { vehicleModel } from '../../resources/vehicle-model.ts';
import { defineMutator, type MutationContext } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';
import type { Tx } from '../tx.ts';
import { bindUnit, releaseUnit } from './binding.ts';
import { checkBattery } from './product.ts';
import { fieldError, isVisible, refuseWhileReferred, saleInScope } from './rules.ts';
import { settingId } from './setting.ts';

type FreeUnit = UnitRow & { readonly telematicsId: string; readonly simNumber?: string | undefined };

/**
 * The unit, free: in no vehicle, or on a stand-in frame that the author may see, which exists for its unit alone and goes. With the number
 * of the SIM in it, where the frame had one.
 */
async function freeUnit(tx: Tx, context: MutationContext, unitId: string): Promise<FreeUnit> {
  const wanted = await tx.get(unit, unitId);
  if (wanted === undefined) throw notFound(unit, unitId);
  const { telematicsId } = wanted;
  if (wanted.source !== 'registered' || telematicsId === undefined) throw fieldError('unitId', `Unit ${wanted.deviceId} is heard but not registered. Register it with its Telematics ID first.`);
  const holder = await tx.findUnique(product, 'deviceId', wanted.deviceId);
  if (holder === undefined) return { ...wanted, telematicsId };
  if (!(await isVisible(tx, context.principal, product, holder))) throw new AppError('not-unique', `Unit ${telematicsId} is in use. Choose another.`, {});
  const { patterns } = readCommissioningSettings((await tx.get(setting, settingId(COMMISSIONING_SETTING)))?.value);
  if (!isPlaceholder(holder.vin, patterns)) throw new AppError('not-unique', `Unit ${telematicsId} is bound to VIN No ${holder.vin}. Choose another.`, { ownerId: holder.id, owner: `VIN No ${holder.vin}` });
  await releaseUnit(tx, context, holder.id);
  for (const row of await tx.find(sale, { productId: holder.id })) await tx.delete(sale, row.id);
  await refuseWhileReferred(tx, product, holder.id);
  await tx.delete(product, holder.id);
  return { ...wanted, telematicsId, simNumber: holder.simNumber };
}

/**
 * Gives a vehicle another unit, communication type or model at this instant. The old unit's binding ends where the new one's begins, so that
 * telemetry of both stays where it belongs; the swap is written to the log.
 */
export const swapUnit = defineMutator({
  name: 'swap.unit',
  args: z.strictObject({
    productId: z.uuid(),
    /** Absent: the vehicle keeps its unit. */
    unitId: z.uuid().optional(),
    communicationType: product.fields.communicationType.schema,
    modelId: product.fields.modelId.schema,
    /** Needed where the new model does not take the vehicle's battery model. */
    batteryModel: product.fields.batteryModel.schema.optional(),
    reason: swap.fields.reason.schema,
  }),
  access: 'commission.work',
  label: 'Swapped the unit of a vehicle',
  async run(tx, args, context) {
    await saleInScope(tx, context.principal, args.productId);
    const before = await tx.need(product, args.productId);
    const same = args.unitId === undefined && args.communicationType === before.communicationType && args.modelId === before.modelId;
    if (same) throw new AppError('refused', 'Nothing was chosen that differs. Choose another unit, communication type or model.');
    const batteryModel = args.batteryModel ?? before.batteryModel;
    await checkBattery(tx, args.modelId, batteryModel);
    const fromModel = await tx.get(vehicleModel, before.modelId);
    const toModel = await tx.need(vehicleModel, args.modelId);
    let after: ProductRow;
    if (args.unitId === undefined) {
      after = await tx.update(product, before.id, { communicationType: args.communicationType, modelId: args.modelId, batteryModel });
    } else {
      const next = await freeUnit(tx, context, args.unitId);
      await releaseUnit(tx, context, before.id);
      // The SIM of before is in the old unit.
      after = await tx.update(product, before.id, { telematicsId: next.telematicsId, deviceId: next.deviceId, simNumber: next.simNumber, communicationType: args.communicationType, modelId: args.modelId, batteryModel });
      await bindUnit(tx, context, next, before.id, context.now);
    }
    const row = await tx.insert(swap, context.newId(), {
      productId: before.id, at: context.now, author: context.principal.name, vin: before.vin,
      fromTelematicsId: before.telematicsId, toTelematicsId: after.telematicsId, fromDeviceId: before.deviceId, toDeviceId: after.deviceId,
      fromCommunication: before.communicationType, toCommunication: after.communicationType, fromModel: fromModel?.name ?? before.modelId, toModel: toModel.name, reason: args.reason,
    });
    return { swapId: row.id, vin: after.vin, telematicsId: after.telematicsId };
  },
});
