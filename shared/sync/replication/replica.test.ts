import { expect, test } from 'vitest';
import { customer } from '../../resources/customer.ts';
import { groupMember } from '../../resources/group-member.ts';
import { product } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { CUSTOMER_ID, idOf, OTHER_CUSTOMER_ID, productArgs } from '../../testing/master-data.ts';
import { SimServer } from '../../testing/sim/pair.ts';

const V1 = idOf('vehicle 1');
const V2 = idOf('vehicle 2');
const motor = (id: string, motorId: string) => ({ id, edit: { set: { motorId } } });

async function world() {
  const server = await SimServer.open();
  await server.run('product.create', productArgs(1));
  await server.run('product.create', productArgs(2));
  const asha = await server.console('asha');
  return { server, asha };
}

async function saleOf(server: SimServer, productId: string): Promise<string> {
  const [row] = await server.store.rows.find(sale, { productId }, 1);
  return row?.id ?? '';
}

test('a unique value that two rows swapped arrives, however the pages fall', async () => {
  for (const limit of [1, 2, 2000]) {
    const { server, asha } = await world();
    await server.run('product.update', motor(V1, 'SPARE'));
    await server.run('product.update', motor(V2, 'KE1'));
    await server.run('product.update', motor(V1, 'KE2'));
    await asha.pull(limit);
    expect([(await asha.get(product, V1))?.motorId, (await asha.get(product, V2))?.motorId]).toEqual(['KE2', 'KE1']);
    expect(asha.store.violations).toEqual([]);
  }
});

test('a change that waits survives the swap of its row between two pages', async () => {
  const { server, asha } = await world();
  await asha.act('product.update', { id: V1, edit: { set: { registration: 'KA01-1' } } });
  await server.run('product.update', motor(V1, 'SPARE'));
  await server.run('product.update', motor(V2, 'KE1'));
  await server.run('product.update', motor(V1, 'KE2'));
  // Vehicle 2 comes with the motor that vehicle 1 still has here.
  await asha.page(1);
  expect(await asha.waiting()).toHaveLength(1);
  await asha.pull(1);
  expect(await asha.get(product, V1)).toMatchObject({ motorId: 'KE2', registration: 'KA01-1' });
});

test('rows that leave the scope of a user go, with what hangs on them; he is told of nothing else', async () => {
  const { server } = await world();
  const ravi = await server.console('ravi', 'admin', [CUSTOMER_ID]);
  await server.run('group-member.create', { id: idOf('member'), values: { phone: '6000123456', userName: 'Member', productId: V1 } });
  await ravi.pull();
  expect(await ravi.get(groupMember, idOf('member'))).toBeDefined();
  await server.run('sale.update', { id: await saleOf(server, V1), edit: { set: { customerId: OTHER_CUSTOMER_ID } } });
  const page = await ravi.page();
  expect(page?.gone.map(({ resource }) => resource).sort()).toEqual(['group-member', 'product', 'sale']);
  expect(await ravi.get(product, V1)).toBeUndefined();
  await server.run('product.update', motor(V1, 'SPARE'));
  expect(await ravi.page()).toMatchObject({ rows: [], gone: [] });
});

test('a smaller role takes away the rows that it does not see, and what waits stays', async () => {
  const { server, asha } = await world();
  await asha.act('product.update', motor(V1, 'SPARE'));
  await server.run('user.update', { id: idOf('asha'), edit: { set: { role: 'b2b', customers: [OTHER_CUSTOMER_ID] } } });
  await asha.pull();
  expect(await asha.get(product, V1)).toBeUndefined();
  expect(await asha.waiting()).toHaveLength(1);
  expect(await asha.push()).toMatchObject([{ outcome: 'rejected', error: { code: 'forbidden' } }]);
  expect(await asha.store.attention()).toHaveLength(1);
});

test('an edit of a row that somebody else deleted is rejected with the reason, and its author has what he wrote', async () => {
  const { server, asha } = await world();
  const id = await asha.act('product.update', { id: V1, edit: { set: { registration: 'KA01-1' } } });
  await server.run('product.delete', { id: V1 });
  await asha.pull();
  expect(await asha.get(product, V1)).toBeUndefined();
  await asha.push();
  expect(await asha.store.attention()).toMatchObject([{ mutationId: id, error: { code: 'not-found' }, mine: { name: 'product.update', args: { edit: { set: { registration: 'KA01-1' } } } } }]);
  expect(await asha.waiting()).toEqual([]);
});

