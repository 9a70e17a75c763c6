import { z } from 'zod';
import { leaseState, lockState } from '../../domain/lease/lease.ts';
import { lease, type LeaseRow } from '../../resources/lease.ts';
import { defineMutator } from '../mutator.ts';
import { resourceMutators } from '../resource-mutators.ts';
import { fieldError } from './rules.ts';

/** Leases that one check takes at most. */
export const LEASES_PER_CHECK = 2000;

/** The two states of a lease on a day (`YYYY-MM-DD`). */
export function leaseStatesOn(row: Partial<LeaseRow>, today: string) {
  const state = leaseState(row.expiryDate ?? today, today);
  return { leaseStatus: state, lockStatus: lockState({ state, paid: row.paymentStatus === 'Success', lockOnExpiry: row.lockOnExpiry === true }, row.lockStatus ?? 'Unlocked') } as const;
}

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** Leases; their states follow from expiry and payment at once, and day by day through `lease.check`. */
export const LEASE_MUTATORS = resourceMutators('lease', lease, {
  derive: (values, context) => leaseStatesOn(values as Partial<LeaseRow>, dayOf(context.now)),
  check: async (_tx, row) => {
    if (row.expiryDate < row.lastRenewal) throw fieldError('expiryDate', 'The lease cannot expire before its last renewal.');
  },
});

/** Brings the states of leases up to a day; the product runs it itself, so that nobody has to open the page for a lease to expire. */
export const checkLeases = defineMutator({
  name: 'lease.check',
  args: z.strictObject({ today: lease.fields.expiryDate.schema, ids: z.array(z.uuid()).max(LEASES_PER_CHECK) }),
  access: 'system',
  label: 'Brought leases up to the day',
  async run(tx, { today, ids }) {
    let changed = 0;
    for (const id of ids) {
      const row = await tx.get(lease, id);
      if (row === undefined) continue;
      const next = await tx.update(lease, id, leaseStatesOn(row, today));
      if (next.revision !== row.revision) changed++;
    }
    return { changed };
  },
});
