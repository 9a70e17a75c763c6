import { AppError } from '../../kernel/error.ts';
import { batteryModel } from '../../resources/battery-model.ts';
import { product } from '../../resources/product.ts';
import { vehicleModel } from '../../resources/vehicle-model.ts';
import { resourceMutators } from '../resource-mutators.ts';
import { refuseWhileReferred } from './rules.ts';

/** Battery models; one that a vehicle has, or a vehicle model takes, stays. */
export const BATTERY_MODEL_MUTATORS = resourceMutators('battery-model', batteryModel, {
  async onDelete(tx, row) {
    const takers = (await tx.find(vehicleModel, {})).filter((model) => model.batteryModels.includes(row.name));
    if (takers[0] !== undefined) throw new AppError('refused', `${takers[0].name} takes this battery. Change that vehicle model first.`, { resource: batteryModel.name, usedBy: vehicleModel.name, usedById: takers[0].id });
    const count = await tx.count(product, { batteryModel: row.name });
    if (count > 0) await refuseWhileReferred(tx, batteryModel, row.id, [{ resource: product.name, label: (count === 1 ? product.label.one : product.label.many).toLowerCase(), count }]);
  },
});
