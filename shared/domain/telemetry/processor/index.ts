export type { BusBinding, FrameDecoder, FrameMessageDecoder, ResolveBus } from './binding.ts';
export { copyDecodedMessage, createDecodedMessage, resetDecodedMessage, type DecodedMessage, type TextValue } from './decoded-message.ts';
export type { Inflate, Processor, ProcessorOptions } from './types.ts';
export { ODD_ID_LIMIT, UnitContext, frameKey, type DeviceProfile, type RejectedSample, type UnitCounters, type UnitOptions } from './unit.ts';
export { createProcessor } from './processor.ts';
