import { vehicleModel } from '../../resources/vehicle-model.ts';
import { resourceMutators } from '../resource-mutators.ts';

export const VEHICLE_MODEL_MUTATORS = resourceMutators('vehicle-model', vehicleModel);
