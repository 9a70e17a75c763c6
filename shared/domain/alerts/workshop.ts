/** Hours that a vehicle may be in workshop mode at a time. */
export const WORKSHOP_HOURS = [2, 8, 24, 72] as const;
export type WorkshopHours = (typeof WORKSHOP_HOURS)[number];
