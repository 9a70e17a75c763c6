export { BootWindow, MISSING_RANGE_LIMIT, type BootWindowSnapshot, type MissingRange, type SequenceVerdict } from './boot-window.ts';
export { RECENT_LIMIT, RecentMessages, payloadHash } from './recent.ts';
export { BOOT_LIMIT, SequenceTracker, type SequenceSnapshot } from './tracker.ts';
