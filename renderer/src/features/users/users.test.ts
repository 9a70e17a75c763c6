import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RouterView } from 'vue-router';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import type { AuditRow } from '#shared/contract/audit.ts';
import { AppError } from '#shared/kernel/error.ts';
import { subjectOf, whatOf } from './audit-words.ts';
import AuditPage from './pages/AuditPage.vue';
import UsersPage from './pages/UsersPage.vue';
import { rolesFor, statusesFrom, type ListedUser } from './user-row.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const CUSTOMER = uuid(90);
const userRow = (n: number, values: Partial<ListedUser['values']>): ListedUser => ({
  id: uuid(n), revision: 3, createdAt: 0, updatedAt: 0, joined: {},
  values: { email: `user${n}@example.com`, name: `User ${n}`, misRole: 'USER', role: 'operator', account: 'Command Centre', customers: 'all', customerNames: 'ALL', status: 'active', sessions: 0, secondFactor: false, ...values },
});

// happy-dom lays nothing out; the grid needs a size to know how many rows fit.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1600);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
});
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});

async function page(user = USER, path = '/users') {
  const rows = new Map([userRow(1, { name: 'Imran Qureshi' }), userRow(2, { name: 'Neha', status: 'invited', customers: [CUSTOMER], customerNames: 'Nilgai Riders' })].map((row) => [row.id, row]));
  const rpc = createFakeRpc({
    'preferences.get': () => ({}),
    'user.list': () => ({ total: rows.size, rows: [...rows.values()] }),
    'user.get': ({ id }) => {
      const found = rows.get(id);
      if (!found) throw new AppError('not-found', 'gone');
      return found;
    },
    'user.history': () => ({ changes: [], more: false }),
    'user.options': ({ field }) => ({ options: field === 'customers' ? [{ value: 'all', label: 'ALL' }, { value: CUSTOMER, label: 'Nilgai Riders' }] : [], more: false }),
    'user.create': ({ values }) => (rows.set(uuid(9), userRow(9, { ...values, status: 'invited' })), { id: uuid(9) }),
    'user.update': () => ({ id: uuid(1), revision: 4 }),
    'auth.userSessions': () => ({ sessions: [] }),
    'auth.issueResetCode': () => ({ code: 'K7QMABC-4TZP', validUntil: 0, purpose: 'activation' as const }),
  });
  mounted = await mountWithShell(RouterView, { rpc, user, routes: [{ path: '/users', component: UsersPage }], path });
  await settle(10);
  return { rpc, rows };
}
const everywhere = (): string => document.body.textContent ?? '';
const button = (label: string, part = 'body'): HTMLButtonElement | undefined => [...document.querySelectorAll<HTMLButtonElement>(`${part} button`)].findLast((one) => one.textContent?.trim() === label && one.closest('[style*="display: none"]') === null);
async function press(label: string, part = 'body'): Promise<void> {
  const found = button(label, part);
  if (!found) throw new Error(`no button ${label}`);
  found.click();
  await settle(20);
}
async function tick(name: string): Promise<void> {
  [...document.querySelectorAll<HTMLElement>('.el-table-v2__row')].find((row) => row.textContent?.includes(name))?.querySelector<HTMLElement>('.el-checkbox')?.click();
  await settle(10);
}
async function enter(label: string, text: string): Promise<void> {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent?.startsWith(label));
  const input = document.getElementById(found?.htmlFor ?? '') as HTMLInputElement;
  input.value = text;
  input.dispatchEvent(new Event('input'));
  await settle();
}
async function confirm(action: string): Promise<void> {
  await enter('Type Confirm', 'confirm');
  await press(action, '.el-dialog');
}

