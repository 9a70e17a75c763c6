import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditRow, type AuditFilter, type AuditRow } from '#shared/contract/audit.ts';
import type { ItemOf } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { CallContext, StreamSink } from '#shared/rpc/handlers.ts';
import { CUSTOMER_ID, groundMutations, idOf, LOCATION_ID, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openAccess, type AccessFixture } from '#shared/testing/access-fixture.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExportRow } from '../exchange/grid-file.ts';
import { OPERATIONS_FILE } from '../store/operations/operations.ts';
import { auditHandlers } from './audit-handlers.ts';

const ALL = principalOf('admin', { userId: idOf('admin user') });
let fixture: AccessFixture;
let exported: ExportRow[];
let handlers: ReturnType<typeof auditHandlers>;

beforeEach(async () => {
  fixture = openAccess();
  exported = [];
  const exchange = {
    async exportGrid({ rows }: { rows: AsyncIterable<readonly ExportRow[]> }) {
      for await (const batch of rows) exported.push(...batch);
      return { url: '/files/x', fileName: 'Audit log.xlsx', rows: exported.length };
    },
  } as unknown as Exchange;
  handlers = auditHandlers({ operations: fixture.operations, exchange, clock: fixture.clock, log: SILENT_LOG });
  await fixture.operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
});
afterEach(() => fixture.stop());

const context = (principal: Principal): CallContext<Principal> => ({ principal }) as CallContext<Principal>;

async function list(filter: AuditFilter = {}, page: { before?: number; limit?: number } = {}): Promise<AuditRow[]> {
  const { rows } = await handlers['audit.list']({ filter, limit: 50, ...page }, context(ALL));
  for (const row of rows) auditRow.parse(row);
  return rows;
}

function run<K extends 'audit.verify' | 'audit.export'>(name: K, input: object): Promise<ItemOf<K>[]> {
  return new Promise((resolve, reject) => {
    const items: ItemOf<K>[] = [];
    const sink = { push: (item: ItemOf<K>) => void items.push(item), end: () => resolve(items), fail: reject, source: () => undefined, ready: () => undefined } as StreamSink<ItemOf<K>>;
    void (handlers[name] as (input: object, context: CallContext<Principal>, sink: StreamSink<ItemOf<K>>) => unknown)(input, context(ALL), sink);
  });
}

