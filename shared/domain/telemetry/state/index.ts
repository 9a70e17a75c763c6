export { buildFrame, type FrameColumns } from './frame.ts';
export { FleetState, type FleetStateOptions } from './fleet-state.ts';
export { orderKey, timeOfKey } from './order.ts';
export { DEFAULT_SPEED_LIMIT } from './position.ts';
export { CHARGING, STATUS_SETTINGS, chargingOf, emptyInputs, positionStaleAfter, speedOf, statusCode, type StatusInputs, type StatusSettings } from './rules.ts';
export { restoreSnapshot, takeSnapshot } from './snapshot.ts';
export type { TextCell } from './texts.ts';
