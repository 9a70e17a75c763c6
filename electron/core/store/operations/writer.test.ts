import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { verifyAudit, type AuditEntry } from '#shared/sync/audit.ts';
import { product } from '#shared/resources/product.ts';
import { user } from '#shared/resources/user.ts';
import { idOf, mutation, NODE_ID, NOW, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { appErrorOf, codeOf, openTestWriter, type TestWriter } from '#shared/testing/operations.ts';
import { readAudit } from './local/audit.ts';
import { OperationsReader } from './reader.ts';

let folder = '';
let store: TestWriter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'writer-'));
  store = await openTestWriter(join(folder, 'operations.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const count = (table: string): number => Number(store.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
const step = (record: ReturnType<typeof mutation>) => ({ kind: 'mutation', record, principal: SYSTEM }) as const;

describe('the operations writer', () => {
  test('applies a mutation once, however often it is sent, and answers the same', async () => {
    const record = mutation('product.create', productArgs(1));
    const first = await store.writer.commit([step(record)]);
    const changes = count('change_log');
    const second = await store.writer.commit([step(record)]);
    expect(second.results).toEqual(first.results);
    expect(second.changes).toEqual([]);
    expect(count('change_log')).toBe(changes);
  });

  test('refuses an id that was used for another change', async () => {
    const record = mutation('unit.seen', { deviceId: 'tcu-1', at: 1 });
    await store.writer.commit([step(record)]);
    expect(await codeOf(store.writer.commit([step({ ...record, args: { deviceId: 'tcu-2', at: 1 } })]))).toBe('conflict');
  });

  test('gives a mutation that is run again on another node the same ids', async () => {
    const record = mutation('product.create', { ...productArgs(1), id: undefined });
    const { results } = await store.writer.commit([step(record)]);
    const other = await openTestWriter(join(folder, 'other.db'));
    expect((await other.writer.commit([step(record)])).results).toEqual(results);
    await other.close();
  });

  test('a mutation that fails leaves nothing behind and does not disturb its neighbours', async () => {
    const outcomes = await Promise.allSettled([
      store.writer.commit([step(mutation('product.create', productArgs(1)))]),
      // Its sale clashes after product and unit were written.
      store.writer.commit([step(mutation('product.create', productArgs(2, { sale: { phone: '6000000001' } })))]),
      store.writer.commit([step(mutation('product.create', productArgs(3)))]),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.database.prepare('SELECT vin FROM product ORDER BY vin').pluck().all()).toEqual(['MX000001', 'MX000003']);
    expect(store.announced.some((change) => change.rowId === idOf('vehicle 2'))).toBe(false);
  });

  test('steps of one request are stored together or not at all', async () => {
    const through = { kind: 'local', name: 'applied-through.set', args: { consumer: 'units', epoch: 'e1', sequence: 7 } } as const;
    await codeOf(store.writer.commit([step(mutation('unit.seen', { deviceId: 'tcu-1', at: 1 })), through, step(mutation('location.delete', { id: idOf('nowhere') }))]));
    expect([count('applied_through'), count('unit')]).toEqual([0, 0]);
    await store.writer.commit([step(mutation('unit.seen', { deviceId: 'tcu-1', at: 1 })), through]);
    expect(store.database.prepare('SELECT epoch, sequence FROM applied_through WHERE consumer = ?').get('units')).toEqual({ epoch: 'e1', sequence: 7 });
  });

  test('announces after the commit, in order, what a reader then finds', async () => {
    const { id } = await store.run('product.create', productArgs(1));
    expect(store.announced.map((change) => `${change.operation} ${change.resource}`)).toEqual(['insert product', 'insert sale', 'insert unit', 'insert binding']);
    const sequences = store.announced.map((change) => change.sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(await store.store.get(product, id)).toEqual(store.announced[0]?.row);
  });

  test('keeps who changed what, when and from what, newest first', async () => {
    await store.run('product.create', productArgs(1));
    await store.run('product.update', { id: idOf('vehicle 1'), edit: { set: { vin: 'MX77' } } }, { principal: principalOf('admin'), at: NOW + 5 });
    const reader = new OperationsReader(join(folder, 'operations.db'));
    const history = reader.history(product, idOf('vehicle 1'), { limit: 10 });
    reader.close();
    expect(history).toMatchObject([
      { operation: 'update', revision: 2, at: NOW + 5, userId: idOf('admin'), fields: { vin: { from: 'MX000001', to: 'MX77' } } },
      { operation: 'insert', revision: 1, at: NOW },
    ]);
  });

  test('an edit that changes nothing leaves revision and history alone', async () => {
    await store.run('product.create', productArgs(1));
    const changes = count('change_log');
    expect(await store.run('product.update', { id: idOf('vehicle 1'), edit: { set: { vin: 'MX000001' } } })).toMatchObject({ revision: 1 });
    expect(count('change_log')).toBe(changes);
  });

  test('two edits of different fields merge; of a strict field the later author is told', async () => {
    const values = { email: 'a@example.com', name: 'A', misRole: 'USER', role: 'operation', account: 'Command Centre', customers: 'all' } as const;
    const { id } = await store.run('user.create', { values });
    await store.run('user.create', { values: { ...values, email: 's@example.com', role: 'super-admin' } });
    const basedOn = { [`user:${id}`]: 1 };
    await store.run('user.update', { id, edit: { set: { role: 'admin' } } }, { basedOn });
    await store.run('user.update', { id, edit: { set: { name: 'B' } } }, { basedOn });
    expect(await store.store.get(user, id)).toMatchObject({ role: 'admin', name: 'B', revision: 3 });
    const error = await appErrorOf(store.run('user.update', { id, edit: { set: { role: 'technician' } } }, { basedOn }));
    expect([error.code, error.details?.['field']]).toEqual(['stale', 'role']);
  });

  test('every change and every refusal is a link of an audit chain that verifies, also once payloads are purged', async () => {
    await store.run('product.create', productArgs(1));
    await codeOf(store.run('product.delete', { id: idOf('vehicle 1') }, { principal: principalOf('b2b') }));
    const reader = new OperationsReader(join(folder, 'operations.db'));
    const entries = reader.audit(NODE_ID, { after: 0, limit: 1000 });
    reader.close();
    expect(entries.slice(-2).map((entry) => [entry.kind, entry.subject, entry.userId])).toEqual([['mutation', 'product.create', 'system'], ['mutation-refused', 'product.delete', idOf('b2b')]]);
    expect(verifyAudit(entries)).toBeUndefined();
    const purged = entries.map(({ payload: _payload, ...entry }): AuditEntry => entry);
    expect(verifyAudit(purged)).toBeUndefined();
  });

  test.each([
    ['a changed payload', (entries: AuditEntry[]) => entries.map((entry) => (entry.sequence === 3 ? { ...entry, payload: '{}' } : entry)), 3],
    ['a changed author', (entries: AuditEntry[]) => entries.map((entry) => (entry.sequence === 2 ? { ...entry, userId: 'nobody' } : entry)), 2],
    ['a removed entry', (entries: AuditEntry[]) => entries.filter((entry) => entry.sequence !== 2), 2],
  ])('the audit chain shows %s', (_what, tamper, broken) => {
    const entries = [...readAudit(store.database, NODE_ID, { after: 0, limit: 100 })];
    expect(verifyAudit(entries)).toBeUndefined();
    expect(verifyAudit(tamper(entries))).toBe(broken);
  });

  test('the audit chain shows a change log that was edited in the file', async () => {
    await store.run('product.create', productArgs(1));
    expect(verifyAudit(readAudit(store.database, NODE_ID, { after: 0, limit: 100 }))).toBeUndefined();
    const intruder = openDatabase(join(folder, 'operations.db'));
    intruder.exec('DROP TRIGGER change_log_is_kept');
    intruder.prepare("UPDATE change_log SET fields = replace(fields, 'MX000001', 'MX000009') WHERE resource = 'product'").run();
    intruder.close();
    expect(verifyAudit(readAudit(store.database, NODE_ID, { after: 0, limit: 100 }))).toBe(5);
  });

  test('a mutation of a newer program and arguments that break their schema are refused in words', async () => {
    const newer = { ...mutation('unit.seen', { deviceId: 'x1', at: 1 }), name: 'unit.repaint' };
    expect((await appErrorOf(store.writer.commit([step(newer)]))).message).toBe('This version does not know the change "unit.repaint". Update the program.');
    const bad = mutation('product.create', { ...productArgs(1), values: { ...productArgs(1).values, vin: '' } });
    expect((await appErrorOf(store.writer.commit([step(bad)]))).details).toMatchObject({ issues: expect.arrayContaining([{ path: 'vin', message: 'At least 2 characters.' }]) as unknown });
  });
});
