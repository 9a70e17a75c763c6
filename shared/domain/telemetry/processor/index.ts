export { createBinding, type BusBinding, type FrameDecoder, type FrameMessageDecoder, type ResolveBus } from './binding.ts';
export { copyDecodedMessage, createDecodedMessage, resetDecodedMessage, type DecodedMessage, type TextValue } from './decoded-message.ts';
export type { Inflate, Processor, ProcessorOptions } from './types.ts';
export { ODD_ID_LIMIT, UnitContext, frameKey, type RejectedSample, type UnitCounters, type UnitOptions } from './unit.ts';
export { createProcessor } from './processor.ts';
export type { DeviceProfile } from '../adapters/read-can.ts';
