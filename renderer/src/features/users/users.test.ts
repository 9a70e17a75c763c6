import { afterEach, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import type { AuditRow } from '#shared/contract/audit.ts';
import type { UserSignIn } from '#shared/contract/auth.ts';
import { subjectOf, whatOf } from './audit-words.ts';
import AuditPage from './pages/AuditPage.vue';
import UsersPage from './pages/UsersPage.vue';
import { changesOf, draftOf, rolesFor, valuesOf } from './user-draft.ts';

const IMRAN: UserSignIn = { userId: 'u2', email: 'imran@example.com', name: 'Imran Qureshi', role: 'operator', roleLabel: 'Operator', misRole: 'USER', account: 'Command Centre', customers: 'all', status: 'active', revision: 3, sessions: 0, secondFactor: false };
const NEW: UserSignIn = { ...IMRAN, userId: 'u3', email: 'neha@example.com', name: 'Neha', status: 'invited', customers: ['c1'] };

afterEach(() => (document.body.innerHTML = ''));

async function page(user = USER) {
  const rpc = createFakeRpc({ 'auth.users': () => ({ users: [IMRAN, NEW], customers: [{ customerId: 'c1', name: 'Nilgai Riders' }] }), 'auth.issueResetCode': () => ({ code: 'K7QMABC-4TZP', validUntil: 0, purpose: 'activation' as const }) });
  const mounted = await mountWithShell(UsersPage, { rpc, user });
  await settle();
  const click = async (label: string) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === label);
    button?.click();
    await settle();
  };
  return { ...mounted, rpc, click };
}

test('an administrator ticks a user and shows an activation code, which is asked for by a second click', async () => {
  const { wrapper, rpc, click } = await page();
  expect(wrapper.text()).toContain('Nilgai Riders');
  await wrapper.findAll('input[type="checkbox"]').at(1)?.setValue(true);
  await click('Resend activation');
  expect(rpc.calls.some((call) => call.name === 'auth.issueResetCode')).toBe(false);
  await click('Show code');
  expect(rpc.calls.at(-1)).toMatchObject({ name: 'auth.issueResetCode', input: { email: NEW.email } });
  expect(document.body.textContent).toContain('K7QMABC-4TZP');
});

test('who may not manage users sees them and changes nothing', async () => {
  const { wrapper } = await page({ ...USER, permissions: ['users.read'] });
  expect(wrapper.findAll('input[type="checkbox"]')).toHaveLength(0);
  expect(wrapper.text()).not.toContain('Add user');
});

test('a form sends what differs, and only Super Admins give that role', () => {
  const draft = { ...draftOf(IMRAN), role: 'technician' as const, all: false, customerIds: ['c1'] };
  expect(changesOf(draft, IMRAN)).toEqual({ role: 'technician', customers: ['c1'] });
  expect(changesOf(draftOf(NEW), NEW)).toEqual({});
  expect(valuesOf(draftOf(undefined))).toMatchObject({ account: 'Command Centre', customers: 'all' });
  expect(rolesFor('admin').map(({ value }) => value)).not.toContain('super-admin');
  expect(rolesFor('super-admin').map(({ value }) => value)).toContain('super-admin');
});

test('an entry of the audit log is told in words', () => {
  const entry: AuditRow = { sequence: 1, at: 0, kind: 'mutation', label: 'Changed a sale', userId: 'u1', user: 'Asha', subject: 'sale.update', nodeId: 'n', changes: [{ resource: 'sale', resourceLabel: 'Sale', rowId: 's', title: 'MX1', operation: 'update', fields: [] }], facts: [], purged: false, hash: 'h' };
  expect([whatOf(entry), subjectOf(entry)]).toEqual(['Changed a sale', 'Sale MX1']);
  expect(whatOf({ ...entry, kind: 'sign-in-refused', changes: [], label: undefined })).toBe('Sign-in refused');
  expect(whatOf({ ...entry, kind: 'something-new', label: undefined })).toBe('something-new');
});

test('entries of the former filter are not shown for one that could not be asked', async () => {
  const entry = { sequence: 7, at: 0, kind: 'sign-in', userId: 'u1', user: 'Asha', email: 'asha@example.com', subject: 'asha@example.com', changes: [], facts: [], purged: false, hash: 'ab' } as AuditRow;
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