describe('the users page', () => {
  test('shows an activation code for the one that is ticked, asked for by a second click', async () => {
    const { rpc } = await page();
    expect(everywhere()).toContain('Nilgai Riders');
    await tick('Imran');
    expect(button('Show reset code')?.disabled).toBe(false);
    await tick('Imran');
    await tick('Neha');
    await press('Resend activation');
    expect(rpc.calls.some((call) => call.name === 'auth.issueResetCode')).toBe(false);
    await press('Show code');
    expect(rpc.calls.findLast((call) => call.name === 'auth.issueResetCode')?.input).toEqual({ email: 'user2@example.com' });
    expect(everywhere()).toContain('K7QMABC-4TZP');
  });

  test('gives no code to one who is locked, nor to two at once', async () => {
    const { rows } = await page();
    rows.set(uuid(1), userRow(1, { name: 'Imran Qureshi', status: 'locked' }));
    await tick('Imran');
    expect(button('Show reset code')?.disabled).toBe(true);
    await tick('Neha');
    expect(button('Show reset code')?.disabled).toBe(true);
  });

  test('adds a user with what the portal presets, and asks for the code next', async () => {
    const { rpc } = await page();
    await press('Add user');
    await enter('User Name', 'Ravi@Example.com');
    await enter('Name', 'Ravi');
    await press('Save');
    await confirm('Save');
    expect(rpc.calls.find((call) => call.name === 'user.create')?.input).toMatchObject({ values: { email: 'ravi@example.com', name: 'Ravi', misRole: 'USER', role: 'operation', account: 'Command Centre', customers: 'all' } });
    expect(everywhere()).toContain('Activation code for Ravi');
  });

  test('asks one who sees some customers to choose among them', async () => {
    const { rpc } = await page({ ...USER, role: 'admin', scope: [CUSTOMER] });
    await press('Add user');
    await enter('User Name', 'ravi@example.com');
    await enter('Name', 'Ravi');
    await press('Save');
    expect(everywhere()).toContain('Choose from the list.');
    expect(document.querySelector<HTMLInputElement>('.customers input[type="checkbox"]')?.disabled).toBe(true);
    expect(rpc.calls.some((call) => call.name === 'user.create')).toBe(false);
  });

  test('keeps an edit that was begun while ticks come and go, and sends only what was entered, with the revision it was entered on', async () => {
    const { rpc } = await page();
    await tick('Imran');
    await press('Edit');
    await enter('Name', 'Imran Q');
    await tick('Imran');
    await tick('Neha');
    expect(document.querySelector('aside h2')?.textContent).toBe('Edit user1@example.com');
    await press('Save');
    await confirm('Save');
    expect(rpc.calls.find((call) => call.name === 'user.update')?.input).toMatchObject({ id: uuid(1), revision: 3, edit: { set: { name: 'Imran Q' }, clear: [] } });
  });

  test('names customers in the confirmation of an edit', async () => {
    await page(USER, `/users?row=${uuid(2)}`);
    await press('Edit');
    document.querySelector<HTMLElement>('.customers .el-checkbox input')?.click();
    await settle(10);
    await press('Save');
    expect([...document.querySelectorAll('.el-dialog .lines dd')].map((line) => line.textContent)).toEqual(['Nilgai Riders → ALL']);
  });

  test('deletes what is ticked with one call; a refusal deletes none, says why and keeps the ticks', async () => {
    const { rpc } = await page();
    await tick('Imran');
    await tick('Neha');
    rpc.answer({ 'user.delete': () => { throw new AppError('refused', 'You cannot delete yourself. Another administrator can.'); } });
    await press('Delete');
    expect(everywhere()).toContain('Open sessions end at once.');
    await confirm('Delete');
    expect(everywhere()).toContain('You cannot delete yourself.');
    expect(rpc.calls.filter((call) => call.name === 'user.delete').map((call) => call.input)).toEqual([{ ids: [uuid(1), uuid(2)] }]);
    expect(document.querySelectorAll('.el-table-v2__row .el-checkbox.is-checked')).toHaveLength(2);
  });

  test('shows who may not manage users all of them and changes nothing', async () => {
    await page({ ...USER, permissions: ['users.read'] });
    expect(everywhere()).toContain('Imran Qureshi');
    expect(document.querySelectorAll('.el-table-v2__row input[type="checkbox"]')).toHaveLength(0);
    expect(button('Add user')).toBeUndefined();
  });
});

test('only Super Admins give that role, and nobody makes another active but by a code', () => {
  expect(rolesFor('admin').map(({ value }) => value)).not.toContain('super-admin');
  expect(rolesFor('super-admin').map(({ value }) => value)).toContain('super-admin');
  expect(statusesFrom('invited')).toEqual(['invited', 'disabled']);
  expect(statusesFrom('locked')).toEqual(['active', 'locked', 'disabled']);
});

test('an entry of the audit log is told in words', () => {
  const entry: AuditRow = { sequence: 1, at: 0, kind: 'mutation', label: 'Changed a sale', userId: 'u1', user: 'Asha', subject: 'sale.update', nodeId: 'n', changes: [{ resource: 'sale', resourceLabel: 'Sale', rowId: 's', title: 'MX1', operation: 'update', fields: [] }], facts: [], purged: false, hash: 'h' };
  expect([whatOf(entry), subjectOf(entry)]).toEqual(['Changed a sale', 'Sale MX1']);
  expect(whatOf({ ...entry, kind: 'sign-in-refused', changes: [], label: undefined })).toBe('Sign-in refused');
  expect(whatOf({ ...entry, kind: 'something-new', label: undefined })).toBe('something-new');
});

test('entries of the former filter are not shown for one that could not be asked', async () => {
  const entry = { sequence: 7, at: 0, kind: 'sign-in', userId: 'u1', user: 'Asha', email: 'asha@example.com', subject: 'asha@example.com', nodeId: 'n1', changes: [], facts: [], purged: false, hash: 'ab' } satisfies AuditRow;
  const rpc = createFakeRpc({ 'audit.options': () => ({ users: [], resources: [] }), 'audit.list': () => ({ rows: [entry], more: true }) });
  const { wrapper, toasts } = await mountWithShell(AuditPage, { rpc, user: USER });
  await settle();
  expect(wrapper.text()).toContain('Signed in');
  const refuse = () => { throw new AppError('too-large', 'Narrow the period.'); };
  rpc.answer({ 'audit.list': refuse });
  const click = async (label: string) => {
    await wrapper.findAll('button, [role="radio"]').find((button) => button.text() === label)?.trigger('click');
    await settle();
  };
  await click('Show older entries');
  expect(wrapper.text()).toContain('Signed in');
  expect(toasts.items.at(-1)?.text).toBe('Narrow the period.');
  await click('24 h');
  expect(wrapper.text()).not.toContain('Signed in');
  expect(wrapper.get('[role="alert"]').text()).toContain('Narrow the period.');
  rpc.answer({ 'audit.list': () => ({ rows: [entry], more: false }) });
  await click('Try again');
  expect(wrapper.text()).toContain('Signed in');
});
