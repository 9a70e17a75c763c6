import { location } from '../../resources/location.ts';
import { resourceMutators } from '../resource-mutators.ts';

export const LOCATION_MUTATORS = resourceMutators('location', location);
