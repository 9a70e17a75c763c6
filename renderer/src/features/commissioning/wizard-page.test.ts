import { afterEach, expect, test } from 'vitest';
import { RouterView } from 'vue-router';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import BatchPage from './pages/BatchPage.vue';
import WizardPage from './pages/WizardPage.vue';

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.innerHTML = '';
});
const setup = () => ({ models: [], customers: [], cities: [], today: '2026-11-24' }) as never;
const elsewhere = { path: '/else', component: { render: () => null } };
async function press(name: string): Promise<void> {
  const button = [...document.querySelectorAll<HTMLButtonElement>('button')].find((one) => one.textContent?.trim() === name);
  if (!button) throw new Error(`no button ${name}`);
  button.click();
  await settle(5);
}

test('to start again is asked while something was entered, and the first question is empty then', async () => {
  const rpc = createFakeRpc({
    'commission.setup': setup,
    'commission.check': ({ typed }) => ({ number: typed, state: 'free', available: true }),
    'preferences.get': () => ({}),
    'preferences.set': () => ({}),
  });
  mounted = await mountWithShell(RouterView, { rpc, user: USER, routes: [{ path: '/wizard', component: WizardPage }], path: '/wizard' });
  await settle(5);
  const { wrapper } = mounted;
  await wrapper.get('input').setValue('CEH1');
  await wrapper.get('form').trigger('submit');
  await settle(5);
  await press('Back');
  expect(wrapper.get('input').element.value).toBe('CEH1');
  await press('Start again');
  await press('Keep editing');
  expect(wrapper.get('input').element.value).toBe('CEH1');
  await press('Start again');
  await press('Discard');
  expect(wrapper.get('input').element.value).toBe('');
});

test('a tray that cannot be opened is tried again; one with a scan is left only when it is given up', async () => {
  const rpc = createFakeRpc();
  mounted = await mountWithShell(RouterView, { rpc, user: USER, routes: [{ path: '/tray', component: BatchPage }, elsewhere], path: '/tray' });
  await settle(5);
  rpc.answer({ 'commission.setup': setup });
  await press('Try again');
  await mounted.wrapper.get('input[data-cell="0-vcu"]').setValue('CEH1');
  const going = mounted.router.push('/else');
  await settle(5);
  await press('Keep editing');
  await going;
  expect(mounted.router.currentRoute.value.path).toBe('/tray');
});
