export { BACKFILL_POLICY, BackfillPlanner, type BackfillPolicy, type BackfillStep, type BackfillView, type GapReason, type LostRange } from './backfill.ts';
export { BootWindow, MISSING_RANGE_LIMIT, type BootWindowSnapshot, type MissingRange, type SequenceVerdict } from './boot-window.ts';
export { compareRanges, countOf, intersectRanges, subtractRanges, type SequenceRange } from './ranges.ts';
export { RECENT_LIMIT, RecentMessages, payloadHash } from './recent.ts';
export { BOOT_LIMIT, SequenceTracker, type SequenceSnapshot } from './tracker.ts';
