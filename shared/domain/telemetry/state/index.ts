export type { FleetState, FleetStateOptions, FrameSince, ParameterValues, StateMemory, VehicleOptions } from './types.ts';