describe('the audit log', () => {
  test('says who changed what, before and after, in words and names', async () => {
    const { operations } = fixture;
    const userId = await fixture.addUser('ravi@example.com', 'a long enough one', { name: 'Ravi' });
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    const author = principalOf('admin', { userId });
    await operations.mutate(author, 'product.update', { id: idOf('vehicle 1'), edit: { set: { motorId: 'KE77' } } });
    await operations.mutate(author, 'user.update', { id: userId, edit: { set: { customers: [CUSTOMER_ID] } } });
    const [grant, edit] = await list({ userId });
    expect(grant).toMatchObject({ label: 'Changed a user', user: 'Ravi', email: 'ravi@example.com', changes: [{ resourceLabel: 'User', title: 'ravi@example.com', fields: [{ label: 'Customers', from: 'all', to: 'Nilgai Riders' }] }] });
    expect(edit).toMatchObject({ label: 'Changed a product', changes: [{ title: 'MX000001', operation: 'update', fields: [{ label: 'Motor ID', from: 'KE1', to: 'KE77' }] }] });
    const created = (await list({ resource: 'sale' })).at(-1);
    expect(created?.changes.find(({ resource }) => resource === 'sale')).toMatchObject({ title: 'MX000001', fields: expect.arrayContaining([expect.objectContaining({ label: 'Customer', to: 'Nilgai Riders' })]) as unknown });
  });

  test('still names what was deleted', async () => {
    const { operations } = fixture;
    const userId = await fixture.addUser('ravi@example.com', 'a long enough one', { name: 'Ravi' });
    await operations.mutate(principalOf('admin', { userId }), 'customer.update', { id: OTHER_CUSTOMER_ID, edit: { set: { name: 'Saral' } } });
    await operations.mutate(SYSTEM, 'user.delete', { id: userId });
    await operations.mutate(SYSTEM, 'customer.delete', { id: OTHER_CUSTOMER_ID });
    const [gone, , renamed] = await list();
    expect(gone).toMatchObject({ user: 'System', changes: [{ operation: 'delete', title: 'Saral' }] });
    expect(renamed).toMatchObject({ user: 'Ravi', email: 'ravi@example.com', changes: [{ title: 'Saral' }] });
  });

  test('knows where a change came from', async () => {
    await fixture.addUser('ravi@example.com', 'a long enough one', { role: 'operation' });
    await fixture.connect('10.7.7.7').call('auth.signIn', { email: 'ravi@example.com', password: 'a long enough one', client: 'Firefox on Linux' });
    const [signIn] = await list({ groups: ['signIns'] });
    expect(signIn).toMatchObject({ kind: 'sign-in', address: '10.7.7.7', client: 'Firefox on Linux', subject: 'ravi@example.com' });
    const sessionId = (await fixture.access.sessions.list(signIn!.userId))[0]!.id;
    await fixture.operations.mutate({ ...ALL, sessionId }, 'location.update', { id: LOCATION_ID, edit: { set: { zone: 'West' } } });
    expect((await list({ groups: ['changes'] }))[0]).toMatchObject({ address: '10.7.7.7', client: 'Firefox on Linux' });
  });

  test('is narrowed by group, user, resource, time and text, and paged by its sequence', async () => {
    const { operations, clock } = fixture;
    await operations.audit({ kind: 'sign-in-refused', userId: '', subject: 'eve@example.com', payload: { address: '10.6.6.6' } });
    clock.time += 1000;
    await operations.mutate(ALL, 'customer.update', { id: CUSTOMER_ID, edit: { set: { address: '100% Road' } } });
    expect((await list({ groups: ['refusals'] })).map(({ subject }) => subject)).toEqual(['eve@example.com']);
    expect(await list({ groups: ['signIns'] })).toEqual([]);
    expect(await list({ userId: ALL.userId })).toHaveLength(1);
    expect(await list({ resource: 'location' })).toHaveLength(1);
    expect(await list({ from: clock.time })).toHaveLength(1);
    expect((await list({ to: clock.time })).every(({ at }) => at < clock.time)).toBe(true);
    expect((await list({ search: '100% road' })).map(({ userId }) => userId)).toEqual([ALL.userId]);
    expect(await list({ search: '100_ road' })).toEqual([]);
    await operations.mutate(ALL, 'customer.update', { id: CUSTOMER_ID, edit: { set: { address: 'Straße der Åre, मुंबई' } } });
    for (const search of ['DER ÅRE', 'मुंबई']) expect((await list({ search })).map(({ subject }) => subject)).toEqual(['customer.update']);
    expect((await list({ search: '10.6.6' })).map(({ kind }) => kind)).toEqual(['sign-in-refused']);
    const all = await list();
    const paged: AuditRow[] = [];
    for (let before: number | undefined; ; before = paged.at(-1)!.sequence) {
      const { rows, more } = await handlers['audit.list']({ filter: {}, limit: 2, ...(before === undefined ? {} : { before }) }, context(ALL));
      paged.push(...rows);
      if (!more) break;
    }
    expect(paged).toEqual(all);
  });

  test('is not for those who see some customers', async () => {
    const limited = context(principalOf('admin', { scope: new Set([CUSTOMER_ID]) }));
    await expect(handlers['audit.list']({ filter: {}, limit: 10 }, limited)).rejects.toThrow(/all customers/);
    expect(() => handlers['audit.options']({}, limited)).toThrow(/all customers/);
  });

  test('writes instants in the reader’s zone and yes or no in words', async () => {
    const { operations, clock } = fixture;
    await operations.mutate(SYSTEM, 'product.create', productArgs(1));
    await operations.mutate(SYSTEM, 'unit.register', { deviceId: 'tcu-77', telematicsId: 'CEH077' });
    await operations.mutate(SYSTEM, 'lease.create', { values: { productId: idOf('vehicle 1'), expiryDate: '2031-01-01', lastRenewal: '2030-12-01', duration: '30', leaseType: 'Rental', description: 'Lease', orderStatus: 'Success', paymentStatus: 'Success', lockOnExpiry: true } });
    await operations.mutate(SYSTEM, 'logbook.add', { productId: idOf('vehicle 1'), kind: 'repair', text: 'Brake', photos: [], at: clock.time - 60_000 });
    await run('audit.export', { filter: { groups: ['changes'] }, timeZone: 'Asia/Kolkata' });
    const said = exported.map((row) => String(row[6]));
    expect(said.find((text) => text.includes('Repair'))).toContain('When – → 2030-01-01 05:29:00');
    expect(said.find((text) => text.includes('Rental'))).toContain('– → Yes');
  });

  test('tells a change of no row from one whose rows were purged', async () => {
    await fixture.operations.mutate(SYSTEM, 'customer.update', { id: CUSTOMER_ID, edit: { set: { name: 'Nilgai Riders' } } });
    expect((await list())[0]).toMatchObject({ subject: 'customer.update', changes: [], purged: false });
  });

  test('finds a text far back, page by page, and exports what it finds', async () => {
    await fixture.operations.audit({ kind: 'sign-out', userId: 'u', subject: 'Ärger', payload: {} });
    await Promise.all(Array.from({ length: 450 }, (_, n) => fixture.operations.audit({ kind: 'sign-out', userId: 'u', subject: `other ${n}`, payload: {} })));
    expect((await list({ search: 'äRGER' })).map(({ subject }) => subject)).toEqual(['Ärger']);
    await run('audit.export', { filter: { search: 'ärger' }, timeZone: 'Asia/Kolkata' });
    expect(exported.map((row) => row[5])).toEqual(['Ärger']);
    expect((await list())[0]?.facts).toContainEqual({ key: 'entries', value: '1' });
  });

  test('is exported as it is shown, and that is in it too', async () => {
    await run('audit.export', { filter: { groups: ['changes'] }, timeZone: 'Asia/Kolkata' });
    expect(exported).toHaveLength(groundMutations().length);
    expect(exported.some((row) => String(row[6]).includes('Customer Name – → Saral Delivery'))).toBe(true);
    expect((await list())[0]).toMatchObject({ kind: 'audit-exported', userId: ALL.userId });
  });
});

