/** The largest demo fleet: phone numbers and serial numbers of its vehicles stay unique up to here. */
export const MAX_DEMO_VEHICLES = 90_000;
