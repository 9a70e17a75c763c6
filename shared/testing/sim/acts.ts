import type { Role } from '../../domain/access/permissions.ts';
import { customer } from '../../resources/customer.ts';
import type { Fields, Resource } from '../../resources/define-resource.ts';
import { groupMember } from '../../resources/group-member.ts';
import { product } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { user } from '../../resources/user.ts';
import type { MutationName } from '../../sync/mutators/index.ts';
import type { RowStore } from '../../sync/tx.ts';
import { productArgs } from '../master-data.ts';
import type { SeededRandom } from '../random.ts';

/** Something a person does at a console, from what he sees there. */
export interface Act {
  readonly name: MutationName;
  readonly args: unknown;
  /** Rows he looked at, whose revisions go with the mutation. */
  readonly seen: readonly { readonly resource: Resource; readonly id: string }[];
}

const ROLES: readonly Role[] = ['super-admin', 'admin', 'operator', 'operation', 'b2b'];

/** A random act; undefined where there is nothing to act on. Values come from small pools, so that people get into each other's way. */
export async function randomAct(rows: RowStore, random: SeededRandom, newId: () => string): Promise<Act | undefined> {
  const some = async <F extends Fields>(resource: Resource<F>) => {
    const all = await rows.find(resource, {}, 100);
    return all.length === 0 ? undefined : random.pick(all);
  };
  const pool = (): number => random.below(9);
  const edit = (name: MutationName, resource: Resource, id: string | undefined, set: object): Act | undefined => (id === undefined ? undefined : { name, args: { id, edit: { set } }, seen: [{ resource, id }] });

  switch (random.below(16)) {
    case 0:
    case 1: {
      const n = pool();
      const customers = await some(customer);
      return { name: 'product.create', args: { ...productArgs(n, { values: { motorId: `KE${pool()}`, bmsId: `BMS${pool()}` }, sale: { customerId: customers?.id, productStatus: 'Sold' } }), id: newId() }, seen: [] };
    }
    case 2:
    case 3:
      return edit('product.update', product, (await some(product))?.id, { motorId: `KE${pool()}` });
    case 4:
      return edit('product.update', product, (await some(product))?.id, random.below(2) === 0 ? { registration: `KA01-${pool()}` } : { bmsId: `BMS${pool()}`, simNumber: String(pool()) });
    case 5: {
      const id = (await some(product))?.id;
      return id === undefined ? undefined : { name: 'product.delete', args: { id }, seen: [{ resource: product, id }] };
    }
    case 6:
    case 7:
      return edit('sale.update', sale, (await some(sale))?.id, { customerId: (await some(customer))?.id });
    case 8:
      return edit('sale.update', sale, (await some(sale))?.id, random.below(2) === 0 ? { userName: `Rider ${pool()}` } : { phone: `600001000${pool()}` });
    case 9:
      return edit('customer.update', customer, (await some(customer))?.id, { name: `Customer ${pool()}` });
    case 10: {
      const vehicle = await some(product);
      return vehicle === undefined ? undefined : { name: 'group-member.create', args: { id: newId(), values: { phone: `600002000${pool()}`, userName: 'Member', productId: vehicle.id } }, seen: [] };
    }
    case 11: {
      const member = await some(groupMember);
      return member === undefined ? undefined : { name: 'group-member.delete', args: { id: member.id }, seen: [] };
    }
    case 12: {
      const vehicle = await some(product);
      return vehicle === undefined ? undefined : { name: 'logbook.add', args: { productId: vehicle.id, kind: 'service', text: 'Looked at it.', photos: [] }, seen: [] };
    }
    case 13:
      return { name: 'preference.set', args: { key: `page-${pool()}`, value: pool() }, seen: [] };
    case 14:
      return random.below(2) === 0 ? { name: 'setting.set', args: { key: 'features', value: { ota: pool() } }, seen: [] } : { name: 'shift-note.add', args: { text: `Note ${pool()}` }, seen: [] };
    default: {
      const customers = await rows.find(customer, {}, 100);
      const set = random.below(2) === 0 ? { role: random.pick(ROLES) } : { customers: random.below(3) === 0 || customers.length === 0 ? 'all' : [random.pick(customers).id] };
      return edit('user.update', user, (await some(user))?.id, set);
    }
  }
}
