import { customer } from '../../resources/customer.ts';
import { user } from '../../resources/user.ts';
import { resourceMutators } from '../resource-mutators.ts';
import { refuseWhileReferred } from './rules.ts';

/** Customers; one that users are limited to stays. */
export const CUSTOMER_MUTATORS = resourceMutators('customer', customer, {
  async onDelete(tx, row) {
    const limited = (await tx.find(user, {})).filter((one) => one.customers !== 'all' && one.customers.includes(row.id)).length;
    if (limited > 0) await refuseWhileReferred(tx, customer, row.id, [{ resource: 'user', label: limited === 1 ? 'user' : 'users', count: limited }]);
  },
});