test('with a rejected change go those that build on it, and others stay', async () => {
  const { server, asha } = await world();
  await server.run('customer.create', { id: idOf('first'), values: { name: 'Chetak Fleet', address: '1 Road', locationId: idOf('Bengaluru'), pinCode: '560011', phone: '6000000001', email: 'a@b.example' } });
  await asha.act('customer.create', { id: idOf('second'), values: { name: 'chetak fleet', address: '2 Road', locationId: idOf('Bengaluru'), pinCode: '560011', phone: '6000000002', email: 'c@d.example' } });
  await asha.act('customer.update', { id: idOf('second'), edit: { set: { address: '3 Road' } } });
  await asha.act('product.update', { id: V1, edit: { set: { registration: 'KA01-1' } } });
  expect((await asha.push()).map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'accepted']);
  expect(await asha.get(customer, idOf('second'))).toBeUndefined();
  expect(await asha.get(product, V1)).toMatchObject({ registration: 'KA01-1' });
  expect(await asha.store.attention()).toMatchObject([{ error: { code: 'not-unique' }, mine: { rows: [{ row: { address: '3 Road' } }] }, theirs: [{ row: { id: idOf('first') } }] }, { error: { code: 'not-found' } }]);
});

test('an answer that is lost after the commit changes nothing: sent again, the change is taken once', async () => {
  const { server, asha } = await world();
  await asha.act('product.update', motor(V1, 'SPARE'));
  await asha.push({ lost: true });
  const head = await server.authority.head();
  expect(await asha.push()).toMatchObject([{ outcome: 'accepted' }]);
  expect(await server.authority.head()).toBe(head);
  await asha.pull();
  expect(await asha.waiting()).toEqual([]);
  expect(await asha.get(product, V1)).toMatchObject({ motorId: 'SPARE', revision: 2 });
});

test('a late copy of a rejected change is not accepted when it would be possible', async () => {
  const { server, asha } = await world();
  await server.run('product.update', motor(V2, 'SPARE'));
  await asha.act('product.update', motor(V1, 'SPARE'));
  const copy = await asha.waiting();
  expect(await asha.push()).toMatchObject([{ outcome: 'rejected', error: { code: 'not-unique' } }]);
  await server.run('product.update', motor(V2, 'KE2'));
  expect(await asha.push({ mutations: copy })).toMatchObject([{ outcome: 'rejected', error: { code: 'not-unique' } }]);
  expect(await asha.store.attention()).toHaveLength(1);
  const other = copy.map((record) => ({ ...record, args: motor(V1, 'OTHER') }));
  expect(await asha.push({ mutations: other })).toMatchObject([{ outcome: 'rejected', error: { code: 'conflict' } }]);
});

test('a console that lies about its user or machine is refused as a whole', async () => {
  const { server, asha } = await world();
  await asha.act('product.update', motor(V1, 'SPARE'));
  const [record] = await asha.waiting();
  if (record === undefined) throw new Error('nothing waits');
  const head = await server.authority.head();
  for (const lie of [{ userId: idOf('somebody') }, { nodeId: 'elsewhere' }]) await expect(asha.push({ mutations: [record, { ...record, id: idOf('other'), ...lie }] })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await server.authority.head()).toBe(head);
  expect(await asha.push({ mutations: [{ ...record, id: idOf('system'), name: 'unit.seen', args: { deviceId: 'tcu-77', at: 1 } }] })).toMatchObject([{ outcome: 'rejected', error: { code: 'forbidden' } }]);
});

test('two edits of one strict field that an author made offline do not clash with each other, but with others', async () => {
  const { server, asha } = await world();
  await server.run('user.create', { id: idOf('meera'), values: { email: 'meera@example.com', name: 'Meera', misRole: 'USER', role: 'operator', account: 'Test', customers: 'all' }, status: 'active' });
  await asha.pull();
  const key = `user:${idOf('meera')}`;
  await asha.act('user.update', { id: idOf('meera'), edit: { set: { role: 'technician' } } }, { [key]: 1 });
  await asha.act('user.update', { id: idOf('meera'), edit: { set: { role: 'operation' } } }, { [key]: 2 });
  expect((await asha.push()).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
  await asha.pull();
  await asha.act('user.update', { id: idOf('meera'), edit: { set: { role: 'b2b' } } }, { [key]: 3 });
  await server.run('user.update', { id: idOf('meera'), edit: { set: { role: 'admin' } } });
  expect(await asha.push()).toMatchObject([{ outcome: 'rejected', error: { code: 'stale' } }]);
});

test('a delete that waits while its row leaves the scope does not bring it back', async () => {
  const { server } = await world();
  const ravi = await server.console('ravi', 'admin', [CUSTOMER_ID]);
  await server.run('group-member.create', { id: idOf('member'), values: { phone: '6000123456', userName: 'Member', productId: V1 } });
  await ravi.pull();
  await ravi.act('group-member.delete', { id: idOf('member') });
  await server.run('user.update', { id: idOf('ravi'), edit: { set: { customers: [OTHER_CUSTOMER_ID] } } });
  await ravi.pull();
  await ravi.push();
  await ravi.pull();
  expect(await ravi.get(groupMember, idOf('member'))).toBeUndefined();
});