describe('the chain of the audit log', () => {
  const file = (): string => join(fixture.folder, OPERATIONS_FILE);

  test('is verified from its first entry to its last, however long it is', async () => {
    const { operations } = fixture;
    await Promise.all(Array.from({ length: 450 }, (_, n) => operations.audit({ kind: 'sign-out', userId: 'u', subject: String(n), payload: {} })));
    const items = await run('audit.verify', {});
    const total = 450 + groundMutations().length;
    expect(items.at(-1)).toMatchObject({ state: 'intact', checked: total, total, head: (await list({}, { limit: 2 })).find(({ sequence }) => sequence === total)?.hash });
    expect(items.filter(({ state }) => state === 'running').length).toBeGreaterThan(2);
  });

  test('says which entry was changed past the triggers', async () => {
    const intruder = openDatabase(file());
    intruder.exec('DROP TRIGGER audit_is_kept');
    intruder.prepare("UPDATE audit SET user_id = 'somebody else' WHERE sequence = 3").run();
    intruder.close();
    expect((await run('audit.verify', {})).at(-1)).toMatchObject({ state: 'broken', brokenAt: 3, checked: 2 });
  });

  test('says where an entry was taken out, also where it was the only one left', async () => {
    const intruder = openDatabase(file());
    intruder.exec('DROP TRIGGER audit_is_never_deleted; DELETE FROM audit WHERE sequence < 4');
    intruder.close();
    expect((await run('audit.verify', {})).at(-1)).toMatchObject({ state: 'broken', brokenAt: 1 });
  });

  test.each([
    ["UPDATE audit SET user_id = 'x' WHERE sequence = 2"],
    ["UPDATE audit SET payload = 'x' WHERE sequence = 2"],
    ['DELETE FROM audit WHERE sequence = 2'],
    ['DELETE FROM audit'],
    ['INSERT OR REPLACE INTO audit SELECT node_id, sequence, at, kind, user_id, subject, reference, payload, digest, previous, hash FROM audit WHERE sequence = 2'],
    ["UPDATE change_log SET fields = '{}'"],
  ])('lets nobody say: %s', (statement) => {
    const intruder = openDatabase(file());
    expect(() => intruder.exec(statement)).toThrow(/audit|change log/);
    intruder.close();
  });

  test('lets a payload be purged and still verifies', async () => {
    await fixture.operations.audit({ kind: 'sign-in', userId: 'u', subject: 'x', payload: { address: '10.1.1.1' } });
    const purge = openDatabase(file());
    purge.exec("UPDATE audit SET payload = NULL WHERE kind = 'sign-in'; DELETE FROM change_log");
    purge.close();
    const rows = await list();
    expect(rows.map(({ purged }) => purged)).toEqual(rows.map(() => true));
    expect((await run('audit.verify', {})).at(-1)?.state).toBe('intact');
  });
});
