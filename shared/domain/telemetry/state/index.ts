export { buildFrame, type FrameColumns } from './frame.ts';
export { FleetState, type TextCell } from './fleet-state.ts';
export { orderKey, timeOfKey } from './order.ts';
export { DEFAULT_SPEED_LIMIT, shownPosition, type Fix } from './position.ts';
export { OFFLINE_AFTER, SILENT_AFTER, isCharging, speedOf, statusCode, type StatusInputs } from './rules.ts';
export { restoreSnapshot, takeSnapshot } from './snapshot.ts';
