/** Days before its expiry in which a lease is shown as expiring. */
export const EXPIRING_DAYS = 7;
const DAY = 86_400_000;

export type LeaseState = 'Active' | 'Expiring' | 'Expired';
export type LockState = 'Unlocked' | 'Lock due' | 'Locked' | 'Unlock due';

/** Days from one calendar date to another (`YYYY-MM-DD`), negative where `to` lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/** The calendar date `days` after another. */
export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Where a lease stands on a day: it holds through its expiry date. */
export function leaseState(expiryDate: string, today: string): LeaseState {
  const left = daysBetween(today, expiryDate);
  return left < 0 ? 'Expired' : left <= EXPIRING_DAYS ? 'Expiring' : 'Active';
}

/**
 * What is to be done about a vehicle's lock. An expired lease whose payment is pending makes a lock due where the lease asks for
 * it; anything else makes an unlock due for a vehicle that is locked, and calls off a lock that has not been carried out.
 * `Locked` is set only when the vehicle has confirmed it.
 */
export function lockState(lease: { readonly state: LeaseState; readonly paid: boolean; readonly lockOnExpiry: boolean }, now: LockState): LockState {
  const wanted = lease.lockOnExpiry && lease.state === 'Expired' && !lease.paid;
  if (wanted) return now === 'Locked' || now === 'Unlock due' ? 'Locked' : 'Lock due';
  return now === 'Locked' || now === 'Unlock due' ? 'Unlock due' : 'Unlocked';
}
