export { LIMITS } from './limits.ts';
export type { AckContent, BusStatisticsContent, EventContent, MessageKind, MetaBus, MetaContent, StateContent, TroubleCode, TroubleCodesContent } from './messages.ts';
export { DELIVERY, QUALITY } from './quality.ts';
export { REJECT_REASONS, type RejectReason } from './reasons.ts';
