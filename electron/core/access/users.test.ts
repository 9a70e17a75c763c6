import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAccess, type AccessFixture, type AuthClient } from '#shared/testing/access-fixture.ts';
import { CUSTOMER_ID, groundMutations, OTHER_CUSTOMER_ID, SYSTEM } from '#shared/testing/master-data.ts';
import { codeOf } from '#shared/testing/operations.ts';

const ADMIN = { email: 'asha@example.com', password: 'four green autos' };
const LIMITED = { email: 'lata@example.com', password: 'five green autos' };
const PAGE = { offset: 0, limit: 100 };

let fixture: AccessFixture;
let admin: AuthClient;
let limited: AuthClient;
let ravi = '';
let omkar = '';

beforeEach(async () => {
  fixture = openAccess({ secondFactor: 'voluntary' });
  await fixture.operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
  await fixture.addUser(ADMIN.email, ADMIN.password, { role: 'super-admin', name: 'Asha Rao' });
  await fixture.addUser(LIMITED.email, LIMITED.password, { role: 'admin', customers: [CUSTOMER_ID], name: 'Lata' });
  ravi = await fixture.addUser('ravi@example.com', 'a long enough one', { customers: [OTHER_CUSTOMER_ID], name: 'Ravi Kumar' });
  omkar = await fixture.addUser('omkar@example.com', 'a long enough one', { role: 'admin', name: 'Omkar' });
  admin = fixture.connect();
  await admin.call('auth.signIn', ADMIN);
  limited = fixture.connect();
  await limited.call('auth.signIn', LIMITED);
});
afterEach(() => fixture.stop());

const emails = async (client: AuthClient, query: object = {}): Promise<string[]> => (await client.call('user.list', { ...PAGE, ...query })).rows.map(({ values }) => values.email.split('@')[0] ?? '');

describe('the list of users', () => {
  test('is searched, filtered, sorted and paged over all of them', async () => {
    expect(await emails(admin)).toEqual(['asha', 'lata', 'omkar', 'ravi']);
    expect(await emails(admin, { search: 'KUMAR' })).toEqual(['ravi']);
    expect(await emails(admin, { search: 'super' })).toEqual(['asha']);
    expect(await emails(admin, { filter: { role: ['admin', 'operation'] } })).toEqual(['lata', 'omkar', 'ravi']);
    expect(await emails(admin, { sort: { column: 'name', direction: 'desc' } })).toEqual(['ravi', 'omkar', 'lata', 'asha']);
    expect(await admin.call('user.list', { offset: 1, limit: 1 })).toMatchObject({ total: 4, rows: [{ values: { email: 'lata@example.com' } }] });
    expect(await codeOf(admin.call('user.list', { ...PAGE, sort: { column: 'secret', direction: 'asc' } }))).toBe('invalid-input');
  });

  test('finds users by the names of their customers, and puts those who never signed in last in either order', async () => {
    const { name } = (await admin.call('user.options', { field: 'customers' })).options.map(({ label }) => ({ name: label })).at(-1)!;
    expect((await admin.call('user.list', { ...PAGE, search: name })).total).toBe(1);
    for (const direction of ['asc', 'desc'] as const) expect((await emails(admin, { sort: { column: 'lastSignIn', direction } })).slice(2).sort()).toEqual(['omkar', 'ravi']);
  });

  test('shows one who sees some customers those who see no others, and gives only these customers to choose from', async () => {
    expect(await emails(limited)).toEqual(['lata']);
    expect(await codeOf(limited.call('user.get', { id: ravi }))).toBe('not-found');
    expect((await limited.call('user.options', { field: 'customers' })).options.map(({ value }) => value)).toEqual([CUSTOMER_ID]);
    await admin.call('user.update', { id: omkar, revision: 1, edit: { set: { account: 'Elsewhere' } } });
    expect((await admin.call('user.options', { field: 'account' })).options.map(({ value }) => value)).toEqual(['Command Centre', 'Elsewhere']);
    expect((await limited.call('user.options', { field: 'account' })).options.map(({ value }) => value)).toEqual(['Command Centre']);
    expect((await admin.call('user.options', { field: 'customers' })).options.map(({ value }) => value)).toEqual(expect.arrayContaining(['all', CUSTOMER_ID, OTHER_CUSTOMER_ID]));
  });
});

describe('users are deleted', () => {
  test('all or none: a refusal for one of them leaves the others', async () => {
    const self = (await admin.call('user.list', { ...PAGE, search: 'asha' })).rows[0]!.id;
    expect(await codeOf(admin.call('user.delete', { ids: [ravi, self] }))).toBe('refused');
    expect(await codeOf(limited.call('user.delete', { ids: [ravi] }))).toBe('not-found');
    expect(await emails(admin)).toHaveLength(4);
    expect(await admin.call('user.delete', { ids: [ravi, omkar] })).toEqual({ deleted: 2 });
    expect(await emails(admin)).toEqual(['asha', 'lata']);
  });
});

describe('a user is changed', () => {
  test('by the revision that was seen: another’s change of the role in between refuses this one, and a repeated write counts once', async () => {
    const { revision } = await admin.call('user.get', { id: ravi });
    const requestId = '018f0000-0000-7000-8000-0000000000a1';
    const rename = { id: ravi, revision, edit: { set: { name: 'Ravi K' } }, requestId };
    const once = await admin.call('user.update', rename);
    expect(await admin.call('user.update', rename)).toEqual(once);
    await admin.call('user.update', { id: ravi, revision: once.revision, edit: { set: { role: 'b2b' } } });
    expect(await codeOf(admin.call('user.update', { id: ravi, revision: once.revision, edit: { set: { role: 'operator' } } }))).toBe('stale');
    // What does not touch merges.
    await admin.call('user.update', { id: ravi, revision, edit: { set: { account: 'Elsewhere' } } });
    expect((await admin.call('user.get', { id: ravi })).values).toMatchObject({ name: 'Ravi K', role: 'b2b', account: 'Elsewhere' });
  });

  test('and his history names the customers, to one limited to some only from the change that brought him there', async () => {
    const { revision } = await admin.call('user.get', { id: ravi });
    await admin.call('user.update', { id: ravi, revision, edit: { set: { customers: [CUSTOMER_ID] } } });
    const names = Object.fromEntries((await admin.call('user.options', { field: 'customers' })).options.map(({ value, label }) => [value, label]));
    const full = await admin.call('user.history', { id: ravi, limit: 10 });
    expect(full.changes).toHaveLength(2);
    expect(full.changes[0]?.fields).toMatchObject([{ field: 'customers', fromText: names[OTHER_CUSTOMER_ID], toText: names[CUSTOMER_ID] }]);
    const cut = await limited.call('user.history', { id: ravi, limit: 10 });
    expect(cut).toMatchObject({ changes: [{ fields: [{ field: 'customers', toText: names[CUSTOMER_ID] }] }], more: false });
    expect(JSON.stringify(cut)).not.toContain(OTHER_CUSTOMER_ID);
    expect(JSON.stringify(cut)).not.toContain(names[OTHER_CUSTOMER_ID]);
  });
});
