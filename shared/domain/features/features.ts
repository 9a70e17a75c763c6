/** Parts of the portal that an installation may have or not (docs/operators-guide.md, Features), with what each switches. */
export const FEATURES = {
  subscription: 'Lease Details, and the lease type of products',
  customerCare: 'Roadside assistance, service bookings, customer issues, shopping carts',
  sharedRides: 'Policies, rides and fares of shared vehicles',
  riderApp: 'Notifications to riders’ phones',
} as const;

export type Feature = keyof typeof FEATURES;
export const FEATURE_NAMES = Object.keys(FEATURES) as readonly Feature[];

/** The parts whose switch changes something in this version: of the others there is nothing to show yet. */
export const FEATURES_AT_HAND: readonly Feature[] = ['subscription'];

/** Which parts an installation has. */
export type Features = Readonly<Record<Feature, boolean>>;

/** The features before anybody has chosen: a demo shows everything, an installation begins without. */
export function defaultFeatures(demo: boolean): Features {
  return { subscription: demo, customerCare: demo, sharedRides: demo, riderApp: demo };
}
