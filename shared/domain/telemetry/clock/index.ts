export { HostClock } from './host-clock.ts';
export { EARLIEST_PLAUSIBLE, FUTURE_LIMIT, LIVE_LAG_LIMIT, ROLLOVER, placeInTime, rebuildTime, type Placement } from './place.ts';
export { SKEW_PERIOD, createSkewColumns, foldSkew, isClockWrong, skewOf, type SkewColumns } from './skew.ts';
