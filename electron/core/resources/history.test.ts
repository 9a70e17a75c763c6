import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { groupMember } from '#shared/resources/group-member.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { CUSTOMER_ID, groundMutations, idOf, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations } from '#shared/testing/operations.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { readHistory } from './history.ts';

const FIRST = principalOf('admin', { scope: new Set([CUSTOMER_ID]) });
const SECOND = principalOf('admin', { scope: new Set([OTHER_CUSTOMER_ID]) });
const BOTH = principalOf('admin', { scope: new Set([CUSTOMER_ID, OTHER_CUSTOMER_ID]) });
let folder = '';
let operations: Operations;
let memberId = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  operations = openTestOperations(folder);
  await operations.commit({ principal: SYSTEM, mutations: [...groundMutations().map(({ name, args }) => ({ name, args }) as MutationCall), { name: 'product.create', args: productArgs(1) }, { name: 'product.create', args: productArgs(2, { sale: { customerId: OTHER_CUSTOMER_ID } }) }] });
  memberId = (await operations.mutate(SYSTEM, 'group-member.create', { values: { phone: '7000000001', userName: 'First rider', productId: idOf('vehicle 1') } })).id;
  await rename('Second rider');
});
afterEach(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

const rename = (userName: string): Promise<unknown> => operations.mutate(SYSTEM, 'group-member.update', { id: memberId, edit: { set: { userName } } });
const sell = (n: number, customerId: string): Promise<unknown> => operations.mutate(SYSTEM, 'sale.update', { id: operations.read.findUnique(sale, 'productId', idOf(`vehicle ${n}`))?.id ?? '', edit: { set: { customerId } } });
const historyOf = (resource: Resource, id: string, principal = SECOND) => readHistory(operations, resource, id, principal, { limit: 20 });
const names = (principal = SECOND): unknown[] => historyOf(groupMember, memberId, principal).changes.map(({ fields }) => fields.filter(({ field }) => field === 'userName').map(({ from, to }) => [from, to]).flat());

describe('the history of what belongs to a vehicle', () => {
  test('begins for a customer when the vehicle was sold to him', async () => {
    await sell(1, OTHER_CUSTOMER_ID);
    expect(names()).toEqual([]);
    expect(historyOf(product, idOf('vehicle 1')).changes).toEqual([]);
    await rename('Third rider');
    expect(names()).toEqual([['Second rider', 'Third rider']]);
    expect(historyOf(groupMember, memberId).more).toBe(false);
  });

  test('is whole for whose customers had the vehicle all the time, and for who sees all', async () => {
    await sell(1, OTHER_CUSTOMER_ID);
    for (const principal of [BOTH, principalOf('admin')]) expect(names(principal)).toEqual([['First rider', 'Second rider'], [undefined, 'First rider']]);
  });

  test('is not opened by selling the vehicle there and back', async () => {
    await sell(1, OTHER_CUSTOMER_ID);
    await rename('Third rider');
    await sell(1, CUSTOMER_ID);
    expect(names(FIRST)).toEqual([]);
  });

  test('begins with the row’s move from a vehicle of another customer', async () => {
    await operations.mutate(SYSTEM, 'group-member.update', { id: memberId, edit: { set: { productId: idOf('vehicle 2') } } });
    expect(historyOf(groupMember, memberId).changes.map(({ fields }) => fields.map(({ field, fromText, toText }) => [field, fromText, toText]))).toEqual([[['productId', undefined, 'MX000002']]]);
  });
});
