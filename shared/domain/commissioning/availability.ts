import { isPlaceholder, wrongKind, type NumberKind, type NumberPatterns, type PatternKind } from './scan.ts';

/** The vehicle that has a number. */
export interface NumberHolder {
  readonly vehicleId: string;
  readonly vin: string;
  /** The customer, where the sale names one. */
  readonly customer?: string | undefined;
}

/**
 * Whether a number can be used. `unknown`: a unit that was not shipped, or is not registered here. `heard`: it publishes and nobody
 * registered it. `placeholder`: it is on a stand-in frame and may be taken. `member`: a phone number of a secondary user.
 */
export type Availability =
  | { readonly state: 'unknown' | 'heard' | 'free' }
  | { readonly state: 'placeholder' | 'bound' | 'member'; readonly holder: NumberHolder }
  /** The frame number itself is a stand-in, and a vehicle needs its own. */
  | { readonly state: 'stand-in' }
  /** A number of another kind was scanned. */
  | { readonly state: 'wrong-kind'; readonly looksLike: PatternKind };

export interface AvailabilityFacts {
  readonly kind: NumberKind;
  /** As normaliseScan gives it. */
  readonly number: string;
  /** The product (or, for a phone number, the sale's product) that has it. */
  readonly holder?: NumberHolder | undefined;
  /** A unit of this number is registered (VCU only). */
  readonly registered?: boolean;
  /** A unit of this number publishes under it as its device id and is not registered (VCU only). */
  readonly heard?: boolean;
  /** The vehicle of which the phone number is a secondary user's. */
  readonly member?: NumberHolder | undefined;
  /** Use it although it looks like another kind. */
  readonly anyKind?: boolean;
}

/** What is known of a number as one answer; who holds it counts before what it looks like, so that a holder is always named. */
export function availabilityOf(facts: AvailabilityFacts, patterns: NumberPatterns): Availability {
  const { kind, number, holder } = facts;
  if (kind !== 'phone' && holder === undefined && facts.registered !== true && facts.anyKind !== true) {
    const looksLike = wrongKind(kind, number, patterns);
    if (looksLike !== undefined) return { state: 'wrong-kind', looksLike };
  }
  if (kind === 'frame') {
    if (isPlaceholder(number, patterns)) return { state: 'stand-in' };
    return holder === undefined ? { state: 'free' } : { state: 'bound', holder };
  }
  if (kind === 'phone') {
    if (holder !== undefined) return { state: 'bound', holder };
    return facts.member === undefined ? { state: 'free' } : { state: 'member', holder: facts.member };
  }
  if (holder !== undefined) return { state: isPlaceholder(holder.vin, patterns) ? 'placeholder' : 'bound', holder };
  if (kind === 'vcu' && facts.registered !== true) return { state: facts.heard === true ? 'heard' : 'unknown' };
  return { state: 'free' };
}

/** Whether a vehicle may be commissioned with it. */
export function isAvailable({ state }: Pick<Availability, 'state'>): boolean {
  return state === 'free' || state === 'placeholder';
}

/** Stand-in numbers that a placeholder frame gets for the battery and the motor which are taken from it; unique because its frame number is. */
export function standInNumber(vin: string, part: 'battery' | 'motor'): string {
  const suffix = part === 'battery' ? '-B' : '-M';
  return `${vin.slice(0, 40 - suffix.length)}${suffix}`;
}
