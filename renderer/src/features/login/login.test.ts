import { afterEach, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { INFO, mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import FirstUserPage from './pages/FirstUserPage.vue';
import ForgotPage from './pages/ForgotPage.vue';
import LoginPage from './pages/LoginPage.vue';

const session = { token: 't'.repeat(32), user: USER, idleUntil: 1, absoluteUntil: 2 };
const demoSignIn = { email: 'demo@example.com', password: 'demo-fleet-1' };
const workspaces = { current: 'demo' as const, workspaces: [] };

afterEach(() => (document.body.innerHTML = ''));

async function page(component: object, answers: Parameters<typeof createFakeRpc>[0] = {}, options: { demo?: boolean; path?: string } = {}) {
  const rpc = createFakeRpc({ 'workspace.list': () => workspaces, ...answers });
  const mounted = await mountWithShell(component, { rpc, user: undefined, ...(options.demo ? { info: { demoSignIn } } : {}), ...(options.path ? { path: options.path } : {}) });
  await settle();
  const fill = async (...values: string[]) => {
    const inputs = mounted.wrapper.findAll('form input');
    for (const [index, value] of values.entries()) await inputs[index]?.setValue(value);
  };
  const submit = async () => {
    await mounted.wrapper.find('form').trigger('submit');
    await settle();
  };
  return { ...mounted, rpc, fill, submit };
}

test('empty fields are told in place and nothing is sent', async () => {
  const { wrapper, rpc, submit } = await page(LoginPage);
  await submit();
  expect(wrapper.text()).toContain('Enter an e-mail address');
  expect(wrapper.text()).toContain('Enter your password.');
  expect(wrapper.find('input[type="email"]').attributes('aria-invalid')).toBe('true');
  expect(rpc.calls.some((call) => call.name === 'auth.signIn')).toBe(false);
});

test('wrong credentials are one message, and what was typed stays', async () => {
  const { wrapper, fill, submit } = await page(LoginPage, { 'auth.signIn': () => { throw new AppError('not-signed-in', 'Unknown user.'); } });
  await fill('asha@example.com', 'wrong');
  await submit();
  expect(wrapper.text()).toContain('E-mail or password is not right.');
  expect(wrapper.text()).not.toContain('Unknown user');
  expect(wrapper.findAll('form input').map((input) => (input.element as HTMLInputElement).value)).toEqual(['asha@example.com', 'wrong']);
});

test('too many attempts: says how long, and sends nothing until then', async () => {
  const { wrapper, rpc, fill, submit } = await page(LoginPage, { 'auth.signIn': () => { throw new AppError('too-many-attempts', 'Slow down.', { retryAfter: 12_000 }); } });
  await fill('asha@example.com', 'wrong');
  await submit();
  expect(wrapper.text()).toMatch(/Try again in 1[12] seconds/);
  await submit();
  expect(rpc.calls.filter((call) => call.name === 'auth.signIn')).toHaveLength(1);
  expect(wrapper.find('button[type="submit"]').attributes('disabled')).toBeDefined();
});

test('the demo shows its sign-in and takes it with one click', async () => {
  const { wrapper, rpc, router } = await page(LoginPage, { 'auth.signIn': () => session }, { demo: true, path: '/login?next=/vehicles/grid' });
  expect(wrapper.text()).toContain(demoSignIn.email);
  await wrapper.findAll('button').find((button) => button.text() === 'Use these')?.trigger('click');
  await settle();
  expect(rpc.calls.find((call) => call.name === 'auth.signIn')?.input).toMatchObject(demoSignIn);
  expect(router.currentRoute.value.fullPath).toBe('/vehicles/grid');
});

test('no demo sign-in is shown outside the demo; the version always is', async () => {
  const { wrapper } = await page(LoginPage);
  expect(wrapper.text()).not.toContain('Use these');
  expect(wrapper.text()).toContain('Version 0.1.0');
});

test('after sign-in only an address of this application is followed', async () => {
  const { fill, submit, router } = await page(LoginPage, { 'auth.signIn': () => session }, { path: '/login?next=https://elsewhere.example' });
  await fill('asha@example.com', 'right');
  await submit();
  expect(router.currentRoute.value.name).toBe('start');
});

test('the first user needs the same password twice', async () => {
  const { wrapper, rpc, fill, submit } = await page(FirstUserPage, { 'auth.createFirstUser': () => session, 'app.info': () => INFO });
  await fill('Asha Rao', 'asha@example.com', 'river kettle maple', 'river kettle');
  await submit();
  expect(wrapper.text()).toContain('The two passwords differ.');
  await fill('Asha Rao', 'asha@example.com', 'river kettle maple', 'river kettle maple');
  await submit();
  expect(rpc.calls.find((call) => call.name === 'auth.createFirstUser')?.input).toMatchObject({ name: 'Asha Rao', email: 'asha@example.com', password: 'river kettle maple' });
});

test('a one-time code sets a new password; toast, then login', async () => {
  const { fill, submit, toasts, router, rpc } = await page(ForgotPage, { 'auth.resetPassword': () => ({}) }, { path: '/forgot?email=asha@example.com' });
  await fill('asha@example.com', 'K7QM-4TZP', 'river kettle maple', 'river kettle maple');
  await submit();
  expect(rpc.calls.at(-1)?.input).toEqual({ email: 'asha@example.com', code: 'K7QM-4TZP', password: 'river kettle maple' });
  expect(toasts.items.map((toast) => toast.kind)).toEqual(['done']);
  expect(router.currentRoute.value.name).toBe('login');
});

test('a refused code says what to do and keeps the form', async () => {
  const { wrapper, fill, submit } = await page(ForgotPage, { 'auth.resetPassword': () => { throw new AppError('refused', 'The code is wrong or no longer valid. Ask for a new one.'); } });
  await fill('asha@example.com', 'K7QM-4TZP', 'river kettle maple', 'river kettle maple');
  await submit();
  expect(wrapper.text()).toContain('Ask for a new one');
  expect((wrapper.findAll('form input')[1]?.element as HTMLInputElement).value).toBe('K7QM-4TZP');
});
