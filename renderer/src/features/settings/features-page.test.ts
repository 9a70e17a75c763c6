import { afterEach, expect, test } from 'vitest';
import { defaultFeatures } from '#shared/domain/features/features.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import FeaturesPage from './pages/FeaturesPage.vue';

afterEach(() => (document.body.innerHTML = ''));

test('a part that this version does not have cannot be switched, says why, and keeps what was chosen', async () => {
  const rpc = createFakeRpc({
    'settings.get': () => ({ broker: { kind: 'embedded', topicPrefix: 'evf/1', fleet: '+', protocolVersion: 4, rejectUnauthorized: true }, brokerSecrets: { password: false, key: false }, embedded: { lan: false, port: 1883, hasPassword: false, addresses: [] }, features: defaultFeatures(true), dataFolder: '/data', secretStore: 'keychain' }),
    'settings.setFeatures': () => ({}),
    'app.info': () => { throw new Error('not asked'); },
  });
  const { wrapper } = await mountWithShell(FeaturesPage, { rpc, user: USER });
  await settle();
  const switches = wrapper.findAll<HTMLInputElement>('input[role="switch"]');
  expect(switches.map(({ element }) => [element.disabled, element.getAttribute('aria-checked')])).toEqual([[false, 'true'], [true, 'false'], [true, 'false'], [true, 'false']]);
  expect(wrapper.text().match(/Not part of this version/g)).toHaveLength(3);
  await switches[0]?.setValue(false);
  await wrapper.find('form').trigger('submit');
  await settle(5);
  const typed = document.querySelector<HTMLInputElement>('.el-dialog input');
  if (typed) typed.value = 'confirm';
  typed?.dispatchEvent(new Event('input'));
  await settle(5);
  [...document.querySelectorAll<HTMLButtonElement>('.el-dialog button')].findLast((one) => one.textContent?.trim() === 'Save')?.click();
  await settle(5);
  expect(rpc.calls.find(({ name }) => name === 'settings.setFeatures')?.input).toEqual({ features: { subscription: false, customerCare: true, sharedRides: true, riderApp: true } });
});
