export { EARLIEST_PLAUSIBLE, FUTURE_LIMIT, LIVE_LAG_LIMIT, ROLLOVER, placeInTime, rebuildTime, type Placement } from './place.ts';
export { SKEW_PERIOD, createSkew, foldSkew, isClockWrong, skewOf, type Skew } from './skew.ts';
