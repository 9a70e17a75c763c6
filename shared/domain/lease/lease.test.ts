import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateAfter, daysBetween, leaseState, lockState, type LockState } from './lease.ts';

const STATES: readonly LockState[] = ['Unlocked', 'Lock due', 'Locked', 'Unlock due'];

describe('a lease', () => {
  test('holds through its expiry date and is expiring in the week before', () => {
    expect(['2024-02-21', '2024-02-22', '2024-02-29', '2024-03-01'].map((today) => leaseState('2024-02-29', today))).toEqual(['Active', 'Expiring', 'Expiring', 'Expired']);
  });

  test('days are calendar days, over leap days and years', () => {
    expect([daysBetween('2024-02-28', '2024-03-01'), daysBetween('2025-01-01', '2024-12-31'), dateAfter('2024-02-01', 30), dateAfter('2023-12-31', 1)]).toEqual([2, -1, '2024-03-02', '2024-01-01']);
  });

  test('locks only a vehicle whose lease is expired, unpaid and asks for it', () => {
    fc.assert(
      fc.property(fc.constantFrom('Active', 'Expiring', 'Expired'), fc.boolean(), fc.boolean(), fc.constantFrom(...STATES), (state, paid, lockOnExpiry, now) => {
        const next = lockState({ state, paid, lockOnExpiry } as never, now);
        const wanted = state === 'Expired' && !paid && lockOnExpiry;
        expect(next === 'Lock due' || next === 'Locked').toBe(wanted);
        // What the vehicle has not confirmed is never taken for locked, and nothing changes by asking again.
        if (next === 'Locked') expect(['Locked', 'Unlock due']).toContain(now);
        expect(lockState({ state, paid, lockOnExpiry } as never, next)).toBe(next);
      }),
    );
  });

  test('a renewal unlocks a locked vehicle, and calls off a lock that is only due', () => {
    const renewed = { state: 'Active', paid: true, lockOnExpiry: true } as const;
    expect(STATES.map((now) => lockState(renewed, now))).toEqual(['Unlocked', 'Unlocked', 'Unlock due', 'Unlock due']);
  });
});
